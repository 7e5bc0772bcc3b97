// What a run takes over from its job, and what it may ask for itself.
import type { StartJobRunRequest } from '@aws-sdk/client-glue';
import { AwsError } from '../wire/aws-error.js';
import type { Checked } from '../wire/service.js';
import { checkTimeout, type JobRecord } from './job.js';
import { requestedCapacity } from './job-capacity.js';
import type { JobRunRecord } from './job-run.js';

/** @throws AwsError InvalidInputException for capacity or a timeout that makes no sense */
export function settingsOf(job: JobRecord, input: Checked<StartJobRunRequest>): JobRunRecord['settings'] {
  checkTimeout(input.Timeout);
  const { AllocatedCapacity, MaxCapacity, WorkerType, NumberOfWorkers } =
    requestedCapacity(input, job.Command.Name) ?? job;
  return withoutUndefined({
    AllocatedCapacity,
    MaxCapacity,
    WorkerType,
    NumberOfWorkers,
    Timeout: input.Timeout ?? job.Timeout,
    GlueVersion: job.GlueVersion,
    JobMode: job.JobMode,
    ExecutionClass: input.ExecutionClass ?? job.ExecutionClass,
    SecurityConfiguration: input.SecurityConfiguration ?? job.SecurityConfiguration,
    NotificationProperty: input.NotificationProperty ?? job.NotificationProperty,
    JobRunQueuingEnabled: input.JobRunQueuingEnabled ?? job.JobRunQueuingEnabled,
    MaintenanceWindow: job.MaintenanceWindow,
  });
}

/** What the job's script or graph sees: the job's defaults, the run's own, and what no run may change. */
export function effectiveArguments(
  job: JobRecord,
  run: Pick<JobRunRecord, 'arguments'>,
): Record<string, string> {
  return { ...job.DefaultArguments, ...run.arguments, ...job.NonOverridableArguments };
}

/** @throws AwsError InvalidInputException naming the arguments that a run may not set */
export function checkOverrides(job: JobRecord, overrides: Record<string, string>): void {
  const fixed = Object.keys(overrides).filter((name) =>
    Object.hasOwn(job.NonOverridableArguments ?? {}, name),
  );
  if (fixed.length === 0) return;
  throw new AwsError(
    'InvalidInputException',
    `Arguments ${fixed.join(', ')} of job ${job.Name} are non-overridable. Leave them out, or change the job's ` +
      'NonOverridableArguments.',
  );
}

function withoutUndefined<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}

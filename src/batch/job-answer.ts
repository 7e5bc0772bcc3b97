// A job as Batch answers it: in full, in a list, and as an event.
import type { ContainerDetail, JobDetail, JobSummary } from '@aws-sdk/client-batch';
import type { AwsEvent } from '../events/event.js';
import { batchArn, type ArnScope } from './batch-arn.js';
import type { BatchJob } from './job.js';

/** Counts of an array's children by status; statuses that none is in may be missing. */
export type StatusSummary = Record<string, number>;

const SUMMARY_STATUSES = ['STARTING', 'FAILED', 'RUNNING', 'SUCCEEDED', 'RUNNABLE', 'SUBMITTED', 'PENDING'];

/** `summary` is for arrays themselves. Times are in milliseconds since the epoch. */
export function toJobDetail(job: BatchJob, scope: ArnScope, summary?: StatusSummary): JobDetail {
  const { request, progress } = job;
  return {
    jobArn: batchArn(scope, 'job', job.jobId),
    jobName: job.name,
    jobId: job.jobId,
    jobQueue: batchArn(scope, 'job-queue', job.queue),
    status: job.status,
    attempts: progress.attempts,
    ...(progress.statusReason === undefined ? {} : { statusReason: progress.statusReason }),
    createdAt: job.createdMs,
    ...(request.retryStrategy ? { retryStrategy: { evaluateOnExit: [], ...request.retryStrategy } } : {}),
    ...timesOf(job),
    dependsOn: request.dependsOn,
    jobDefinition: batchArn(scope, 'job-definition', job.definition),
    parameters: request.parameters,
    container: containerOf(job),
    ...arrayPropertiesOf(job, summary),
    ...(request.timeoutSeconds === undefined
      ? {}
      : { timeout: { attemptDurationSeconds: request.timeoutSeconds } }),
    tags: request.tags,
    ...(request.propagateTags === undefined ? {} : { propagateTags: request.propagateTags }),
    ...(request.platformCapabilities ? { platformCapabilities: request.platformCapabilities } : {}),
    ...(request.schedulingPriority === undefined ? {} : { schedulingPriority: request.schedulingPriority }),
    eksAttempts: [],
    isCancelled: progress.isCancelled ?? false,
    isTerminated: progress.isTerminated ?? false,
  } as JobDetail;
}

export function toJobSummary(job: BatchJob, scope: ArnScope, summary?: StatusSummary): JobSummary {
  const { progress } = job;
  const { exitCode, reason } = progress.task ?? {};
  return {
    jobArn: batchArn(scope, 'job', job.jobId),
    jobId: job.jobId,
    jobName: job.name,
    createdAt: job.createdMs,
    status: job.status,
    ...(progress.statusReason === undefined ? {} : { statusReason: progress.statusReason }),
    ...timesOf(job),
    ...(progress.task
      ? {
          container: {
            ...(exitCode === undefined ? {} : { exitCode }),
            ...(reason === undefined ? {} : { reason }),
          },
        }
      : {}),
    ...arrayPropertiesOf(job, summary),
    jobDefinition: batchArn(scope, 'job-definition', job.definition),
    ...(progress.isCancelled ? { isCancelled: true } : {}),
    ...(progress.isTerminated ? { isTerminated: true } : {}),
  };
}

/** AWS docs: Batch, "Batch Job State Change" events; the detail is the job as DescribeJobs gives it. */
export function toJobEvent(job: BatchJob, scope: ArnScope, summary?: StatusSummary): AwsEvent {
  const detail = toJobDetail(job, scope, summary);
  return {
    source: 'aws.batch',
    detailType: 'Batch Job State Change',
    resources: [detail.jobArn as string],
    detail: { ...detail },
  };
}

function timesOf(job: BatchJob): { startedAt?: number; stoppedAt?: number } {
  return {
    ...(job.progress.startedMs === undefined ? {} : { startedAt: job.progress.startedMs }),
    ...(job.stoppedMs === undefined ? {} : { stoppedAt: job.stoppedMs }),
  };
}

function containerOf({ request, progress }: BatchJob): ContainerDetail {
  return { ...request.container, ...progress.task };
}

function arrayPropertiesOf({ index, request }: BatchJob, summary: StatusSummary | undefined) {
  if (index !== undefined) return { arrayProperties: { index } };
  if (request.arraySize === undefined) return {};
  const statusSummary = Object.fromEntries(
    SUMMARY_STATUSES.map((status) => [status, summary?.[status] ?? 0]),
  );
  return { arrayProperties: { statusSummary, size: request.arraySize } };
}

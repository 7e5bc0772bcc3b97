// Batch as its service uses it: environments, queues, definitions, jobs, and the runner behind them.
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { ListJobsRequest, SubmitJobRequest } from '@aws-sdk/client-batch';
import type { EmitEvent } from '../events/event.js';
import type { State } from '../state/state.js';
import type { Checked } from '../wire/service.js';
import { nameOfArn } from './batch-arn.js';
import { clientError } from './batch-error.js';
import { openComputeEnvironments, type ComputeEnvironmentTable } from './compute-environment.js';
import { openJobDefinitions, type JobDefinitionTable } from './job-definition.js';
import { openJobLifecycle } from './job-lifecycle.js';
import { openJobQueues, type JobQueueTable } from './job-queue.js';
import { openJobRunner, type JobRunnerOptions } from './job-runner.js';
import {
  hasEnded,
  isArray,
  openJobTable,
  RUNNING_STATUSES,
  WAITING_STATUSES,
  type BatchJob,
  type JobTable,
} from './job.js';
import { listJobs, type JobPage } from './list-jobs.js';
import { submitJob } from './submit-job.js';

/** Processes that run at once unless said otherwise. */
export const SLOT_COUNT = Math.max(4, 2 * availableParallelism());

export interface Batch {
  environments: ComputeEnvironmentTable;
  queues: JobQueueTable;
  definitions: JobDefinitionTable;
  jobs: Pick<JobTable, 'find' | 'statusSummary' | 'setTags'>;
  /** @throws AwsError ClientException */
  submit(input: Checked<SubmitJobRequest>): BatchJob;
  list(input: Checked<ListJobsRequest>, after?: string): JobPage;
  /** Ends a job that has not been started; one that has goes on. Nothing happens when it has ended or is not there. */
  cancel(jobId: string, reason: string): void;
  /** Ends a job, whatever it does. Nothing happens when it has ended or is not there. */
  terminate(jobId: string, reason: string): void;
  /** Goes on with jobs that waited when the data directory was let go of. */
  resume(): void;
  close(): Promise<void>;
}

export interface BatchOptions extends Omit<
  JobRunnerOptions,
  'queues' | 'environments' | 'jobs' | 'lifecycle' | 'slotCount'
> {
  emit: EmitEvent;
  slotCount?: number;
}

/**
 * `state` must have been opened with documentsSchema, logsSchema and batchSchema. Jobs found STARTING or RUNNING have lost
 * their host: the attempt failed, and the job with it unless its retry strategy says otherwise.
 */
export function openBatch(state: State, options: BatchOptions): Batch {
  const workFolder = join(options.dataDir, 'batch');
  rmSync(workFolder, { recursive: true, force: true });
  const environments = openComputeEnvironments(state, options);
  const queues = openJobQueues(state, { ...options, environments });
  const definitions = openJobDefinitions(state, options);
  const jobs = openJobTable(state);
  const lifecycle = openJobLifecycle(jobs, options);
  const runner = openJobRunner(state, {
    ...options,
    slotCount: options.slotCount ?? SLOT_COUNT,
    queues,
    environments,
    jobs,
    lifecycle,
  });

  /** Marks the job; what of it has not been started ends. */
  const endWaiting = (job: BatchJob, reason: string, mark: 'isCancelled' | 'isTerminated') => {
    job.progress[mark] = true;
    jobs.save(job);
    if (isOneOf(WAITING_STATUSES, job)) lifecycle.end(job.jobId, 'FAILED', reason);
  };

  return {
    environments: {
      ...environments,
      delete(nameOrArn) {
        const arn = environments.find(nameOrArn)?.computeEnvironmentArn;
        const isUsed = queues
          .list({ count: -1 })
          .some((queue) => queue.computeEnvironmentOrder.some((one) => one.computeEnvironment === arn));
        if (arn !== undefined && isUsed)
          throw clientError('Cannot delete, found existing JobQueue relationship');
        environments.delete(nameOrArn);
      },
    },
    queues: {
      ...queues,
      delete(nameOrArn) {
        state.transaction(() => {
          const name = nameOfArn('job-queue', nameOrArn);
          queues.delete(nameOrArn);
          for (const job of jobs.inStatus([...WAITING_STATUSES, ...RUNNING_STATUSES], name)) {
            if (!runner.interrupt(job.jobId, { kind: 'terminate', statusReason: QUEUE_DELETED })) {
              lifecycle.end(job.jobId, 'FAILED', QUEUE_DELETED);
            }
          }
        });
      },
    },
    definitions,
    jobs,
    submit(input) {
      const job = submitJob(state, input, { ...options, queues, definitions, jobs, lifecycle });
      runner.dispatch();
      return job;
    },
    list(input, after) {
      const given = [input.jobQueue, input.arrayJobId, input.multiNodeJobId].filter(
        (one) => one !== undefined,
      );
      if (given.length !== 1) {
        throw clientError('ListJobs needs exactly one of jobQueue, arrayJobId and multiNodeJobId.');
      }
      if (input.multiNodeJobId !== undefined) {
        throw clientError(`Job ${input.multiNodeJobId} is not a multi-node job: there are none here.`);
      }
      return listJobs(state, input, {
        ...(input.jobQueue === undefined ? {} : { queueName: queues.get(input.jobQueue).jobQueueName }),
        ...(after === undefined ? {} : { after }),
      });
    },
    cancel(jobId, reason) {
      state.transaction(() => {
        const job = jobs.find(jobId);
        if (job && isOneOf(WAITING_STATUSES, job)) endWaiting(job, reason, 'isCancelled');
      });
      runner.dispatch();
    },
    terminate(jobId, reason) {
      state.transaction(() => {
        const job = jobs.find(jobId);
        if (job && !hasEnded(job)) endWaiting(job, reason, 'isTerminated');
      });
      const job = jobs.find(jobId);
      const running =
        job && isArray(job) ? jobs.children(jobId, RUNNING_STATUSES).map((child) => child.jobId) : [jobId];
      for (const runningId of running) {
        runner.interrupt(runningId, { kind: 'terminate', statusReason: reason });
      }
      runner.dispatch();
    },
    resume: () => runner.dispatch(),
    close: () => runner.close(),
  };
}

const QUEUE_DELETED = 'The job queue was deleted.';

function isOneOf(statuses: readonly string[], { status }: BatchJob): boolean {
  return statuses.includes(status);
}

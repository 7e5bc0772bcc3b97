// Batch jobs by name: the newest of each has succeeded.
import { paginateListJobs, type JobSummary } from '@aws-sdk/client-batch';
import { mapConcurrently } from '../../../base/map-concurrently.js';
import type { LaunchScope } from '../launch-scope.js';
import type { GateSpec } from '../spec.js';
import type { GateResult } from './gate.js';

export type SucceededSpec = NonNullable<GateSpec['batchJobsSucceeded']>;

const CONCURRENCY = 4;

export interface NewestJob {
  jobName: string;
  /** Undefined when there is none. */
  job: Pick<JobSummary, 'jobId' | 'status' | 'createdAt'> | undefined;
}

export function observeJobs(scope: LaunchScope, { queue, jobNames }: SucceededSpec): Promise<NewestJob[]> {
  return mapConcurrently(jobNames, CONCURRENCY, async (jobName): Promise<NewestJob> => {
    let newest: JobSummary | undefined;
    const filters = [{ name: 'JOB_NAME', values: [jobName] }];
    const pages = paginateListJobs(
      { client: scope.clients.batch },
      { jobQueue: queue, filters },
      { abortSignal: scope.signal },
    );
    for await (const { jobSummaryList = [] } of pages) {
      for (const job of jobSummaryList) {
        if (newest === undefined || (job.createdAt ?? 0) > (newest.createdAt ?? 0)) newest = job;
      }
    }
    return { jobName, job: newest };
  });
}

export function decideSucceeded(
  jobs: readonly NewestJob[],
  { withinHours }: Pick<SucceededSpec, 'withinHours'>,
  now: Date,
): GateResult {
  const gate = 'batchJobsSucceeded';
  const sinceMs = now.getTime() - withinHours * 3_600_000;
  const late = jobs.filter(({ job }) => job === undefined || (job.createdAt ?? 0) < sinceMs);
  if (late.length > 0) {
    const which = late.map(({ jobName }) => jobName).join(', ');
    const message = `There is no job ${which} of the last ${withinHours} hours.`;
    return { gate, verdict: 'wait', reason: 'job-missing', message };
  }
  const failed = jobs.filter(({ job }) => job?.status === 'FAILED');
  if (failed.length > 0) {
    const which = failed.map(({ jobName, job }) => `${jobName} (${job?.jobId})`).join(', ');
    return { gate, verdict: 'block', reason: 'job-failed', message: `The newest job failed of ${which}.` };
  }
  const under = jobs.filter(({ job }) => job?.status !== 'SUCCEEDED');
  if (under.length > 0) {
    const which = under.map(({ jobName, job }) => `${jobName} (${job?.status})`).join(', ');
    return { gate, verdict: 'wait', reason: 'job-not-ended', message: `Not ended yet: ${which}.` };
  }
  return { gate, verdict: 'pass', reason: 'succeeded', message: `${jobs.length} jobs have succeeded.` };
}

// Batch operations on jobs.
import type { ArnScope } from '../../batch/batch-arn.js';
import { batchArn } from '../../batch/batch-arn.js';
import { clientError } from '../../batch/batch-error.js';
import { toJobDetail, toJobSummary } from '../../batch/job-answer.js';
import { isArray, type BatchJob } from '../../batch/job.js';
import type { Batch } from '../../batch/open-batch.js';
import type { Operations } from '../../wire/service.js';
import { positionOf, tokenOf } from './page.js';

// AWS docs: DescribeJobs, CancelJobs and TerminateJobs, jobs.
const DESCRIBED_MAX = 100;
const ENDED_AT_ONCE_MAX = 50;

export function jobOperations(batch: Batch, scope: ArnScope) {
  const summaryOf = (job: BatchJob) => (isArray(job) ? batch.jobs.statusSummary(job.jobId) : undefined);
  const all = (jobIds: readonly string[], end: (jobId: string) => void) => {
    if (jobIds.length > ENDED_AT_ONCE_MAX) {
      throw clientError(`jobs has at most ${ENDED_AT_ONCE_MAX} job ids, not ${jobIds.length}.`);
    }
    jobIds.forEach(end);
    return { successful: [...jobIds], errors: [] };
  };
  return {
    SubmitJob(input) {
      const { jobId, name } = batch.submit(input);
      return { jobArn: batchArn(scope, 'job', jobId), jobName: name, jobId };
    },
    DescribeJobs({ jobs: jobIds }) {
      if (jobIds.length > DESCRIBED_MAX) {
        throw clientError(`DescribeJobs takes at most ${DESCRIBED_MAX} job ids, not ${jobIds.length}.`);
      }
      const jobs = jobIds.map(batch.jobs.find).filter((job) => job !== undefined);
      return { jobs: jobs.map((job) => toJobDetail(job, scope, summaryOf(job))) };
    },
    ListJobs(input) {
      const after = input.nextToken === undefined ? undefined : positionOf(input.nextToken);
      const { jobs, next } = batch.list(input, after);
      return {
        jobSummaryList: jobs.map((job) => toJobSummary(job, scope, summaryOf(job))),
        ...(next === undefined ? {} : { nextToken: tokenOf(next) }),
      };
    },
    // AWS answers these for a job that has ended, or is not there, as for one that it ends (AWS docs: TerminateJob).
    CancelJob({ jobId, reason }) {
      batch.cancel(jobId, reason);
      return {};
    },
    TerminateJob({ jobId, reason }) {
      batch.terminate(jobId, reason);
      return {};
    },
    CancelJobs({ jobs, reason }) {
      return all(jobs, (jobId) => batch.cancel(jobId, reason));
    },
    TerminateJobs({ jobs, reason }) {
      return all(jobs, (jobId) => batch.terminate(jobId, reason));
    },
  } satisfies Operations<typeof import('@aws-sdk/client-batch')>;
}

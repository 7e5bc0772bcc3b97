// Glue's operations on job runs and on the bookmarks that these move.
import type { BatchStopJobRunError, BatchStopJobRunSuccessfulSubmission } from '@aws-sdk/client-glue';
import type { Clock } from '../../base/clock.js';
import { toJobRun } from '../../jobs/job-run.js';
import type { Jobs } from '../../jobs/open-jobs.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { nextToken, pageOptions } from './answer.js';

/** AWS's model: GetJobRuns answers with at most so many at once. */
const PAGE_MAX = 200;

export function jobRunOperations({ jobs, clock }: { jobs: Jobs; clock: Clock }) {
  return {
    StartJobRun: (input) => ({ JobRunId: jobs.start(input).runId }),
    GetJobRun({ JobName, RunId }) {
      jobs.definitions.get(JobName);
      return { JobRun: toJobRun(jobs.runs.get(JobName, RunId), clock.now()) };
    },
    GetJobRuns(input) {
      jobs.definitions.get(input.JobName);
      const options = pageOptions('GetJobRuns', input, PAGE_MAX);
      const found = jobs.runs.list(input.JobName, { ...options, count: options.count + 1 });
      const items = found.slice(0, options.count);
      const last = items.at(-1);
      return {
        JobRuns: items.map(({ run }) => toJobRun(run, clock.now())),
        ...nextToken('GetJobRuns', {
          items,
          ...(found.length > items.length && last ? { next: last.position } : {}),
        }),
      };
    },
    GetJobBookmark({ JobName, RunId }) {
      jobs.definitions.get(JobName);
      return { JobBookmarkEntry: jobs.bookmarks.get(JobName, RunId) };
    },
    ResetJobBookmark({ JobName, RunId }) {
      jobs.definitions.get(JobName);
      return { JobBookmarkEntry: jobs.bookmarks.reset(JobName, RunId) };
    },
    BatchStopJobRun({ JobName, JobRunIds }) {
      const SuccessfulSubmissions: BatchStopJobRunSuccessfulSubmission[] = [];
      const Errors: BatchStopJobRunError[] = [];
      for (const JobRunId of JobRunIds) {
        try {
          jobs.stop(JobName, JobRunId);
          SuccessfulSubmissions.push({ JobName, JobRunId });
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          Errors.push({
            JobName,
            JobRunId,
            ErrorDetail: { ErrorCode: error.name, ErrorMessage: error.message },
          });
        }
      }
      return { SuccessfulSubmissions, Errors };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}

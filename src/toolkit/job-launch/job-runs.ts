// Runs of the job that is launched, as Glue knows them.
import { paginateGetJobRuns, type JobRun, type JobRunState } from '@aws-sdk/client-glue';
import { RUN_KEY_ARGUMENT } from './run-arguments.js';
import type { LaunchScope } from './launch-scope.js';

/** AWS docs, "AWS Glue job run statuses": all others have ended. */
const AT_WORK: ReadonlySet<JobRunState | undefined> = new Set<JobRunState>([
  'STARTING',
  'RUNNING',
  'STOPPING',
  'WAITING',
]);
const WITHOUT_RESULT: ReadonlySet<JobRunState | undefined> = new Set<JobRunState>([
  'FAILED',
  'STOPPED',
  'TIMEOUT',
  'ERROR',
  'EXPIRED',
]);

export const isAtWork = ({ JobRunState }: JobRun) => AT_WORK.has(JobRunState);
export const isWithoutResult = ({ JobRunState }: JobRun) => WITHOUT_RESULT.has(JobRunState);
export const runKeyOf = ({ Arguments }: JobRun) => Arguments?.[RUN_KEY_ARGUMENT];

/** Newest first, as AWS answers them. @throws as GetJobRuns does for a job that is not there */
export async function* jobRuns(scope: LaunchScope, JobName: string): AsyncGenerator<JobRun> {
  const pages = paginateGetJobRuns(
    { client: scope.clients.glue },
    { JobName },
    { abortSignal: scope.signal },
  );
  for await (const { JobRuns = [] } of pages) yield* JobRuns;
}

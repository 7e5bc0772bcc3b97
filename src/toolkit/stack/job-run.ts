// One job run, from start to a state from which it does not move on.
import {
  GetJobRunCommand,
  GetJobRunsCommand,
  StartJobRunCommand,
  type JobRun,
  type JobRunState,
} from '@aws-sdk/client-glue';
import { GluepotError } from '../../base/errors.js';
import { isAwsError } from '../../aws/aws-failure.js';
import { retryAssumeRole } from './assume-role-retry.js';
import type { RunOptions } from './crawl.js';
import type { LastRun } from './decide-runs.js';
import { lastLogLines, withLog } from './log-tail.js';
import { poll } from '../../aws/poll.js';
import type { StackScope } from './stack-scope.js';

const END_STATES: JobRunState[] = ['SUCCEEDED', 'FAILED', 'STOPPED', 'TIMEOUT', 'ERROR', 'EXPIRED'];

export const JOB_RUN_END_STATES: ReadonlySet<string> = new Set(END_STATES);

/** The run that was started last. */
export async function lastJobRun(scope: StackScope, JobName: string): Promise<LastRun> {
  try {
    const { JobRuns } = await scope.clients.glue.send(new GetJobRunsCommand({ JobName, MaxResults: 1 }), {
      abortSignal: scope.signal,
    });
    return { state: JobRuns?.[0]?.JobRunState };
  } catch (error) {
    if (isAwsError(error, 'EntityNotFoundException')) return { state: undefined };
    throw error;
  }
}

/**
 * Starts a run of the job and waits for its end.
 * @throws GluepotError `failed` with AWS's message and the last log lines when it did not succeed, `timed-out`, `guard-refused` when
 *   as many runs as the job allows are at work
 */
export async function runJob(
  scope: StackScope,
  JobName: string,
  options: RunOptions & { arguments?: Record<string, string> },
): Promise<JobRun> {
  const { glue } = scope.clients;
  const abortSignal = scope.signal;
  const { JobRunId: RunId } = await retryAssumeRole(scope, () => startRun(scope, JobName, options.arguments));
  const hint = 'The run goes on; wait for it and apply again, or raise timeoutMinutes in the stack file.';
  const wait = {
    what: `run ${RunId} of job ${JobName}`,
    timeoutMs: options.timeoutMs,
    hint,
    onState: options.onState,
  };
  const run = await poll<JobRun>(scope, wait, async () => {
    const { JobRun } = await glue.send(new GetJobRunCommand({ JobName, RunId }), { abortSignal });
    return JobRun && JOB_RUN_END_STATES.has(JobRun.JobRunState as string)
      ? { done: JobRun }
      : { state: JobRun?.JobRunState };
  });
  if (run.JobRunState === 'SUCCEEDED') return run;
  const group = run.LogGroupName ?? '/aws-glue/jobs';
  const lines = [
    ...(await lastLogLines(scope, `${group}/output`, RunId as string)),
    ...(await lastLogLines(scope, `${group}/error`, RunId as string)),
  ];
  throw new GluepotError(
    'failed',
    withLog(
      `Job ${JobName}: run ${RunId} is ${run.JobRunState}: ${run.ErrorMessage ?? 'AWS gives no message'}`,
      lines,
    ),
  );
}

async function startRun(scope: StackScope, JobName: string, Arguments: Record<string, string> | undefined) {
  try {
    return await scope.clients.glue.send(new StartJobRunCommand({ JobName, Arguments }), {
      abortSignal: scope.signal,
    });
  } catch (error) {
    if (!isAwsError(error, 'ConcurrentRunsExceededException')) throw error;
    throw new GluepotError(
      'guard-refused',
      `Job ${JobName} already runs as often as it may at once. Wait for the run, then apply again.`,
      {
        cause: error,
      },
    );
  }
}

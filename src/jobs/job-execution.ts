// One execution of a run: from a free place to its outcome. Records nothing; see job-runner.ts.
import type { Clock } from '../base/clock.js';
import { watchDeadline } from '../base/deadline.js';
import { messageOf } from '../base/errors.js';
import type { RoleDirectory } from '../identity/role-directory.js';
import type { RoleSession } from '../identity/role-session.js';
import type { BookmarkTable } from './bookmarks/bookmark-table.js';
import { openRunBookmark, type OpenedBookmark } from './bookmarks/run-bookmark.js';
import type { Engine } from './engine.js';
import { GLUE_PRINCIPAL, JOB_SESSION_NAME, jobArn, type JobRecord } from './job.js';
import type { JobRunRecord } from './job-run.js';
import { effectiveArguments } from './run-settings.js';
import type { RunScript } from './script.js';
import type { Slots } from './slots.js';

export type Interruption = 'stop' | 'timeout' | 'close';

export interface Outcome {
  state: 'SUCCEEDED' | 'FAILED' | 'STOPPED' | 'TIMEOUT';
  errorMessage?: string;
  /** Of a run that succeeded: to be committed with its end. */
  bookmark?: OpenedBookmark | undefined;
}

export interface ExecutionOptions {
  engine: Engine;
  runScript: RunScript;
  roles: RoleDirectory;
  bookmarks: BookmarkTable;
  clock: Clock;
  slots: Slots;
  accountId: string;
  region: string;
}

export interface Execution {
  /** Asks the work to end; the first reason counts. */
  interrupt(reason: Interruption): void;
  outcome: Promise<Outcome>;
}

/** `begin` is called when the run has its place and gives the definition it runs with; `log` takes a line of output. */
export function startExecution(
  run: JobRunRecord,
  { engine, runScript, roles, bookmarks, clock, slots, accountId, region }: ExecutionOptions,
  { begin, log }: { begin: () => JobRecord; log: (line: string) => void },
): Execution {
  const controller = new AbortController();
  let interruption: Interruption | undefined;
  const interrupt = (reason: Interruption) => {
    interruption ??= reason;
    controller.abort(new Error(`The run was interrupted (${interruption}).`));
  };

  let bookmark: OpenedBookmark | undefined;
  const work = async () => {
    controller.signal.throwIfAborted();
    const job = begin();
    const args = effectiveArguments(job, run);
    const { Timeout } = run.settings;
    const deadlineMs = clock.now().getTime() + (Timeout ?? 0) * 60_000;
    const unwatch =
      Timeout === undefined ? undefined : watchDeadline(clock, deadlineMs, () => interrupt('timeout'));
    try {
      const work = {
        jobName: run.jobName,
        runId: run.runId,
        arguments: args,
        session: openJobSession(job, run, roles, { accountId, region }),
        signal: controller.signal,
        log,
      };
      const nodes = job.CodeGenConfigurationNodes ?? {};
      if (Object.keys(nodes).length === 0) {
        // As on AWS a bookmark moves only for scripts that use Glue's own library.
        await runScript({ ...work, job });
      } else {
        bookmark = openRunBookmark(bookmarks, run, args, () => clock.now().getTime());
        await engine({ ...work, nodes, bookmark });
      }
    } finally {
      unwatch?.();
    }
  };

  const outcome = async (): Promise<Outcome> => {
    try {
      await slots.take(controller.signal);
      try {
        await work();
      } finally {
        slots.give();
      }
      // Work that was done before the interruption reached it is done.
      return { state: 'SUCCEEDED', bookmark };
    } catch (error) {
      return outcomeOfFailure(run, interruption, error);
    }
  };
  return { interrupt, outcome: outcome() };
}

function outcomeOfFailure(
  run: JobRunRecord,
  interruption: Interruption | undefined,
  error: unknown,
): Outcome {
  switch (interruption) {
    case 'stop':
      return { state: 'STOPPED' };
    case 'timeout':
      return {
        state: 'TIMEOUT',
        errorMessage: `The run took longer than its Timeout of ${run.settings.Timeout} minutes.`,
      };
    case 'close':
      return {
        state: 'FAILED',
        errorMessage: 'The run was interrupted: gluepot was closed while it was in progress.',
      };
    case undefined:
      return { state: 'FAILED', errorMessage: messageOf(error) };
  }
}

/** The session of the job's role, in whose name the run works. The sentence of the refusal is Glue's. */
function openJobSession(
  job: JobRecord,
  run: JobRunRecord,
  roles: RoleDirectory,
  { accountId, region }: { accountId: string; region: string },
): RoleSession {
  try {
    const role = roles.requireAssumable(job.Role, GLUE_PRINCIPAL, jobArn({ region, accountId }, job.Name));
    return roles.openSession(role, JOB_SESSION_NAME);
  } catch (error) {
    throw new Error(
      `JobName:${job.Name} and JobRunId:${run.runId} failed to execute with exception Role ${job.Role} should be given ` +
        'assume role permissions for Glue Service.',
      { cause: error },
    );
  }
}

// The life of runs: started within a job's limit, or queued; executed; ended in exactly one state; tried again.
import type { StartJobRunRequest } from '@aws-sdk/client-glue';
import type { Clock } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import type { Ids } from '../base/ids.js';
import type { Log } from '../base/log.js';
import type { EmitEvent } from '../events/event.js';
import type { RoleDirectory } from '../identity/role-directory.js';
import type { LogGroups } from '../logs/log-groups.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import type { Checked } from '../wire/service.js';
import type { BookmarkTable } from './bookmarks/bookmark-table.js';
import { openDelayNotices } from './delay-notices.js';
import type { Engine } from './engine.js';
import type { JobRecord, JobTable } from './job.js';
import { jobStateEvent } from './job-event.js';
import { startExecution, type Execution, type Outcome } from './job-execution.js';
import { isLive, JOB_LOG_GROUP, type JobRunRecord, type JobRunTable } from './job-run.js';
import { endLeftOvers } from './left-overs.js';
import { checkOverrides, settingsOf } from './run-settings.js';
import type { RunScript } from './script.js';
import { createSlots } from './slots.js';

/** Runs of all jobs that work at once; further ones are STARTING until there is room. */
export const RUNS_AT_ONCE_MAX = 4;

export interface JobRunner {
  /** @throws AwsError EntityNotFoundException, ConcurrentRunsExceededException, InvalidInputException */
  start(input: Checked<StartJobRunRequest>, triggerName?: string): JobRunRecord;
  /**
   * Does nothing to a run that is STOPPING already.
   * @throws AwsError EntityNotFoundException, InvalidInputException when it has ended
   */
  stop(jobName: string, runId: string): void;
  /** Calls `listener` within the transaction that records the end of a run; `retriedAs` is the run that tries again. */
  onEnd(listener: JobEndListener): void;
  /** Ends the runs of a job that is deleted, and their history. */
  forget(jobName: string): void;
  /** Ends what is in progress as FAILED, without another try, and waits for it. */
  close(): Promise<void>;
}

export type JobEndListener = (run: JobRunRecord, retriedAs: string | undefined) => void;

export interface JobRunnerOptions {
  engine: Engine;
  runScript: RunScript;
  jobs: JobTable;
  runs: JobRunTable;
  roles: RoleDirectory;
  bookmarks: BookmarkTable;
  logs: LogGroups;
  clock: Clock;
  ids: Ids;
  log: Log;
  accountId: string;
  region: string;
  emit: EmitEvent;
}

type OwnPart = Pick<JobRunRecord, 'settings' | 'arguments' | 'triggerName'>;

export function openJobRunner(state: State, options: JobRunnerOptions): JobRunner {
  const { jobs, runs, logs, clock, ids, log, emit } = options;
  const slots = createSlots(RUNS_AT_ONCE_MAX);
  const executions = new Map<string, { execution: Execution; ended: Promise<void> }>();
  const endListeners: JobEndListener[] = [];
  let isClosing = false;
  endLeftOvers(state, runs, clock, emit);
  const delayNotices = openDelayNotices(state, { runs, clock, log, emit });

  function execute(run: JobRunRecord): void {
    delayNotices.watch(run);
    const execution = startExecution(
      run,
      { ...options, slots },
      {
        begin() {
          change(run.runId, (current) => {
            current.runningMs = clock.now().getTime();
            if (current.state === 'STARTING') current.state = 'RUNNING';
          });
          return jobs.get(run.jobName);
        },
        log: (line) => writeLog('output', run.runId, line),
      },
    );
    const ended = execution.outcome
      .then((outcome) => {
        executions.delete(run.runId);
        delayNotices.forget(run.runId);
        end(run, outcome);
      })
      // Nobody waits for this. A run that cannot be recorded (a full disk) can still be stopped, and is found
      // unfinished at the next start.
      .catch((error: unknown) =>
        log('error', 'the end of a job run could not be recorded', {
          runId: run.runId,
          error: messageOf(error),
        }),
      );
    executions.set(run.runId, { execution, ended });
  }

  function end(run: JobRunRecord, outcome: Outcome): void {
    const followers = state.transaction(() => {
      const current = runs.find(run.runId);
      if (!current || !isLive(current)) return [];
      const refusal = outcome.bookmark?.commit();
      const finalState = refusal === undefined ? outcome.state : 'FAILED';
      const errorMessage = refusal ?? outcome.errorMessage;
      if (errorMessage !== undefined) writeLog('error', run.runId, errorMessage);
      change(run.runId, (ended) => {
        ended.state = finalState;
        ended.completedMs = clock.now().getTime();
        if (errorMessage !== undefined) ended.errorMessage = errorMessage;
        const event = jobStateEvent(ended);
        if (event) emit(event);
      });
      const job = jobs.find(run.jobName);
      const isRetried = job && !isClosing && finalState === 'FAILED' && run.attempt < job.MaxRetries;
      const retries = isRetried ? [insertAttempt(run, run)] : [];
      const promoted = job && !isClosing ? promote(job) : [];
      // What this process cannot start any more is left to the next one.
      if (!isClosing) {
        const ended = runs.find(run.runId) as JobRunRecord;
        for (const listener of endListeners) listener(ended, retries[0]?.runId);
      }
      return [...retries, ...promoted];
    });
    followers.forEach(execute);
  }

  /** Waiting runs that there is room for now become STARTING, oldest first. */
  function promote(job: JobRecord): JobRunRecord[] {
    const room = job.ExecutionProperty.MaxConcurrentRuns - runs.countRunning(job.Name);
    const waiting = runs.live(job.Name).filter((run) => run.state === 'WAITING');
    return waiting.slice(0, Math.max(0, room)).map((run) => {
      change(run.runId, (current) => (current.state = 'STARTING'));
      return run;
    });
  }

  function insert(
    run: Pick<JobRunRecord, 'runId' | 'jobName' | 'state' | 'attempt' | 'previousRunId'> & OwnPart,
  ) {
    const nowMs = clock.now().getTime();
    const record = { ...run, startedMs: nowMs, lastModifiedMs: nowMs };
    runs.insert(record);
    return record;
  }

  /** Another attempt at what `previous` did. AWS names it after the first one: `jr_..._attempt_1`. */
  function insertAttempt(
    previous: JobRunRecord,
    own: OwnPart,
    firstState: 'STARTING' | 'WAITING' = 'STARTING',
  ) {
    const baseId = previous.runId.replace(/_attempt_\d+$/, '');
    const attempt = Math.max(...runs.attempts(baseId).map((run) => run.attempt)) + 1;
    return insert({
      runId: `${baseId}_attempt_${attempt}`,
      jobName: previous.jobName,
      state: firstState,
      attempt,
      previousRunId: previous.runId,
      ...(own.arguments ? { arguments: own.arguments } : {}),
      ...(own.triggerName === undefined ? {} : { triggerName: own.triggerName }),
      settings: own.settings,
    });
  }

  function change(runId: string, body: (run: JobRunRecord) => void): void {
    const run = runs.find(runId);
    if (!run) return;
    body(run);
    runs.put({ ...run, lastModifiedMs: clock.now().getTime() });
    delayNotices.changed(run);
  }

  function writeLog(stream: 'output' | 'error', runId: string, message: string): void {
    logs.append(`${JOB_LOG_GROUP}/${stream}`, runId, [{ timestamp: clock.now().getTime(), message }]);
  }

  return {
    start(input, triggerName) {
      if (isClosing)
        throw new AwsError('InternalServiceException', 'gluepot is closing.', { statusCode: 500 });
      const run = state.transaction(() => {
        const job = requireJob(jobs, input.JobName);
        checkOverrides(job, input.Arguments ?? {});
        const settings = settingsOf(job, input);
        const isFull = runs.countRunning(job.Name) >= job.ExecutionProperty.MaxConcurrentRuns;
        if (isFull && !settings.JobRunQueuingEnabled) {
          throw new AwsError('ConcurrentRunsExceededException', `Concurrent runs exceeded for ${job.Name}`);
        }
        const previous = input.JobRunId === undefined ? undefined : runs.get(job.Name, input.JobRunId);
        if (previous && isLive(previous)) {
          throw invalid(
            `Job run ${previous.runId} is ${previous.state}; only a run that has ended can be retried.`,
          );
        }
        const ownArguments = input.Arguments ?? previous?.arguments;
        const own = {
          settings,
          ...(ownArguments ? { arguments: ownArguments } : {}),
          ...(triggerName === undefined ? {} : { triggerName }),
        };
        const firstState = isFull ? 'WAITING' : 'STARTING';
        return previous
          ? insertAttempt(previous, own, firstState)
          : insert({ runId: `jr_${ids.hex(32)}`, jobName: job.Name, state: firstState, attempt: 0, ...own });
      });
      if (run.state === 'STARTING') execute(run);
      return run;
    },
    stop(jobName, runId) {
      const run = runs.get(jobName, runId);
      if (!isLive(run))
        throw invalid(`Job run ${runId} is ${run.state}; only a run that has not ended can be stopped.`);
      const active = executions.get(runId);
      if (active) {
        change(runId, (current) => (current.state = 'STOPPING'));
        active.execution.interrupt('stop');
      } else {
        end(run, { state: 'STOPPED' });
      }
    },
    onEnd: (listener) => void endListeners.push(listener),
    forget(jobName) {
      const live = runs.live(jobName);
      runs.deleteAll(jobName);
      options.bookmarks.forget(jobName);
      for (const { runId } of live) executions.get(runId)?.execution.interrupt('stop');
    },
    async close() {
      isClosing = true;
      const active = [...executions.values()];
      for (const { execution } of active) execution.interrupt('close');
      await Promise.all(active.map(({ ended }) => ended));
    },
  };
}

function requireJob(jobs: JobTable, name: string): JobRecord {
  const job = jobs.find(name);
  if (job) return job;
  // The first words are AWS's.
  throw new AwsError(
    'EntityNotFoundException',
    `Failed to start job run due to missing metadata: job ${name} not found.`,
  );
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidInputException', message);
}

// Job runs as they are kept: one row each, with the state it is in.
import type { JobRun, JobRunState } from '@aws-sdk/client-glue';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';

/** States that a run leaves again. */
const LIVE_STATES = ['STARTING', 'RUNNING', 'STOPPING', 'WAITING'] as const satisfies JobRunState[];
/** States in which a run holds a place among its job's concurrent ones. */
const RUNNING_STATES = ['STARTING', 'RUNNING', 'STOPPING'] as const satisfies JobRunState[];

/** AWS keeps the history of runs for 90 days (AWS docs: Glue, "Viewing job runs"). */
const KEPT_MS = 90 * 24 * 3600 * 1000;

/** Times are in milliseconds since the epoch. */
export interface JobRunRecord {
  runId: string;
  jobName: string;
  state: JobRunState;
  attempt: number;
  previousRunId?: string;
  /** The trigger that started it. */
  triggerName?: string;
  startedMs: number;
  lastModifiedMs: number;
  /** When it became RUNNING. */
  runningMs?: number;
  completedMs?: number;
  errorMessage?: string;
  /** What was given to StartJobRun, without the job's defaults. */
  arguments?: Record<string, string>;
  /** What the run took over from its job or was started with: capacity, Timeout, GlueVersion, ... */
  settings: Pick<
    JobRun,
    | 'AllocatedCapacity'
    | 'MaxCapacity'
    | 'WorkerType'
    | 'NumberOfWorkers'
    | 'Timeout'
    | 'GlueVersion'
    | 'JobMode'
    | 'ExecutionClass'
    | 'SecurityConfiguration'
    | 'NotificationProperty'
    | 'JobRunQueuingEnabled'
    | 'MaintenanceWindow'
  >;
}

export function isLive(run: Pick<JobRunRecord, 'state'>): boolean {
  return (LIVE_STATES as readonly string[]).includes(run.state);
}

export interface JobRunTable {
  insert(run: JobRunRecord): void;
  put(run: JobRunRecord): void;
  find(runId: string): JobRunRecord | undefined;
  /** @throws AwsError EntityNotFoundException */
  get(jobName: string, runId: string): JobRunRecord;
  /** Newest first, those older than the one at `after`. */
  list(
    jobName: string,
    options: { after?: string; count: number },
  ): { position: string; run: JobRunRecord }[];
  /** Runs in one of LIVE_STATES, oldest first; of all jobs without `jobName`. */
  live(jobName?: string): JobRunRecord[];
  /** How many runs hold a place among the job's concurrent ones. */
  countRunning(jobName: string): number;
  /** Identifiers of the run `baseId` and its retries. */
  attempts(baseId: string): JobRunRecord[];
  deleteAll(jobName: string): void;
}

const quoted = (states: readonly string[]) => states.map((state) => `'${state}'`).join(', ');

export function openJobRunTable(state: State): JobRunTable {
  const records = (rows: unknown[]) =>
    rows.map((row) => JSON.parse((row as { record: string }).record) as JobRunRecord);
  const find = (runId: string) =>
    records(
      [state.sql('SELECT record FROM job_runs WHERE run_id = ?').get(runId)].filter(
        (row) => row !== undefined,
      ),
    )[0];
  return {
    insert(run) {
      state
        .sql(
          `DELETE FROM job_runs WHERE job_name = ? AND started_ms < ? AND state NOT IN (${quoted(LIVE_STATES)})`,
        )
        .run(run.jobName, run.startedMs - KEPT_MS);
      state
        .sql('INSERT INTO job_runs (run_id, job_name, state, started_ms, record) VALUES (?, ?, ?, ?, ?)')
        .run(run.runId, run.jobName, run.state, run.startedMs, JSON.stringify(run));
    },
    put: (run) =>
      void state
        .sql('UPDATE job_runs SET state = ?, record = ? WHERE run_id = ?')
        .run(run.state, JSON.stringify(run), run.runId),
    find,
    get(jobName, runId) {
      const run = find(runId);
      if (run?.jobName !== jobName) {
        throw new AwsError('EntityNotFoundException', `Job run ${runId} not found.`);
      }
      return run;
    },
    list(jobName, { after = String(Number.MAX_SAFE_INTEGER), count }) {
      const rows = state
        .sql(
          'SELECT number, record FROM job_runs WHERE job_name = ? AND number < ? ORDER BY number DESC LIMIT ?',
        )
        .all(jobName, Number(after), count) as { number: number; record: string }[];
      return rows.map((row) => ({
        position: String(row.number),
        run: JSON.parse(row.record) as JobRunRecord,
      }));
    },
    live: (jobName) =>
      records(
        state
          .sql(
            `SELECT record FROM job_runs WHERE state IN (${quoted(LIVE_STATES)}) AND (? IS NULL OR job_name = ?)
             ORDER BY number`,
          )
          .all(jobName ?? null, jobName ?? null),
      ),
    countRunning(jobName) {
      const { count } = state
        .sql(
          `SELECT COUNT(*) AS count FROM job_runs WHERE job_name = ? AND state IN (${quoted(RUNNING_STATES)})`,
        )
        .get(jobName) as { count: number };
      return count;
    },
    attempts: (baseId) =>
      records(
        state
          .sql(`SELECT record FROM job_runs WHERE run_id = ? OR run_id >= ? AND run_id < ? ORDER BY number`)
          .all(baseId, `${baseId}_attempt_`, `${baseId}_attempt_:`),
      ),
    deleteAll: (jobName) => void state.sql('DELETE FROM job_runs WHERE job_name = ?').run(jobName),
  };
}

/** Log groups `<this>/output` and `<this>/error` have a stream a run, named by its id. */
export const JOB_LOG_GROUP = '/aws-glue/jobs';

/** `run` as Glue answers it; `now` is for the execution time of one that still runs. */
export function toJobRun(run: JobRunRecord, now: Date): JobRun {
  const endMs = run.completedMs ?? now.getTime();
  return {
    Id: run.runId,
    Attempt: run.attempt,
    ...(run.previousRunId === undefined ? {} : { PreviousRunId: run.previousRunId }),
    ...(run.triggerName === undefined ? {} : { TriggerName: run.triggerName }),
    JobName: run.jobName,
    StartedOn: new Date(run.startedMs),
    LastModifiedOn: new Date(run.lastModifiedMs),
    ...(run.completedMs === undefined ? {} : { CompletedOn: new Date(run.completedMs) }),
    JobRunState: run.state,
    ...(run.arguments === undefined ? {} : { Arguments: run.arguments }),
    ...(run.errorMessage === undefined ? {} : { ErrorMessage: run.errorMessage }),
    PredecessorRuns: [],
    ExecutionTime: run.runningMs === undefined ? 0 : Math.round((endMs - run.runningMs) / 1000),
    LogGroupName: JOB_LOG_GROUP,
    ...run.settings,
  };
}

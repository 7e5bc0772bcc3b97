// Batch jobs as they are kept: one row each, children of an array too.
import type {
  AttemptDetail,
  ContainerDetail,
  JobDependency,
  JobStatus,
  PlatformCapability,
  RetryStrategy,
} from '@aws-sdk/client-batch';
import type { State } from '../state/state.js';
import type { TagMap } from './tags.js';

/** What a job was submitted with. The children of an array share their parent's. */
export interface JobRequest {
  container: ContainerDetail;
  dependsOn: JobDependency[];
  parameters: Record<string, string>;
  tags: TagMap;
  arraySize?: number;
  retryStrategy?: RetryStrategy;
  timeoutSeconds?: number;
  propagateTags?: boolean;
  platformCapabilities?: PlatformCapability[];
  schedulingPriority?: number;
}

/** What became of it so far. */
export interface JobProgress {
  attempts: AttemptDetail[];
  statusReason?: string;
  /** When the newest attempt became RUNNING, in milliseconds since the epoch. */
  startedMs?: number;
  isCancelled?: boolean;
  isTerminated?: boolean;
  /** Of the newest attempt. */
  task?: { taskArn: string; logStreamName: string; exitCode?: number; reason?: string };
}

export interface BatchJob {
  readonly number: number;
  readonly jobId: string;
  readonly parentId?: string;
  /** Place in its array, from 0. */
  readonly index?: number;
  readonly name: string;
  /** Name of its queue. */
  readonly queue: string;
  /** `name:revision`. */
  readonly definition: string;
  readonly vcpus: number;
  readonly createdMs: number;
  readonly request: JobRequest;
  status: JobStatus;
  stoppedMs?: number;
  progress: JobProgress;
}

export type NewJob = Omit<BatchJob, 'number' | 'request'> & { request?: JobRequest };

export interface JobTable {
  insert(job: NewJob): void;
  find(jobId: string): BatchJob | undefined;
  /** Keeps status, end and progress. */
  save(job: BatchJob): void;
  setTags(job: BatchJob, tags: TagMap): void;
  /** The oldest RUNNABLE job of a queue that needs at most so many vCPUs. */
  nextRunnable(queue: string, vcpusMax: number): BatchJob | undefined;
  /** Children of an array in one of these statuses. */
  children(parentId: string, statuses: readonly JobStatus[]): BatchJob[];
  hasChild(parentId: string, statuses: readonly JobStatus[]): boolean;
  /** How many children are in each status that any has. */
  statusSummary(parentId: string): Record<string, number>;
  /** Jobs of all queues, or of one, in one of these statuses; arrays themselves and their children. */
  inStatus(statuses: readonly JobStatus[], queue?: string): BatchJob[];
  /** Forgets jobs, and children with their arrays, that ended before that time. */
  forgetEnded(beforeMs: number): void;
  wait(waitingId: string, onId: string): void;
  isWaiting(jobId: string): boolean;
  /** Ends all waiting for a job, and tells whose it was. */
  takeWaiting(onId: string): string[];
}

interface Row {
  number: number;
  job_id: string;
  parent_id: string | null;
  array_index: number | null;
  name: string;
  queue: string;
  definition: string;
  status: JobStatus;
  vcpus: number;
  created_ms: number;
  stopped_ms: number | null;
  request: string;
  progress: string;
}

const ENDED_STATUSES = ['SUCCEEDED', 'FAILED'] as const satisfies JobStatus[];
export const WAITING_STATUSES = ['SUBMITTED', 'PENDING', 'RUNNABLE'] as const satisfies JobStatus[];
export const RUNNING_STATUSES = ['STARTING', 'RUNNING'] as const satisfies JobStatus[];

export function hasEnded({ status }: Pick<BatchJob, 'status'>): boolean {
  return (ENDED_STATUSES as readonly string[]).includes(status);
}

/** An array itself, not one of its children. */
export function isArray({ request, index }: Pick<BatchJob, 'request' | 'index'>): boolean {
  return request.arraySize !== undefined && index === undefined;
}

/** The columns of a BatchJob; a child has its parent's request. */
export const SELECT_JOBS = `SELECT job.number, job.job_id, job.parent_id, job.array_index, job.name, job.queue, job.definition,
    job.status, job.vcpus, job.created_ms, job.stopped_ms, COALESCE(job.request, parent.request) AS request, job.progress
  FROM batch_jobs AS job LEFT JOIN batch_jobs AS parent ON parent.job_id = job.parent_id`;

export function openJobTable(state: State): JobTable {
  const listed = (statuses: readonly JobStatus[]) => JSON.stringify(statuses);
  return {
    insert(job) {
      state
        .sql(
          `INSERT INTO batch_jobs (job_id, parent_id, array_index, name, queue, definition, status, vcpus, created_ms,
             stopped_ms, request, progress) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          job.jobId,
          job.parentId ?? null,
          job.index ?? null,
          job.name,
          job.queue,
          job.definition,
          job.status,
          job.vcpus,
          job.createdMs,
          job.stoppedMs ?? null,
          job.request ? JSON.stringify(job.request) : null,
          JSON.stringify(job.progress),
        );
    },
    find: (jobId) => toJobs([state.sql(`${SELECT_JOBS} WHERE job.job_id = ?`).get(jobId)])[0],
    save(job) {
      state
        .sql('UPDATE batch_jobs SET status = ?, stopped_ms = ?, progress = ? WHERE job_id = ?')
        .run(job.status, job.stoppedMs ?? null, JSON.stringify(job.progress), job.jobId);
    },
    setTags(job, tags) {
      state
        .sql('UPDATE batch_jobs SET request = ? WHERE job_id = ?')
        .run(JSON.stringify({ ...job.request, tags }), job.parentId ?? job.jobId);
    },
    nextRunnable: (queue, vcpusMax) =>
      toJobs([
        state
          .sql(
            `${SELECT_JOBS} WHERE job.queue = ? AND job.status = 'RUNNABLE' AND job.vcpus <= ?
             ORDER BY job.number LIMIT 1`,
          )
          .get(queue, Number.isFinite(vcpusMax) ? vcpusMax : Number.MAX_VALUE),
      ])[0],
    children: (parentId, statuses) =>
      toJobs(
        state
          .sql(
            `${SELECT_JOBS} WHERE job.parent_id = ? AND job.status IN (SELECT value FROM json_each(?))
             ORDER BY job.number`,
          )
          .all(parentId, listed(statuses)),
      ),
    hasChild: (parentId, statuses) =>
      state
        .sql(
          'SELECT 1 FROM batch_jobs WHERE parent_id = ? AND status IN (SELECT value FROM json_each(?)) LIMIT 1',
        )
        .get(parentId, listed(statuses)) !== undefined,
    statusSummary(parentId) {
      const rows = state
        .sql('SELECT status, COUNT(*) AS count FROM batch_jobs WHERE parent_id = ? GROUP BY status')
        .all(parentId) as { status: string; count: number }[];
      return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
    },
    inStatus: (statuses, queue) =>
      toJobs(
        state
          .sql(
            `${SELECT_JOBS} WHERE job.status IN (SELECT value FROM json_each(?)) AND (? IS NULL OR job.queue = ?)
             ORDER BY job.number`,
          )
          .all(listed(statuses), queue ?? null, queue ?? null),
      ),
    // SQLite would rather look through all jobs that are no children, for every one that is submitted.
    forgetEnded: (beforeMs) =>
      void state
        .sql('DELETE FROM batch_jobs INDEXED BY batch_jobs_by_end WHERE parent_id IS NULL AND stopped_ms < ?')
        .run(beforeMs),
    wait: (waitingId, onId) =>
      void state.sql('INSERT INTO batch_waits VALUES (?, ?) ON CONFLICT DO NOTHING').run(onId, waitingId),
    isWaiting: (jobId) =>
      state.sql('SELECT 1 FROM batch_waits WHERE waiting_id = ? LIMIT 1').get(jobId) !== undefined,
    takeWaiting(onId) {
      const rows = state.sql('DELETE FROM batch_waits WHERE on_id = ? RETURNING waiting_id').all(onId) as {
        waiting_id: string;
      }[];
      return rows.map((row) => row.waiting_id);
    },
  };
}

export function toJobs(rows: readonly unknown[]): BatchJob[] {
  return (rows.filter((row) => row !== undefined) as Row[]).map((row) => ({
    number: row.number,
    jobId: row.job_id,
    ...(row.parent_id === null ? {} : { parentId: row.parent_id }),
    ...(row.array_index === null ? {} : { index: row.array_index }),
    name: row.name,
    queue: row.queue,
    definition: row.definition,
    status: row.status,
    vcpus: row.vcpus,
    createdMs: row.created_ms,
    ...(row.stopped_ms === null ? {} : { stoppedMs: row.stopped_ms }),
    request: JSON.parse(row.request) as JobRequest,
    progress: JSON.parse(row.progress) as JobProgress,
  }));
}

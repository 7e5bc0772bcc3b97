// Tables of Batch jobs. Queues, environments and definitions are documents; jobs are rows, because thousands of them wait
// for each other and are picked by queue and status.
import type { StateSchema } from '../state/state.js';

/**
 * `request` is what the job was submitted with and is kept once for an array: its children have NULL. `waits` has a row for
 * each job that another one waits for.
 */
export const batchSchema: StateSchema = {
  component: 'batch',
  steps: [
    `CREATE TABLE batch_jobs (
       number INTEGER PRIMARY KEY AUTOINCREMENT, job_id TEXT NOT NULL UNIQUE,
       parent_id TEXT REFERENCES batch_jobs (job_id) ON DELETE CASCADE, array_index INTEGER,
       name TEXT NOT NULL, queue TEXT NOT NULL, definition TEXT NOT NULL, status TEXT NOT NULL, vcpus REAL NOT NULL,
       created_ms INTEGER NOT NULL, stopped_ms INTEGER, request TEXT, progress TEXT NOT NULL
     );
     CREATE INDEX batch_jobs_by_queue ON batch_jobs (queue, status, number);
     CREATE INDEX batch_jobs_by_parent ON batch_jobs (parent_id, status, number);
     CREATE TABLE batch_waits (
       on_id TEXT NOT NULL, waiting_id TEXT NOT NULL, PRIMARY KEY (on_id, waiting_id)
     ) WITHOUT ROWID;
     CREATE INDEX batch_waits_by_waiting ON batch_waits (waiting_id)`,
    'CREATE INDEX batch_jobs_by_end ON batch_jobs (stopped_ms) WHERE parent_id IS NULL',
  ],
};

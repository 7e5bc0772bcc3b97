// Tables of job runs. Definitions are documents; runs are rows, because they are listed newest first and counted by job.
import type { StateSchema } from '../state/state.js';

export const jobsSchema: StateSchema = {
  component: 'jobs',
  steps: [
    `CREATE TABLE job_runs (
       number INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL UNIQUE, job_name TEXT NOT NULL,
       state TEXT NOT NULL, started_ms INTEGER NOT NULL, record TEXT NOT NULL
     );
     CREATE INDEX job_runs_by_job ON job_runs (job_name, number);
     CREATE INDEX job_runs_live ON job_runs (job_name) WHERE state IN ('STARTING', 'RUNNING', 'STOPPING', 'WAITING')`,
  ],
};

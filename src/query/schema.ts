// Tables of query executions. They are rows, not documents, because they are listed newest first by workgroup.
import type { StateSchema } from '../state/state.js';

export const querySchema: StateSchema = {
  component: 'query',
  steps: [
    `CREATE TABLE query_executions (
       number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, work_group TEXT NOT NULL,
       token TEXT UNIQUE, state TEXT NOT NULL, submitted_ms INTEGER NOT NULL, record TEXT NOT NULL
     );
     CREATE INDEX query_executions_by_group ON query_executions (work_group, number);
     CREATE INDEX query_executions_by_time ON query_executions (submitted_ms);
     CREATE INDEX query_executions_live ON query_executions (number) WHERE state IN ('QUEUED', 'RUNNING')`,
  ],
};

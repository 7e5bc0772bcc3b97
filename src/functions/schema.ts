// Tables of functions' code and of events that wait to be handled. Definitions are documents.
import type { StateSchema } from '../state/state.js';

export const functionsSchema: StateSchema = {
  component: 'functions',
  steps: [
    `CREATE TABLE lambda_code (sha256 TEXT PRIMARY KEY, zip BLOB NOT NULL) WITHOUT ROWID;
     CREATE TABLE lambda_events (
       number INTEGER PRIMARY KEY AUTOINCREMENT, request_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, qualifier TEXT,
       payload TEXT NOT NULL, client_context TEXT, attempts INTEGER NOT NULL, created_ms INTEGER NOT NULL,
       due_ms INTEGER NOT NULL
     );
     CREATE INDEX lambda_events_due ON lambda_events (due_ms)`,
  ],
};

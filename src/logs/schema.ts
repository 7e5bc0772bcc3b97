// Tables of the log store. Events are numbered from 1 in each stream, in order of arrival.
import type { StateSchema } from '../state/state.js';

export const logsSchema: StateSchema = {
  component: 'logs',
  steps: [
    `CREATE TABLE log_groups (
       name TEXT PRIMARY KEY, created_ms INTEGER NOT NULL, tags TEXT NOT NULL
     ) WITHOUT ROWID;
     CREATE TABLE log_streams (
       id INTEGER PRIMARY KEY, group_name TEXT NOT NULL REFERENCES log_groups (name) ON DELETE CASCADE,
       name TEXT NOT NULL, created_ms INTEGER NOT NULL, last_number INTEGER NOT NULL DEFAULT 0,
       first_event_ms INTEGER, last_event_ms INTEGER, last_ingestion_ms INTEGER,
       stored_bytes INTEGER NOT NULL DEFAULT 0, UNIQUE (group_name, name)
     );
     CREATE TABLE log_events (
       stream_id INTEGER NOT NULL REFERENCES log_streams (id) ON DELETE CASCADE, number INTEGER NOT NULL,
       event_ms INTEGER NOT NULL, ingestion_ms INTEGER NOT NULL, message TEXT NOT NULL,
       PRIMARY KEY (stream_id, number)
     ) WITHOUT ROWID`,
    `ALTER TABLE log_groups ADD COLUMN retention_days INTEGER`,
  ],
};

// The tables of events: what is still to be delivered.
import type { StateSchema } from '../state/state.js';

/** A row is a payload for a target; it goes when the target has taken it, or when it is given up. */
export const eventsSchema: StateSchema = {
  component: 'events',
  steps: [
    `CREATE TABLE event_deliveries (
       number INTEGER PRIMARY KEY AUTOINCREMENT,
       source_arn TEXT NOT NULL, target TEXT NOT NULL, payload TEXT NOT NULL,
       created_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL, attempt_count INTEGER NOT NULL
     );
     CREATE INDEX event_deliveries_by_due ON event_deliveries (due_ms, number)`,
  ],
};

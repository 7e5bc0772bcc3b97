// The tables of queues and their messages.
import type { StateSchema } from '../state/state.js';

/** `visible_ms` is when a message may be received (again); `receipt` is the handle that the newest receive gave out. */
export const queuesSchema: StateSchema = {
  component: 'queues',
  steps: [
    `CREATE TABLE queue_messages (
       number INTEGER PRIMARY KEY AUTOINCREMENT,
       queue TEXT NOT NULL, message_id TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT NOT NULL,
       system_attributes TEXT NOT NULL, sent_ms INTEGER NOT NULL, visible_ms INTEGER NOT NULL,
       is_delayed INTEGER NOT NULL, receive_count INTEGER NOT NULL, first_received_ms INTEGER, receipt TEXT
     );
     CREATE INDEX queue_messages_by_visibility ON queue_messages (queue, visible_ms, number)`,
    'CREATE INDEX queue_messages_by_sent ON queue_messages (queue, sent_ms)',
  ],
};

// The tables of DynamoDB: its tables, their items and the entries of their indexes.
import type { StateSchema } from '../state/state.js';

/**
 * A collection is a table's items (`index_name` '') or the entries of one of its indexes. `key` sorts as DynamoDB sorts;
 * counts and bytes are kept with every write, so that DescribeTable is true at any time.
 */
export const dynamodbSchema: StateSchema = {
  component: 'dynamodb',
  steps: [
    `CREATE TABLE dynamodb_tables (
       name TEXT PRIMARY KEY, description TEXT NOT NULL, settings TEXT NOT NULL, tags TEXT NOT NULL
     ) WITHOUT ROWID;
     CREATE TABLE dynamodb_collections (
       id INTEGER PRIMARY KEY,
       table_name TEXT NOT NULL REFERENCES dynamodb_tables (name) ON DELETE CASCADE,
       index_name TEXT NOT NULL,
       item_count INTEGER NOT NULL DEFAULT 0, byte_count INTEGER NOT NULL DEFAULT 0,
       UNIQUE (table_name, index_name)
     );
     CREATE TABLE dynamodb_items (
       collection_id INTEGER NOT NULL REFERENCES dynamodb_collections (id) ON DELETE CASCADE,
       key TEXT NOT NULL, byte_count INTEGER NOT NULL, item TEXT NOT NULL,
       PRIMARY KEY (collection_id, key)
     ) WITHOUT ROWID`,
    // `request` is a hash of what the token was first used for, `used_at` in milliseconds since the epoch.
    `CREATE TABLE dynamodb_tokens (
       token TEXT PRIMARY KEY, request TEXT NOT NULL, used_at INTEGER NOT NULL
     ) WITHOUT ROWID`,
  ],
};

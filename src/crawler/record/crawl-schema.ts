// Tables of the crawl history in the state file.
import type { StateSchema } from '../../state/state.js';

export const crawlSchema: StateSchema = {
  component: 'crawls',
  steps: [
    `CREATE TABLE crawls (
       sequence INTEGER PRIMARY KEY,
       crawl_id TEXT NOT NULL UNIQUE,
       crawler TEXT NOT NULL,
       state TEXT NOT NULL,
       started_ms INTEGER NOT NULL,
       ended_ms INTEGER,
       error_message TEXT
     );
     CREATE INDEX crawls_by_crawler ON crawls (crawler, sequence);
     CREATE TABLE crawl_changes (
       crawl_id TEXT NOT NULL, position INTEGER NOT NULL,
       kind TEXT NOT NULL, action TEXT NOT NULL, database_name TEXT NOT NULL, table_name TEXT NOT NULL,
       document TEXT NOT NULL,
       PRIMARY KEY (crawl_id, position)
     ) WITHOUT ROWID;
     CREATE TABLE crawl_shapes (
       crawl_id TEXT NOT NULL, shape INTEGER NOT NULL, document TEXT NOT NULL,
       PRIMARY KEY (crawl_id, shape)
     ) WITHOUT ROWID`,
  ],
};

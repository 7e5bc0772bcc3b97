// What storage keeps in the state beside the files: attributes, escaped keys, multipart uploads.
import type { StateSchema } from '../state/state.js';

// Text sorts by its UTF-8 bytes in SQLite, which is the order of keys.
export const storageSchema: StateSchema = {
  component: 'storage',
  steps: [
    `CREATE TABLE s3_attributes (
       bucket TEXT NOT NULL, key TEXT NOT NULL, mtime_ms REAL NOT NULL, size INTEGER NOT NULL,
       etag TEXT NOT NULL, storage_class TEXT NOT NULL, attributes TEXT NOT NULL,
       PRIMARY KEY (bucket, key, mtime_ms, size)
     ) WITHOUT ROWID;
     CREATE TABLE s3_escaped_keys (
       bucket TEXT NOT NULL, key TEXT NOT NULL,
       PRIMARY KEY (bucket, key)
     ) WITHOUT ROWID;
     CREATE TABLE s3_uploads (
       bucket TEXT NOT NULL, key TEXT NOT NULL, upload_id TEXT NOT NULL,
       initiated_ms INTEGER NOT NULL, document TEXT NOT NULL,
       PRIMARY KEY (bucket, key, upload_id)
     ) WITHOUT ROWID;
     CREATE TABLE s3_parts (
       upload_id TEXT NOT NULL, number INTEGER NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL,
       modified_ms INTEGER NOT NULL, etag TEXT NOT NULL, checksums TEXT NOT NULL,
       PRIMARY KEY (upload_id, number)
     ) WITHOUT ROWID;`,
  ],
};

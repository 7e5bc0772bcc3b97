// The catalog's tables in the state file.
import type { StateSchema } from '../state/state.js';

/**
 * Documents are JSON text in wire form, so that an answer is a copy. A partition's `key` is its values in an encoding
 * that sorts as the values do (see partition-key.ts); what partitions of a table have in common, columns and formats,
 * is kept once in `catalog_descriptors`.
 */
export const catalogSchema: StateSchema = {
  component: 'catalog',
  steps: [
    `CREATE TABLE catalog_databases (name TEXT PRIMARY KEY, document TEXT NOT NULL);

     CREATE TABLE catalog_tables (
       id INTEGER PRIMARY KEY AUTOINCREMENT,
       database TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL,
       partition_keys TEXT NOT NULL,
       UNIQUE (database, name)
     );

     CREATE TABLE catalog_table_versions (
       table_id INTEGER NOT NULL, version INTEGER NOT NULL, document TEXT NOT NULL,
       UNIQUE (table_id, version)
     );

     CREATE TABLE catalog_partitions (
       table_id INTEGER NOT NULL, key TEXT NOT NULL, descriptor_id INTEGER,
       members TEXT NOT NULL, descriptor_members TEXT NOT NULL,
       PRIMARY KEY (table_id, key)
     ) WITHOUT ROWID;

     CREATE TABLE catalog_descriptors (
       id INTEGER PRIMARY KEY AUTOINCREMENT,
       table_id INTEGER NOT NULL, digest TEXT NOT NULL, partition_count INTEGER NOT NULL,
       columns TEXT, members TEXT NOT NULL,
       UNIQUE (table_id, digest)
     );

     CREATE TABLE catalog_partition_indexes (
       table_id INTEGER NOT NULL, name TEXT NOT NULL, keys TEXT NOT NULL,
       created_ms INTEGER NOT NULL, deleted_ms INTEGER,
       PRIMARY KEY (table_id, name)
     );

     CREATE TABLE catalog_column_statistics (
       table_id INTEGER NOT NULL, place TEXT NOT NULL, column_name TEXT NOT NULL, document TEXT NOT NULL,
       PRIMARY KEY (table_id, place, column_name)
     ) WITHOUT ROWID;`,
  ],
};

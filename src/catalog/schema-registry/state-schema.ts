// The schema registry's tables in the state file.
import type { StateSchema } from '../../state/state.js';

/**
 * `number` counts a schema's versions from 1 and is never used twice, so `next_number` is kept. `digest` is of the canonical
 * definition: what AWS takes for the same definition has the same.
 */
export const schemaRegistrySchema: StateSchema = {
  component: 'schema-registry',
  steps: [
    `CREATE TABLE registries (
       name TEXT PRIMARY KEY, description TEXT, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL
     );

     CREATE TABLE registry_schemas (
       id INTEGER PRIMARY KEY AUTOINCREMENT, registry TEXT NOT NULL, name TEXT NOT NULL,
       data_format TEXT NOT NULL, compatibility TEXT NOT NULL, description TEXT,
       checkpoint INTEGER NOT NULL, next_number INTEGER NOT NULL,
       created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL,
       UNIQUE (registry, name)
     );

     CREATE TABLE registry_schema_versions (
       schema_id INTEGER NOT NULL, number INTEGER NOT NULL, version_id TEXT NOT NULL UNIQUE,
       status TEXT NOT NULL, definition TEXT NOT NULL, digest TEXT NOT NULL, created_ms INTEGER NOT NULL,
       PRIMARY KEY (schema_id, number)
     );
     CREATE INDEX registry_schema_versions_by_digest ON registry_schema_versions (schema_id, digest);

     CREATE TABLE registry_version_metadata (
       id INTEGER PRIMARY KEY AUTOINCREMENT, version_id TEXT NOT NULL,
       key TEXT NOT NULL, value TEXT NOT NULL, created_ms INTEGER NOT NULL,
       UNIQUE (version_id, key, value)
     );`,
  ],
};

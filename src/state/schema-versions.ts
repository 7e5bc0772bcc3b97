// Which version of whose tables the state file has, and the steps to today's.
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { GluepotError } from '../base/errors.js';

/** The tables of one part of the product. Steps are only ever appended; step n upgrades version n to n + 1. */
export interface StateSchema {
  component: string;
  steps: readonly string[];
}

/** The version of each component; none of a new file. */
export function readVersions(database: DatabaseSyncInstance): Map<string, number> {
  const isNew = !database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schema_versions'").get();
  if (isNew) return new Map();
  const rows = database.prepare('SELECT component, version FROM schema_versions').all() as {
    component: string;
    version: number;
  }[];
  return new Map(rows.map(({ component, version }) => [component, version]));
}

/** @throws GluepotError `guard-refused` when a component is newer than `schemas`, or not among them */
export function refuseNewer(
  path: string,
  schemas: readonly StateSchema[],
  versions: ReadonlyMap<string, number>,
): void {
  const known = new Map(schemas.map((schema) => [schema.component, schema.steps.length]));
  for (const [component, version] of versions) {
    if (version <= (known.get(component) ?? 0)) continue;
    throw new GluepotError(
      'guard-refused',
      `${path} was written by a newer gluepot (${component} is at version ${version}, this gluepot knows ` +
        `${known.get(component) ?? 'none'}). It was left as it is. Upgrade gluepot, or choose another --data-dir.`,
    );
  }
}

/** Brings the tables of all components up to today's version, in one transaction. */
export function upgrade(
  database: DatabaseSyncInstance,
  schemas: readonly StateSchema[],
  versions: ReadonlyMap<string, number>,
): void {
  database.exec('BEGIN IMMEDIATE');
  database.exec(
    'CREATE TABLE IF NOT EXISTS schema_versions (component TEXT PRIMARY KEY, version INTEGER NOT NULL)',
  );
  const record = database.prepare(
    'INSERT INTO schema_versions VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version',
  );
  for (const { component, steps } of schemas) {
    const version = versions.get(component) ?? 0;
    for (const step of steps.slice(version)) database.exec(step);
    if (version !== steps.length) record.run(component, steps.length);
  }
  database.exec('COMMIT');
}

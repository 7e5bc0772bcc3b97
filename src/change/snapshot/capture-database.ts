// What a snapshot takes of a database: itself, its tables page by page, and again those that moved meanwhile.
import { mapConcurrently } from '../../base/map-concurrently.js';
import { encodeDefinition } from '../canonical-definition.js';
import type { CatalogAccess } from '../catalog-access.js';
import type { ObjectOf } from '../catalog-object.js';
import { observeDatabase, observeDatabases, observeTables, observeTablesByName } from '../observe-catalog.js';
import { isResourceLink } from '../resource-link.js';
import { hasMoved } from './capture-table.js';
import type { DatabaseEntry, DatabaseObject, SnapshotScope, TableEntry } from './manifest.js';
import type { ObjectWriter } from './snapshot-store.js';

/** Tables that are read at once. */
export const TABLES_AT_ONCE = 8;

/** Times that a table that keeps moving is read again. */
const LOOKS_AGAIN_MAX = 3;

export interface CapturedDatabase extends Omit<DatabaseEntry, 'tables'> {
  tables: Map<string, TableEntry>;
}

export type Capture = (table: ObjectOf<'table'>) => Promise<TableEntry>;

export async function* databasesIn(
  access: CatalogAccess,
  { databases }: SnapshotScope,
): AsyncGenerator<ObjectOf<'database'>> {
  if (!databases) {
    for await (const page of observeDatabases(access)) yield* page;
    return;
  }
  for (const DatabaseName of new Set(databases)) {
    const database = await observeDatabase(access, DatabaseName);
    if (database) yield database;
  }
}

/** None of a resource link, for AWS answers those of the database that it leads to. */
export async function* tablesIn(
  access: CatalogAccess,
  { tables }: SnapshotScope,
  { key: { DatabaseName }, definition }: ObjectOf<'database'>,
): AsyncGenerator<ObjectOf<'table'>[]> {
  if (isResourceLink(definition)) return;
  yield* typeof tables === 'object'
    ? observeTablesByName(access, DatabaseName, tables)
    : observeTables(access, DatabaseName);
}

export async function captureDatabase(
  writer: ObjectWriter,
  { key, definition, provenance }: ObjectOf<'database'>,
): Promise<CapturedDatabase> {
  const object: DatabaseObject = {
    kind: 'database',
    definition: encodeDefinition('database', definition),
    ...(provenance.CreateTime ? { CreateTime: provenance.CreateTime.toISOString() } : {}),
  };
  const reference = await writer.write(JSON.stringify(object));
  return { DatabaseName: key.DatabaseName, ...reference, tables: new Map() };
}

/** Reads again what is new or has another version than when it was read, and lets go of what is gone. */
export async function settle(
  pages: () => AsyncIterable<ObjectOf<'table'>[]>,
  tables: Map<string, TableEntry>,
  covers: (TableName: string) => boolean,
  capture: Capture,
): Promise<void> {
  for (let look = 0; ; look++) {
    const gone = new Set(tables.keys());
    const moved: ObjectOf<'table'>[] = [];
    for await (const page of pages()) {
      for (const table of page) {
        if (!covers(table.key.TableName)) continue;
        gone.delete(table.key.TableName);
        const entry = tables.get(table.key.TableName);
        if (!entry || hasMoved(entry, table)) moved.push(table);
      }
    }
    for (const name of gone) tables.delete(name);
    if (moved.length === 0) return;
    await mapConcurrently(moved, TABLES_AT_ONCE, async (table) => {
      const entry = await capture(table);
      tables.set(table.key.TableName, look === LOOKS_AGAIN_MAX ? { ...entry, isMoving: true } : entry);
    });
    if (look === LOOKS_AGAIN_MAX) return;
  }
}

export function databaseEntry({ tables, ...database }: CapturedDatabase): DatabaseEntry {
  return { ...database, tables: [...tables.values()].sort(byName('TableName')) };
}

export function byName<Name extends string>(name: Name) {
  return (one: Record<Name, string>, other: Record<Name, string>) => (one[name] < other[name] ? -1 : 1);
}

// Takes a snapshot: reads, writes what is new, looks again at what moved meanwhile, and names it all in a manifest at the end.
import { systemClock, type Clock } from '../../base/clock.js';
import { GluepotError } from '../../base/errors.js';
import { randomIds, type Ids } from '../../base/ids.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import type { CatalogAccess } from '../catalog-access.js';
import { isSameCatalog, type CatalogHome } from '../catalog-home.js';
import type { DocumentStore } from '../document-store.js';
import type { CatalogObject, ObjectOf } from '../catalog-object.js';
import { observeDatabase, observeDatabases, observeTables, observeTablesByName } from '../observe-catalog.js';
import { encodeDefinition } from '../canonical-definition.js';
import {
  objectsOf,
  partitionCountOf,
  SNAPSHOT_SCHEMA_VERSION,
  type DatabaseEntry,
  type DatabaseObject,
  type SnapshotCounts,
  type SnapshotManifest,
  type SnapshotReason,
  tableEntryOf,
  type SnapshotScope,
  type TableEntry,
} from './manifest.js';
import { captureTable, hasMoved, type Capturing } from './capture-table.js';
import { coversName, seriesOf } from './scope.js';
import { newSnapshotId, seriesOfId } from './snapshot-id.js';
import {
  cachedObjects,
  openObjectWriter,
  readManifest,
  snapshotIds,
  writeManifest,
  type ObjectWriter,
} from './snapshot-store.js';
import { beginWriting } from './writers.js';

/** Tables that are read at once. */
const TABLES_AT_ONCE = 8;

/** A damaged manifest is passed over; several of them are somebody's business. */
const PARENTS_TRIED_MAX = 3;

/** Times that a table that keeps moving is read again. */
const LOOKS_AGAIN_MAX = 3;

export interface SnapshotAsked {
  scope: SnapshotScope;
  reason: SnapshotReason;
  labels?: Readonly<Record<string, string>>;
  tool: { name: string; version: string };
}

export interface SnapshotProgress {
  tables: number;
  partitions: number;
}

export interface TakeSnapshotOptions {
  clock?: Clock;
  ids?: Ids;
  /** After each table. */
  onProgress?: (progress: SnapshotProgress) => void;
  /** Told of each object when it is read, and of some again where a table is read again. */
  onObject?: (object: CatalogObject) => void;
}

export interface SnapshotTaken {
  manifest: SnapshotManifest;
  /** New in the store: what did not change is not written again. */
  written: { objects: number; bytes: number };
}

/**
 * Takes a snapshot of what is in scope. Every call that reads definitions is made whatever the store has, for partitions,
 * indexes and statistics have no versions; only objects that are new are written. A table whose version moved while others
 * were read is read again, three times at most, and then marked. Costs 2 GetTables a hundred tables, and for a partitioned
 * table a GetPartitionIndexes and a GetPartitions a thousand partitions.
 * @throws GluepotError `usage` for a bad glob, `conflict` when the store is being pruned
 */
export async function takeSnapshot(
  access: CatalogAccess,
  home: CatalogHome,
  store: DocumentStore,
  asked: SnapshotAsked,
  {
    clock = systemClock,
    ids = randomIds,
    onProgress = () => {},
    onObject = () => {},
  }: TakeSnapshotOptions = {},
): Promise<SnapshotTaken> {
  const { scope } = asked;
  const covers = coversName(scope);
  const startedAt = clock.now();
  const series = seriesOf(home, scope);
  const id = newSnapshotId(startedAt, series, ids);
  const writing = await beginWriting(store, id, { clock, signal: access.signal });
  try {
    const parent = await readParent(store, home, series);
    const writer = openObjectWriter(store, parent ? objectsOf(parent) : []);
    const read = cachedObjects(store);
    const capture = openCapture({ access, scope, writer, read, onObject }, parent, onProgress);

    const captured: CapturedDatabase[] = [];
    for await (const database of databasesIn(access, scope)) {
      onObject(database);
      const taken = await captureDatabase(writer, database);
      captured.push(taken);
      for await (const page of tablesIn(access, scope, taken.DatabaseName)) {
        const wanted = page.filter(({ key }) => covers(key.DatabaseName, key.TableName));
        await mapConcurrently(wanted, TABLES_AT_ONCE, async (table) => {
          taken.tables.set(table.key.TableName, await capture(table));
        });
      }
    }
    const settled: CapturedDatabase[] = [];
    for (const { DatabaseName, tables } of captured) {
      const database = await observeDatabase(access, DatabaseName);
      if (!database) continue;
      const pages = () => tablesIn(access, scope, DatabaseName);
      await settle(pages, tables, (TableName) => covers(DatabaseName, TableName), capture);
      settled.push({ ...(await captureDatabase(writer, database)), tables });
    }

    const databases = settled.map(databaseEntry).sort(byName('DatabaseName'));
    const manifest: SnapshotManifest = {
      schemaVersion: SNAPSHOT_SCHEMA_VERSION,
      id,
      ...(parent ? { parent: parent.id } : {}),
      startedAt: startedAt.toISOString(),
      takenAt: clock.now().toISOString(),
      ...home,
      scope,
      reason: asked.reason,
      labels: asked.labels ?? {},
      tool: asked.tool,
      counts: countsOf(databases),
      databases,
    };
    access.signal?.throwIfAborted();
    writing.requireInTime();
    await writeManifest(store, manifest);
    return { manifest, written: writer.written };
  } finally {
    await writing.done();
  }
}

/** The newest readable snapshot of the same scope of the same catalog; where there is none, of any scope. */
async function readParent(
  store: DocumentStore,
  home: CatalogHome,
  series: string,
): Promise<SnapshotManifest | undefined> {
  const ids = await snapshotIds(store);
  const followed = ids.filter((id) => seriesOfId(id) === series);
  for (const id of (followed.length > 0 ? followed : ids).slice(-PARENTS_TRIED_MAX).reverse()) {
    try {
      const manifest = await readManifest(store, id);
      if (isSameCatalog(manifest, home)) return manifest;
    } catch (error) {
      // Damaged, or pruned since it was listed: without a parent a snapshot costs more and is as good.
      if (!(error instanceof GluepotError)) throw error;
    }
  }
  return undefined;
}

interface CapturedDatabase extends Omit<DatabaseEntry, 'tables'> {
  tables: Map<string, TableEntry>;
}

type Capture = (table: ObjectOf<'table'>) => Promise<TableEntry>;

function openCapture(
  capturing: Capturing,
  parent: SnapshotManifest | undefined,
  onProgress: (progress: SnapshotProgress) => void,
): Capture {
  const progress = { tables: 0, partitions: 0 };
  return async (table) => {
    const entry = await captureTable(capturing, table, parent && tableEntryOf(parent, table.key));
    progress.tables++;
    progress.partitions += partitionCountOf(entry);
    onProgress({ ...progress });
    return entry;
  };
}

async function* databasesIn(
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

function tablesIn(
  access: CatalogAccess,
  { tables }: SnapshotScope,
  DatabaseName: string,
): AsyncGenerator<ObjectOf<'table'>[]> {
  return typeof tables === 'object'
    ? observeTablesByName(access, DatabaseName, tables)
    : observeTables(access, DatabaseName);
}

async function captureDatabase(
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
async function settle(
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

function databaseEntry({ tables, ...database }: CapturedDatabase): DatabaseEntry {
  return { ...database, tables: [...tables.values()].sort(byName('TableName')) };
}

function byName<Name extends string>(name: Name) {
  return (one: Record<Name, string>, other: Record<Name, string>) => (one[name] < other[name] ? -1 : 1);
}

function countsOf(databases: readonly DatabaseEntry[]): SnapshotCounts {
  const tables = databases.flatMap((database) => database.tables);
  return {
    databases: databases.length,
    tables: tables.length,
    partitions: tables.reduce((sum, table) => sum + partitionCountOf(table), 0),
    moving: tables.filter(({ isMoving }) => isMoving).length,
  };
}

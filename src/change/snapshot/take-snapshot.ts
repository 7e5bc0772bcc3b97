// Takes a snapshot: reads, writes what is new, looks again at what moved meanwhile, and names it all in a manifest at the end.
import { systemClock, type Clock } from '../../base/clock.js';
import { GluepotError } from '../../base/errors.js';
import { randomIds, type Ids } from '../../base/ids.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import type { CatalogAccess } from '../catalog-access.js';
import type { CatalogHome } from '../catalog-home.js';
import type { DocumentStore } from '../document-store.js';
import type { ObjectOf } from '../catalog-object.js';
import { observeDatabase, observeDatabases, observeTables } from '../observe-catalog.js';
import { encodeDefinition } from '../canonical-definition.js';
import {
  objectsOf,
  SNAPSHOT_SCHEMA_VERSION,
  type DatabaseEntry,
  type DatabaseObject,
  type SnapshotCounts,
  type SnapshotManifest,
  type SnapshotReason,
  type SnapshotScope,
  type TableEntry,
} from './manifest.js';
import { captureTable, hasMoved } from './capture-table.js';
import { coversName, seriesOf } from './scope.js';
import { newSnapshotId, seriesOfId } from './snapshot-id.js';
import {
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
  { clock = systemClock, ids = randomIds, onProgress = () => {} }: TakeSnapshotOptions = {},
): Promise<SnapshotTaken> {
  const { scope } = asked;
  const covers = coversName(scope);
  const startedAt = clock.now();
  const series = seriesOf(home, scope);
  const id = newSnapshotId(startedAt, series, ids);
  const writing = await beginWriting(store, id, { clock, signal: access.signal });
  try {
    const parent = await readParent(store, series);
    const writer = openObjectWriter(store, parent ? objectsOf(parent) : []);
    const capture = openCapture(access, scope, writer, parent, onProgress);

    const captured: CapturedDatabase[] = [];
    for await (const database of databasesIn(access, scope)) {
      const taken = await captureDatabase(writer, database);
      captured.push(taken);
      for await (const page of observeTables(access, taken.DatabaseName)) {
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
      await settle(access, DatabaseName, tables, covers, capture);
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

/** The newest readable snapshot of the same scope of the same catalog. */
async function readParent(store: DocumentStore, series: string): Promise<SnapshotManifest | undefined> {
  const ids = (await snapshotIds(store)).filter((id) => seriesOfId(id) === series);
  for (const id of ids.slice(-PARENTS_TRIED_MAX).reverse()) {
    try {
      return await readManifest(store, id);
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
  access: CatalogAccess,
  scope: SnapshotScope,
  writer: ObjectWriter,
  parent: SnapshotManifest | undefined,
  onProgress: (progress: SnapshotProgress) => void,
): Capture {
  const progress = { tables: 0, partitions: 0 };
  const partitionCounts = new Map(
    (parent?.databases ?? []).flatMap(({ DatabaseName, tables }) =>
      tables.map((table) => [`${DatabaseName}\n${table.TableName}`, countOf(table)] as const),
    ),
  );
  return async (table) => {
    const expected = partitionCounts.get(`${table.key.DatabaseName}\n${table.key.TableName}`) ?? 0;
    const entry = await captureTable(access, scope, writer, table, expected);
    progress.tables++;
    progress.partitions += countOf(entry);
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
  access: CatalogAccess,
  DatabaseName: string,
  tables: Map<string, TableEntry>,
  covers: (DatabaseName: string, TableName: string) => boolean,
  capture: Capture,
): Promise<void> {
  for (let look = 0; ; look++) {
    const gone = new Set(tables.keys());
    const moved: ObjectOf<'table'>[] = [];
    for await (const page of observeTables(access, DatabaseName)) {
      for (const table of page) {
        if (!covers(DatabaseName, table.key.TableName)) continue;
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

function countOf({ chunks }: TableEntry): number {
  return chunks.reduce((sum, { count }) => sum + count, 0);
}

function countsOf(databases: readonly DatabaseEntry[]): SnapshotCounts {
  const tables = databases.flatMap((database) => database.tables);
  return {
    databases: databases.length,
    tables: tables.length,
    partitions: tables.reduce((sum, table) => sum + countOf(table), 0),
    moving: tables.filter(({ isMoving }) => isMoving).length,
  };
}

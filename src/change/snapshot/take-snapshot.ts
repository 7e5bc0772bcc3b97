// Takes a snapshot: reads, writes what is new, looks again at what moved meanwhile, and names it all in a manifest at the end.
import { systemClock, type Clock } from '../../base/clock.js';
import { randomIds, type Ids } from '../../base/ids.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import type { CatalogAccess } from '../catalog-access.js';
import type { CatalogHome } from '../catalog-home.js';
import type { CatalogObject, ObjectOf } from '../catalog-object.js';
import type { DocumentStore } from '../document-store.js';
import { observeDatabase } from '../observe-catalog.js';
import {
  byName,
  captureDatabase,
  databaseEntry,
  databasesIn,
  settle,
  TABLES_AT_ONCE,
  tablesIn,
  type Capture,
  type CapturedDatabase,
} from './capture-database.js';
import { captureTable, type Capturing } from './capture-table.js';
import {
  partitionCountOf,
  SNAPSHOT_SCHEMA_VERSION,
  tableEntryOf,
  type DatabaseEntry,
  type SnapshotCounts,
  type SnapshotManifest,
  type SnapshotReason,
  type SnapshotScope,
  type TableEntry,
} from './manifest.js';
import { keptObjects, readParent } from './parent-snapshot.js';
import { coversName, seriesOf } from './scope.js';
import { newSnapshotId } from './snapshot-id.js';
import { cachedObjects, openObjectWriter, writeManifest } from './snapshot-store.js';
import { beginWriting, marked } from './writers.js';

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
 * were read is read again, three times at most, and then marked. Objects of the snapshot before that the store has lost are written
 * again. Costs 2 GetTables a hundred tables, and for a partitioned
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
  return marked(writing, async () => {
    const parent = await readParent(store, home, series);
    const kept = await keptObjects(store, parent);
    const writer = openObjectWriter(store, kept);
    const read = cachedObjects(store);
    const isWhole = new Set(kept.whole.map(({ sha256 }) => sha256));
    const lastOf = (table: ObjectOf<'table'>) => {
      const last = parent && tableEntryOf(parent, table.key);
      return last && isWhole.has(last.sha256) ? last : undefined;
    };
    const capture = openCapture({ access, scope, writer, read, onObject }, lastOf, onProgress);

    const captured: CapturedDatabase[] = [];
    for await (const database of databasesIn(access, scope)) {
      onObject(database);
      const taken = await captureDatabase(writer, database);
      captured.push(taken);
      for await (const page of tablesIn(access, scope, database)) {
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
      const pages = () => tablesIn(access, scope, database);
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
  });
}

function openCapture(
  capturing: Capturing,
  lastOf: (table: ObjectOf<'table'>) => TableEntry | undefined,
  onProgress: (progress: SnapshotProgress) => void,
): Capture {
  const progress = { tables: 0, partitions: 0 };
  return async (table) => {
    const entry = await captureTable(capturing, table, lastOf(table));
    progress.tables++;
    progress.partitions += partitionCountOf(entry);
    onProgress({ ...progress });
    return entry;
  };
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

// What differs between two snapshots: what has the same hash is passed over unread.
import { definitionDifferences, type DefinitionDifference } from '../definition-differences.js';
import type { CatalogObject, CatalogObjectKey, CatalogObjectKind } from '../catalog-object.js';
import { isSameEntry, partitionOrder, type ChunkEntry, type DatabaseEntry } from './manifest.js';
import type { Snapshot, SnapshotPartition, SnapshotTable } from './read-snapshot.js';

export interface ObjectDifference {
  action: 'create' | 'update' | 'delete';
  key: CatalogObjectKey;
  before?: CatalogObject;
  after?: CatalogObject;
  /** Of an update, member by member. */
  differences: readonly DefinitionDifference[];
}

/**
 * How to get from `before` to `after`, in the order of names: databases, each followed by its tables, each followed by its
 * indexes, statistics and partitions. Only what both snapshots cover: of the rest one of them knows nothing.
 * @param isAsked of databases and tables, each by itself; of what it refuses nothing is read
 * @throws GluepotError `failed` when an object is missing or damaged
 */
export async function* diffSnapshots(
  before: Snapshot,
  after: Snapshot,
  isAsked: (key: CatalogObjectKey) => boolean = () => true,
): AsyncGenerator<ObjectDifference> {
  const covered = (key: CatalogObjectKey) => before.covers(key) && after.covers(key);
  const databases = pairs(before.manifest.databases, after.manifest.databases, (one) => one.DatabaseName);
  for (const [name, old, now] of databases) {
    const key: CatalogObjectKey = { kind: 'database', DatabaseName: name };
    if (!covered(key)) continue;
    if (old?.sha256 !== now?.sha256 && isAsked(key)) {
      yield* differenceOf(old && (await before.database(name)), now && (await after.database(name)));
    }
    for await (const difference of diffTables({ before, after, name, isAsked }, old, now)) {
      if (covered(difference.key)) yield difference;
    }
  }
}

interface Compared {
  before: Snapshot;
  after: Snapshot;
  /** Of the database. */
  name: string;
  isAsked: (key: CatalogObjectKey) => boolean;
}

async function* diffTables(
  { before, after, name, isAsked }: Compared,
  old: DatabaseEntry | undefined,
  now: DatabaseEntry | undefined,
): AsyncGenerator<ObjectDifference> {
  for (const [tableName, one, other] of pairs(old?.tables, now?.tables, (table) => table.TableName)) {
    if (one && other && isSameEntry(one, other)) continue;
    const key: CatalogObjectKey = { kind: 'table', DatabaseName: name, TableName: tableName };
    if (!before.covers(key) || !after.covers(key) || !isAsked(key)) continue;
    yield* diffTable(
      one && (await before.table(name, tableName)),
      other && (await after.table(name, tableName)),
    );
  }
}

async function* diffTable(
  one: SnapshotTable | undefined,
  other: SnapshotTable | undefined,
): AsyncGenerator<ObjectDifference> {
  yield* differenceOf(one?.table, other?.table);
  for (const [, old, now] of pairs(one?.indexes, other?.indexes, ({ key }) => key.IndexName)) {
    yield* differenceOf(old, now);
  }
  yield* differenceOf(one?.statistics, other?.statistics);
  for await (const [old, now] of partitionPairs(one, other)) {
    yield* differenceOf(old?.partition, now?.partition);
    yield* differenceOf(old?.statistics, now?.statistics);
  }
}

function* differenceOf(
  before: CatalogObject | undefined,
  after: CatalogObject | undefined,
): Generator<ObjectDifference> {
  const key = (after ?? before)?.key;
  if (!key) return;
  const differences = definitionDifferences<CatalogObjectKind>(
    key.kind,
    before?.definition,
    after?.definition,
  );
  if (differences.length === 0) return;
  if (!before) yield { action: 'create', key, ...(after ? { after } : {}), differences: [] };
  else if (!after) yield { action: 'delete', key, before, differences: [] };
  else yield { action: 'update', key, before, after, differences };
}

/** Items of two lists by their names, which are in order in both. */
function* pairs<T>(
  before: readonly T[] = [],
  after: readonly T[] = [],
  nameOf: (item: T) => string,
): Generator<[name: string, before: T | undefined, after: T | undefined]> {
  const old = new Map(before.map((item) => [nameOf(item), item]));
  const now = new Map(after.map((item) => [nameOf(item), item]));
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  for (const name of names) yield [name, old.get(name), now.get(name)];
}

type PartitionPair = [before: SnapshotPartition | undefined, after: SnapshotPartition | undefined];

/** A merge of two ordered lists of chunks; a chunk that both have, where both begin one, is not read. */
async function* partitionPairs(
  one: SnapshotTable | undefined,
  other: SnapshotTable | undefined,
): AsyncGenerator<PartitionPair> {
  const [old, now] = [chunkCursor(one), chunkCursor(other)];
  for (;;) {
    const [oldChunk, nowChunk] = [old.chunkAhead(), now.chunkAhead()];
    if (oldChunk && oldChunk.sha256 === nowChunk?.sha256) {
      old.skipChunk();
      now.skipChunk();
      continue;
    }
    const [before, after] = [await old.head(), await now.head()];
    if (!before && !after) return;
    const order = compare(before, after);
    yield [order <= 0 ? before : undefined, order >= 0 ? after : undefined];
    if (order <= 0) old.next();
    if (order >= 0) now.next();
  }
}

function compare(before: SnapshotPartition | undefined, after: SnapshotPartition | undefined): number {
  if (!before || !after) return before ? -1 : 1;
  const [one, other] = [
    partitionOrder(before.partition.key.Values),
    partitionOrder(after.partition.key.Values),
  ];
  return one < other ? -1 : one > other ? 1 : 0;
}

function chunkCursor(table: SnapshotTable | undefined) {
  const chunks = table?.entry.chunks ?? [];
  let chunkIndex = 0;
  let loaded: SnapshotPartition[] | undefined;
  let position = 0;
  return {
    /** The chunk that the next partition is the first of. */
    chunkAhead: (): ChunkEntry | undefined => (loaded ? undefined : chunks[chunkIndex]),
    skipChunk() {
      chunkIndex++;
    },
    async head(): Promise<SnapshotPartition | undefined> {
      const chunk = chunks[chunkIndex];
      if (!table || !chunk) return undefined;
      loaded ??= await table.partitionsOf(chunk);
      return loaded[position];
    },
    next() {
      position++;
      if (!loaded || position < loaded.length) return;
      loaded = undefined;
      position = 0;
      chunkIndex++;
    },
  };
}

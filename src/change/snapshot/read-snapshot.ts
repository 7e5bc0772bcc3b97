// Reads a snapshot lazily: the manifest at once, each object when it is asked for.
import { decodeDefinition } from '../canonical-definition.js';
import type { CatalogObject, CatalogObjectKey, ObjectOf, Provenance } from '../catalog-object.js';
import type { DocumentStore } from '../document-store.js';
import {
  isInChunk,
  partitionCountOf,
  partitionOrder,
  tableEntryOf,
  type ChunkEntry,
  type ChunkObject,
  type DatabaseEntry,
  type DatabaseObject,
  type PartitionRecord,
  type SnapshotManifest,
  type TableEntry,
  type TableObject,
} from './manifest.js';
import { coversKey } from './scope.js';
import { cachedObjects, readManifest, type ReadObject } from './snapshot-store.js';

export interface Snapshot {
  manifest: SnapshotManifest;
  /** Whether this snapshot says anything about such an object: if so and it is not in it, it was not there. */
  covers(key: CatalogObjectKey): boolean;
  /** Undefined when it was not there, or is not covered. */
  object(key: CatalogObjectKey): Promise<CatalogObject | undefined>;
  database(DatabaseName: string): Promise<ObjectOf<'database'> | undefined>;
  databases(): AsyncIterable<ObjectOf<'database'>>;
  table(DatabaseName: string, TableName: string): Promise<SnapshotTable | undefined>;
  /** Those of a table, without reading the table itself; undefined when the table was not there. */
  partitionsOf(DatabaseName: string, TableName: string): SnapshotPartitions | undefined;
  /** In the order of their names; of one database when given. */
  tables(DatabaseName?: string): AsyncIterable<SnapshotTable>;
}

/** The partitions of a table. */
export interface SnapshotPartitions {
  /** In the order of their values, a chunk of up to 1000 at a time. */
  partitions(): AsyncIterable<SnapshotPartition[]>;
  partition(Values: readonly string[]): Promise<SnapshotPartition | undefined>;
  /** Of one of the entry's chunks. */
  partitionsOf(chunk: ChunkEntry): Promise<SnapshotPartition[]>;
}

export interface SnapshotTable extends SnapshotPartitions {
  entry: TableEntry;
  table: ObjectOf<'table'>;
  indexes: readonly ObjectOf<'partition-index'>[];
  /** Undefined when the columns had none, or none were asked for: `covers` tells. */
  statistics: ObjectOf<'table-statistics'> | undefined;
  partitionCount: number;
}

export interface SnapshotPartition {
  partition: ObjectOf<'partition'>;
  statistics: ObjectOf<'partition-statistics'> | undefined;
}

/** @throws GluepotError `usage` when there is no such snapshot; DamagedSnapshotError when its manifest is */
export async function readSnapshot(store: DocumentStore, id: string): Promise<Snapshot> {
  return openSnapshot(store, await readManifest(store, id));
}

/** Each reader of it throws DamagedSnapshotError when an object is missing or damaged. Objects read last are kept. */
export function openSnapshot(store: DocumentStore, manifest: SnapshotManifest): Snapshot {
  const read = cachedObjects(store);
  const entryOf = (DatabaseName: string) =>
    manifest.databases.find((entry) => isSameName(entry.DatabaseName, DatabaseName));

  const table: Snapshot['table'] = async (DatabaseName, TableName) => {
    const entry = tableEntryOf(manifest, { kind: 'table', DatabaseName, TableName });
    return entry && readTable(read, entry);
  };

  const snapshot: Snapshot = {
    manifest,
    covers: coversKey(manifest.scope),
    async database(DatabaseName) {
      const entry = entryOf(DatabaseName);
      return entry && readDatabase(read, entry);
    },
    async *databases() {
      for (const entry of manifest.databases) yield await readDatabase(read, entry);
    },
    table,
    partitionsOf(DatabaseName, TableName) {
      const entry = tableEntryOf(manifest, { kind: 'table', DatabaseName, TableName });
      return entry && partitionsOf(read, { DatabaseName, TableName: entry.TableName }, entry);
    },
    async *tables(DatabaseName) {
      const databases = DatabaseName === undefined ? manifest.databases : [entryOf(DatabaseName)];
      for (const database of databases) {
        for (const entry of database?.tables ?? []) yield await readTable(read, entry);
      }
    },
    async object(key) {
      if (key.kind === 'database') return snapshot.database(key.DatabaseName);
      const found = await table(key.DatabaseName, key.TableName);
      if (!found) return undefined;
      switch (key.kind) {
        case 'table':
          return found.table;
        case 'partition-index':
          return found.indexes.find((index) => index.key.IndexName === key.IndexName);
        case 'table-statistics':
          return found.statistics;
        case 'partition':
          return (await found.partition(key.Values))?.partition;
        case 'partition-statistics':
          return (await found.partition(key.Values))?.statistics;
      }
    },
  };
  return snapshot;
}

// AWS stores names in lower case, and finds them in any.
function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

async function readDatabase(read: ReadObject, entry: DatabaseEntry): Promise<ObjectOf<'database'>> {
  const { definition, CreateTime } = await read<DatabaseObject>(entry);
  return {
    key: { kind: 'database', DatabaseName: entry.DatabaseName },
    definition: decodeDefinition('database', definition),
    provenance: CreateTime === undefined ? {} : { CreateTime: new Date(CreateTime) },
  };
}

async function readTable(read: ReadObject, entry: TableEntry): Promise<SnapshotTable> {
  const object = await read<TableObject>(entry);
  const { DatabaseName, statistics = [] } = object;
  const where = { DatabaseName, TableName: entry.TableName };
  return {
    entry,
    table: {
      key: { kind: 'table', ...where },
      definition: decodeDefinition('table', object.definition),
      provenance: provenanceOf(object.provenance),
    },
    indexes: object.indexes.map((index) => ({
      key: { kind: 'partition-index', ...where, IndexName: index.IndexName as string },
      definition: decodeDefinition('partition-index', index),
      provenance: {},
    })),
    statistics:
      statistics.length === 0
        ? undefined
        : {
            key: { kind: 'table-statistics', ...where },
            definition: decodeDefinition('table-statistics', statistics),
            provenance: {},
          },
    partitionCount: partitionCountOf(entry),
    ...partitionsOf(read, where, entry),
  };
}

function partitionsOf(
  read: ReadObject,
  where: { DatabaseName: string; TableName: string },
  { chunks }: TableEntry,
): SnapshotPartitions {
  /** Who asks partition by partition asks for neighbours, while readers of other tables fill the cache. */
  let last: { chunk: ChunkEntry; object: ChunkObject } | undefined;
  return {
    partitionsOf: (chunk) => readChunk(read, where, chunk),
    async *partitions() {
      for (const chunk of chunks) yield await readChunk(read, where, chunk);
    },
    async partition(Values) {
      if (!last || !isInChunk(last.chunk, Values)) {
        const chunk = chunks.find((one) => isInChunk(one, Values));
        if (!chunk) return undefined;
        last = { chunk, object: await read<ChunkObject>(chunk) };
      }
      const record = findRecord(last.object, partitionOrder(Values));
      return record && partitionOf(where, record);
    },
  };
}

/** By halves: a chunk's partitions are in order. */
function findRecord({ partitions }: ChunkObject, order: string): PartitionRecord | undefined {
  let [low, high] = [0, partitions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const record = partitions[middle] as PartitionRecord;
    const found = partitionOrder(record.definition.Values);
    if (found === order) return record;
    if (found < order) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

async function readChunk(
  read: ReadObject,
  where: { DatabaseName: string; TableName: string },
  chunk: ChunkEntry,
): Promise<SnapshotPartition[]> {
  const { partitions } = await read<ChunkObject>(chunk);
  return partitions.map((record) => partitionOf(where, record));
}

function partitionOf(
  where: { DatabaseName: string; TableName: string },
  { definition, CreateTime, statistics = [] }: PartitionRecord,
): SnapshotPartition {
  const { Values } = definition;
  return {
    partition: {
      key: { kind: 'partition', ...where, Values },
      definition: decodeDefinition('partition', definition),
      provenance: CreateTime === undefined ? {} : { CreateTime: new Date(CreateTime) },
    },
    statistics:
      statistics.length === 0
        ? undefined
        : {
            key: { kind: 'partition-statistics', ...where, Values },
            definition: decodeDefinition('partition-statistics', statistics),
            provenance: {},
          },
  };
}

function provenanceOf({ CreateTime, UpdateTime, ...rest }: TableObject['provenance']): Provenance {
  return {
    ...rest,
    ...(CreateTime === undefined ? {} : { CreateTime: new Date(CreateTime) }),
    ...(UpdateTime === undefined ? {} : { UpdateTime: new Date(UpdateTime) }),
  };
}

// One table into a snapshot: its definition with what belongs to it, and its partitions in chunks.
import { encodeDefinition } from '../canonical-definition.js';
import type { CatalogAccess } from '../catalog-access.js';
import type { CatalogObject, ObjectOf } from '../catalog-object.js';
import {
  observePartitionIndexes,
  observePartitions,
  observePartitionStatistics,
  observeTableStatistics,
} from '../observe-catalog.js';
import { isResourceLink } from '../resource-link.js';
import {
  partitionCountOf,
  type ChunkEntry,
  type SnapshotScope,
  type TableEntry,
  type TableObject,
} from './manifest.js';
import { writePartitionChunks } from './partition-chunks.js';
import { coversParts } from './scope.js';
import type { ObjectWriter, ReadObject } from './snapshot-store.js';

/** Partitions that one segment reads; a table that had more is read in several at once. */
const SEGMENT_PARTITIONS = 5000;
const SEGMENTS_MAX = 4;

export interface Capturing {
  access: CatalogAccess;
  scope: SnapshotScope;
  writer: ObjectWriter;
  /** Objects of the snapshot before. */
  read: ReadObject;
  /** Told of each object when it is read, and of some again where a table is read again. */
  onObject: (object: CatalogObject) => void;
}

/** @param last the table in the snapshot before */
export async function captureTable(
  capturing: Capturing,
  table: ObjectOf<'table'>,
  last: TableEntry | undefined,
): Promise<TableEntry> {
  const { writer, onObject } = capturing;
  const { DatabaseName, TableName } = table.key;
  const { VersionId, CreateTime, UpdateTime, CreatedBy } = table.provenance;
  onObject(table);
  const object: TableObject = {
    kind: 'table',
    DatabaseName,
    definition: encodeDefinition('table', table.definition),
    provenance: {
      ...(VersionId === undefined ? {} : { VersionId }),
      ...(CreateTime ? { CreateTime: CreateTime.toISOString() } : {}),
      ...(UpdateTime ? { UpdateTime: UpdateTime.toISOString() } : {}),
      ...(CreatedBy === undefined ? {} : { CreatedBy }),
    },
    ...(await captureParts(capturing, table, last)),
  };
  return {
    TableName,
    ...(await writer.write(JSON.stringify(object))),
    ...(VersionId === undefined ? {} : { VersionId }),
    ...(UpdateTime ? { UpdateTime: UpdateTime.toISOString() } : {}),
    chunks: isPartitioned(table) ? await captureChunks(capturing, table, last) : [],
  };
}

/** A link's partitions, indexes and statistics are those of the table that it leads to. */
function isPartitioned({ definition }: ObjectOf<'table'>): boolean {
  return (definition.PartitionKeys ?? []).length > 0 && !isResourceLink(definition);
}

async function captureParts(
  { access, scope, read, onObject }: Capturing,
  table: ObjectOf<'table'>,
  last: TableEntry | undefined,
): Promise<Pick<TableObject, 'indexes' | 'statistics'>> {
  const { DatabaseName, TableName } = table.key;
  if (!coversParts(scope)(TableName)) {
    // They are not covered, so nothing is said of them; as they were last, they make no object that differs in nothing else.
    const { indexes = [], statistics } = last ? await read<TableObject>(last) : {};
    return { indexes, ...(statistics ? { statistics } : {}) };
  }
  const indexes = isPartitioned(table) ? await observePartitionIndexes(access, DatabaseName, TableName) : [];
  indexes.forEach(onObject);
  const found = {
    indexes: indexes
      .map(({ definition }) => definition)
      .sort((one, other) => ((one.IndexName as string) < (other.IndexName as string) ? -1 : 1)),
  };
  if ((scope.statistics ?? 'none') === 'none') return found;
  const isLink = isResourceLink(table.definition);
  const statistics = isLink ? undefined : await observeTableStatistics(access, table);
  if (statistics) onObject(statistics);
  const columns = encodeDefinition('table-statistics', statistics?.definition ?? []) as unknown[];
  return { ...found, statistics: columns };
}

async function captureChunks(
  { access, scope, writer, onObject }: Capturing,
  table: ObjectOf<'table'>,
  last: TableEntry | undefined,
): Promise<ChunkEntry[]> {
  const { DatabaseName, TableName } = table.key;
  const expected = last ? partitionCountOf(last) : 0;
  const segments = Math.min(Math.ceil(expected / SEGMENT_PARTITIONS), SEGMENTS_MAX);
  const pages = observePartitions(access, DatabaseName, TableName, { segments });
  const told = async function* () {
    for await (const page of pages) {
      page.forEach(onObject);
      yield page;
    }
  };
  const ofPartition = async (partition: ObjectOf<'partition'>) => {
    const found = await observePartitionStatistics(access, table, partition.key.Values, partition);
    return encodeDefinition('partition-statistics', found?.definition ?? []) as unknown[];
  };
  return writePartitionChunks(writer, told(), scope.statistics === 'all' ? ofPartition : undefined);
}

/** Whether a table is no longer the one that was read. */
export function hasMoved(entry: TableEntry, { provenance }: ObjectOf<'table'>): boolean {
  return (
    entry.VersionId !== provenance.VersionId || entry.UpdateTime !== provenance.UpdateTime?.toISOString()
  );
}

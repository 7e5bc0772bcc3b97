// One table into a snapshot: its definition with what belongs to it, and its partitions in chunks.
import { encodeDefinition } from '../canonical-definition.js';
import type { CatalogAccess } from '../catalog-access.js';
import type { ObjectOf } from '../catalog-object.js';
import {
  observePartitionIndexes,
  observePartitions,
  observePartitionStatistics,
  observeTableStatistics,
} from '../observe-catalog.js';
import type { SnapshotScope, TableEntry, TableObject } from './manifest.js';
import { writePartitionChunks } from './partition-chunks.js';
import type { ObjectWriter } from './snapshot-store.js';

/** Partitions that one segment reads; a table that had more is read in several at once. */
const SEGMENT_PARTITIONS = 5000;
const SEGMENTS_MAX = 4;

/** @param expectedPartitions as many as the table had when it was last seen */
export async function captureTable(
  access: CatalogAccess,
  { statistics = 'none' }: SnapshotScope,
  writer: ObjectWriter,
  table: ObjectOf<'table'>,
  expectedPartitions: number,
): Promise<TableEntry> {
  const { DatabaseName, TableName } = table.key;
  const { VersionId, CreateTime, UpdateTime, CreatedBy } = table.provenance;
  const isPartitioned = (table.definition.PartitionKeys ?? []).length > 0;

  const indexes = isPartitioned ? await observePartitionIndexes(access, DatabaseName, TableName) : [];
  const ofTable = statistics === 'none' ? undefined : await observeTableStatistics(access, table);
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
    indexes: indexes
      .map(({ definition }) => definition)
      .sort((one, other) => ((one.IndexName as string) < (other.IndexName as string) ? -1 : 1)),
    ...(statistics === 'none'
      ? {}
      : { statistics: encodeDefinition('table-statistics', ofTable?.definition ?? []) as unknown[] }),
  };
  const reference = await writer.write(JSON.stringify(object));

  const segments = Math.min(Math.ceil(expectedPartitions / SEGMENT_PARTITIONS), SEGMENTS_MAX);
  const pages = observePartitions(access, DatabaseName, TableName, { segments });
  const ofPartition = async (partition: ObjectOf<'partition'>) => {
    const found = await observePartitionStatistics(access, table, partition.key.Values, partition);
    return encodeDefinition('partition-statistics', found?.definition ?? []) as unknown[];
  };
  const chunks = isPartitioned
    ? await writePartitionChunks(writer, pages, statistics === 'all' ? ofPartition : undefined)
    : [];
  return {
    TableName,
    ...reference,
    ...(VersionId === undefined ? {} : { VersionId }),
    ...(UpdateTime ? { UpdateTime: UpdateTime.toISOString() } : {}),
    chunks,
  };
}

/** Whether a table is no longer the one that was read. */
export function hasMoved(entry: TableEntry, { provenance }: ObjectOf<'table'>): boolean {
  return (
    entry.VersionId !== provenance.VersionId || entry.UpdateTime !== provenance.UpdateTime?.toISOString()
  );
}

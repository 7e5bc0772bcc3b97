// Partition indexes: which keys of a table are indexed, and in which state. Partitions are kept in the order of their
// keys and found by it, so an index has nothing to build here; it passes through AWS's states as time goes by.
import type { PartitionIndex, PartitionIndexDescriptor } from '@aws-sdk/client-glue';
import { AwsError } from '../wire/aws-error.js';
import type { CatalogContext } from './catalog-context.js';
import type { TableRow, Tables } from './table.js';

export interface PartitionIndexes {
  create(database: string, table: string, index: PartitionIndex): void;
  /** For a table that is being made. */
  createAll(table: TableRow, indexes: readonly PartitionIndex[]): void;
  list(database: string, table: string): PartitionIndexDescriptor[];
  delete(database: string, table: string, indexName: string): void;
}

/** AWS docs: at most so many indexes on one table. */
const INDEXES_MAX = 3;

/** How long an index is CREATING, and how long DELETING, in milliseconds. */
const TRANSITION_MS = 1000;

interface IndexRow {
  name: string;
  keys: string;
  createdMs: number;
  deletedMs: number | null;
}

export function openPartitionIndexes({ state, clock }: CatalogContext, tables: Tables): PartitionIndexes {
  const rowsOf = (table: TableRow): IndexRow[] => {
    const rows = state
      .sql(
        `SELECT name, keys, created_ms AS createdMs, deleted_ms AS deletedMs
         FROM catalog_partition_indexes WHERE table_id = ? ORDER BY name`,
      )
      .all(table.id) as IndexRow[];
    return rows.filter(({ deletedMs }) => deletedMs === null || !isPast(deletedMs));
  };

  const isPast = (startMs: number) => clock.now().getTime() >= startMs + TRANSITION_MS;

  const create = (table: TableRow, { IndexName, Keys }: PartitionIndex) => {
    const rows = rowsOf(table);
    const keys = JSON.stringify(Keys);
    if (rows.some((row) => row.name === IndexName || row.keys === keys)) {
      throw new AwsError(
        'AlreadyExistsException',
        `Index ${IndexName}, or one with the same keys, already exists.`,
      );
    }
    if (rows.length >= INDEXES_MAX) {
      throw new AwsError(
        'ResourceNumberLimitExceededException',
        `A table has at most ${INDEXES_MAX} partition indexes.`,
      );
    }
    const names = table.partitionKeys.map((key) => key.Name);
    const unknown = (Keys ?? []).find((key) => !names.includes(key));
    if (unknown !== undefined) {
      throw new AwsError(
        'InvalidInputException',
        `Index key ${unknown} is not a partition key of table ${table.name}, which has: ${names.join(', ') || 'none'}.`,
      );
    }
    state
      .sql('INSERT OR REPLACE INTO catalog_partition_indexes VALUES (?, ?, ?, ?, NULL)')
      .run(table.id, IndexName as string, keys, clock.now().getTime());
  };

  const descriptorOf = (table: TableRow, row: IndexRow): PartitionIndexDescriptor => ({
    IndexName: row.name,
    Keys: (JSON.parse(row.keys) as string[]).map((name) => {
      const key = table.partitionKeys.find((candidate) => candidate.Name === name);
      return { Name: name, Type: key?.Type ?? 'string' };
    }),
    IndexStatus: row.deletedMs !== null ? 'DELETING' : isPast(row.createdMs) ? 'ACTIVE' : 'CREATING',
    BackfillErrors: [],
  });

  return {
    create: (database, name, index) => state.transaction(() => create(tables.require(database, name), index)),
    createAll: (table, indexes) => indexes.forEach((index) => create(table, index)),
    list(database, name) {
      const table = tables.require(database, name);
      return rowsOf(table).map((row) => descriptorOf(table, row));
    },
    delete: (database, name, indexName) =>
      state.transaction(() => {
        const table = tables.require(database, name);
        const row = rowsOf(table).find(
          (candidate) => candidate.name === indexName && candidate.deletedMs === null,
        );
        if (!row)
          throw new AwsError('EntityNotFoundException', `Index ${indexName} not found on table ${name}.`);
        if (!isPast(row.createdMs)) {
          throw new AwsError(
            'ConflictException',
            `Index ${indexName} is CREATING: wait until GetPartitionIndexes tells that it is ACTIVE.`,
          );
        }
        state
          .sql('UPDATE catalog_partition_indexes SET deleted_ms = ? WHERE table_id = ? AND name = ?')
          .run(clock.now().getTime(), table.id, indexName);
      }),
  };
}

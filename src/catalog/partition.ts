// Partitions: create, get, update, delete and list. A partition is known by its values.
import type { BatchUpdatePartitionFailureEntry, PartitionError, PartitionInput } from '@aws-sdk/client-glue';
import { AwsError } from '../wire/aws-error.js';
import type { Page, PageOptions } from './catalog.js';
import { errorsOf } from './batch.js';
import { catalogEvents, type TableChange } from './catalog-events.js';
import type { CatalogContext } from './catalog-context.js';
import { secondsOf } from './document-text.js';
import { statisticsPlace } from './statistics-place.js';
import { openTakeApart, putTogether } from './partition-document.js';
import { partitionFilter } from './partition-filter.js';
import { type KeyCodec, keyCodec } from './partition-key.js';
import type { PartitionRow, PartitionRows } from './partition-rows.js';
import { type Segment, walkPartitions } from './partition-walk.js';
import type { TableRow, Tables } from './table.js';

/**
 * Partitions as JSON text in wire form. Writing takes each item for itself: one that fails is reported, not thrown.
 * `change` is what the event of it says; without it that the Batch operation was called.
 */
export interface Partitions {
  create(
    database: string,
    table: string,
    inputs: readonly PartitionInput[],
    change?: TableChange,
  ): PartitionError[];
  /** The partition, or undefined. @throws AwsError EntityNotFoundException for a missing database or table */
  find(database: string, table: string, values: readonly string[]): string | undefined;
  /** Those that exist, in the order asked for. */
  findAll(database: string, table: string, valuesList: readonly (readonly string[])[]): string[];
  update(
    database: string,
    table: string,
    entries: readonly { values: readonly string[]; input: PartitionInput }[],
    change?: TableChange,
  ): BatchUpdatePartitionFailureEntry[];
  delete(
    database: string,
    table: string,
    valuesList: readonly (readonly string[])[],
    change?: TableChange,
  ): PartitionError[];
  list(database: string, table: string, options?: PartitionListOptions): Page<string>;
}

export interface PartitionListOptions extends PageOptions {
  /** As in GetPartitions; '' and undefined mean all. */
  expression?: string;
  segment?: Segment;
  withoutColumns?: boolean;
}

export function openPartitions(
  context: CatalogContext,
  tables: Tables,
  partitionRows: PartitionRows,
): Partitions {
  const { state, clock, accountId } = context;
  const events = catalogEvents(context);

  const open = (database: string, name: string) => {
    const table = tables.require(database, name);
    return { table, codec: keyCodec(table.partitionKeys) };
  };

  const textsOf = (table: TableRow) => {
    const { DatabaseName } = JSON.parse(table.document) as { DatabaseName: string };
    const prefix = JSON.stringify({ DatabaseName, TableName: table.name, CatalogId: accountId }).slice(1, -1);
    const piecesOf = partitionRows.descriptors();
    return (row: PartitionRow, values: readonly string[], withoutColumns = false) =>
      putTogether(prefix, values, piecesOf(row), withoutColumns);
  };

  const findAll: Partitions['findAll'] = (database, name, valuesList) => {
    const { table, codec } = open(database, name);
    const textOf = textsOf(table);
    return valuesList.flatMap((values) => {
      const row = partitionRows.find(table.id, keyOf(table, codec, values));
      return row ? [textOf(row, values)] : [];
    });
  };

  return {
    create: (database, name, inputs, change = 'BatchCreatePartition') =>
      state.transaction(() => {
        const changed: (readonly string[])[] = [];
        const { table, codec } = open(database, name);
        const creationTime = secondsOf(clock.now());
        const takeApart = openTakeApart();
        const errors = partitionRows.write(table.id, (writer) =>
          errorsOf(
            inputs,
            (input) => {
              const key = keyOf(table, codec, input.Values ?? []);
              if (!writer.insert(key, takeApart(input, creationTime))) throw alreadyExists();
              changed.push(input.Values ?? []);
            },
            (input, ErrorDetail) => ({ PartitionValues: input.Values ?? [], ErrorDetail }),
          ),
        );
        events.tableChanged(change, database, name, changed);
        return errors;
      }),

    find: (database, name, values) => findAll(database, name, [values])[0],
    findAll,

    update: (database, name, entries, change = 'BatchUpdatePartition') =>
      state.transaction(() => {
        const changed: (readonly string[])[] = [];
        const { table, codec } = open(database, name);
        const takeApart = openTakeApart();
        const errors = partitionRows.write(table.id, (writer) =>
          errorsOf(
            entries,
            ({ values, input }) => {
              const key = keyOf(table, codec, values);
              const old = partitionRows.find(table.id, key);
              if (!old) throw partitionNotFound();
              const newKey = keyOf(table, codec, input.Values ?? values);
              if (newKey !== key && partitionRows.find(table.id, newKey)) throw alreadyExists();
              const { CreationTime } = JSON.parse(`{${old.members}}`) as { CreationTime: number };
              writer.delete(key);
              writer.insert(newKey, takeApart(input, CreationTime));
              if (newKey !== key) {
                state
                  .sql('UPDATE catalog_column_statistics SET place = ? WHERE table_id = ? AND place = ?')
                  .run(statisticsPlace(input.Values), table.id, statisticsPlace(values));
              }
              changed.push(values);
            },
            ({ values }, ErrorDetail) => ({ PartitionValueList: [...values], ErrorDetail }),
          ),
        );
        events.tableChanged(change, database, name, changed);
        return errors;
      }),

    delete: (database, name, valuesList, change = 'BatchDeletePartition') =>
      state.transaction(() => {
        const changed: (readonly string[])[] = [];
        const { table, codec } = open(database, name);
        const errors = partitionRows.write(table.id, (writer) =>
          errorsOf(
            valuesList,
            (values) => {
              if (!writer.delete(keyOf(table, codec, values))) throw partitionNotFound();
              state
                .sql('DELETE FROM catalog_column_statistics WHERE table_id = ? AND place = ?')
                .run(table.id, statisticsPlace(values));
              changed.push(values);
            },
            (values, ErrorDetail) => ({ PartitionValues: [...values], ErrorDetail }),
          ),
        );
        events.tableChanged(change, database, name, changed);
        return errors;
      }),

    list(database, name, { expression = '', withoutColumns, ...options } = {}) {
      requireSegment(options.segment);
      const { table, codec } = open(database, name);
      const page = walkPartitions((after, limit) => partitionRows.read(table.id, after, limit), codec, {
        ...options,
        ...(expression.trim() === '' ? {} : { filter: partitionFilter(expression, table.partitionKeys) }),
      });
      const textOf = textsOf(table);
      const items = page.rows.map((row) => textOf(row, row.values, withoutColumns));
      return page.next === undefined ? { items } : { items, next: page.next };
    },
  };
}

function requireSegment(segment: Segment | undefined): void {
  if (!segment || segment.number < segment.total) return;
  throw new AwsError(
    'InvalidInputException',
    `SegmentNumber ${segment.number} is not below TotalSegments, which is ${segment.total}: segments count from 0.`,
  );
}

export function partitionNotFound(): AwsError {
  return new AwsError('EntityNotFoundException', 'Cannot find partition.');
}

function alreadyExists(): AwsError {
  return new AwsError('AlreadyExistsException', 'Partition already exists.');
}

function keyOf(table: TableRow, codec: KeyCodec, values: readonly string[]): string {
  const keys = table.partitionKeys;
  if (values.length !== keys.length) {
    throw new AwsError(
      'InvalidInputException',
      `The number of partition keys do not match the number of partition values: table ${table.name} has ` +
        `${keys.length} (${keys.map((key) => key.Name).join(', ')}), given were ${values.length}.`,
    );
  }
  return codec.encode(values);
}

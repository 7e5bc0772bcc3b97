// Column statistics of tables and of partitions, as JSON text in wire form.
import * as client from '@aws-sdk/client-glue';
import type { ColumnError, ColumnStatistics, ColumnStatisticsError } from '@aws-sdk/client-glue';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import { encodeJson } from '../wire/json.js';
import { operationShape, type Shape } from '../wire/schema.js';
import { partitionNotFound, type Partitions } from './partition.js';
import { statisticsPlace } from './statistics-place.js';
import type { Tables } from './table.js';

/** What the statistics are of: a table, or one of its partitions. */
export interface StatisticsOwner {
  database: string;
  table: string;
  /** Of the partition. */
  values?: readonly string[];
}

/** @throws AwsError EntityNotFoundException for a missing database, table or partition */
export interface ColumnStatisticsTable {
  update(owner: StatisticsOwner, statistics: readonly ColumnStatistics[]): ColumnStatisticsError[];
  /** Texts of those that are there, and an error for each column without. */
  get(owner: StatisticsOwner, columnNames: readonly string[]): { texts: string[]; errors: ColumnError[] };
  /** @throws AwsError EntityNotFoundException when the column has none */
  delete(owner: StatisticsOwner, columnName: string): void;
}

export function openColumnStatistics(
  state: State,
  tables: Tables,
  partitions: Partitions,
): ColumnStatisticsTable {
  const open = ({ database, table, values }: StatisticsOwner) => {
    const row = tables.require(database, table);
    if (values && partitions.find(database, table, values) === undefined) throw partitionNotFound();
    return { row, place: [row.id, statisticsPlace(values)] as const };
  };
  return {
    update: (owner, statistics) =>
      state.transaction(() => {
        const { row, place } = open(owner);
        const columns = columnNamesOf(row.document);
        const errors: ColumnStatisticsError[] = [];
        for (const each of statistics) {
          const problem = problemOf(each, columns);
          if (problem) {
            errors.push({ ColumnStatistics: each, Error: problem });
            continue;
          }
          state
            .sql('INSERT OR REPLACE INTO catalog_column_statistics VALUES (?, ?, ?, ?)')
            .run(...place, each.ColumnName as string, encodeJson(columnStatisticsShape(), each));
        }
        return errors;
      }),
    get(owner, columnNames) {
      const { place } = open(owner);
      const texts: string[] = [];
      const errors: ColumnError[] = [];
      for (const name of columnNames) {
        const found = state
          .sql(
            'SELECT document FROM catalog_column_statistics WHERE table_id = ? AND place = ? AND column_name = ?',
          )
          .get(...place, name) as { document: string } | undefined;
        if (found) texts.push(found.document);
        else errors.push({ ColumnName: name, Error: noStatistics(name) });
      }
      return { texts, errors };
    },
    delete: (owner, columnName) =>
      state.transaction(() => {
        const { place } = open(owner);
        const { changes } = state
          .sql('DELETE FROM catalog_column_statistics WHERE table_id = ? AND place = ? AND column_name = ?')
          .run(...place, columnName);
        if (changes === 0) {
          const { ErrorCode, ErrorMessage } = noStatistics(columnName);
          throw new AwsError(ErrorCode, ErrorMessage);
        }
      }),
  };
}

function noStatistics(columnName: string) {
  return { ErrorCode: 'EntityNotFoundException', ErrorMessage: `Column ${columnName} has no statistics.` };
}

function columnNamesOf(document: string): Set<string> {
  const { StorageDescriptor, PartitionKeys = [] } = JSON.parse(document) as client.Table;
  return new Set(
    [...(StorageDescriptor?.Columns ?? []), ...PartitionKeys].map(({ Name = '' }) => Name.toLowerCase()),
  );
}

/** Each type has the member of its name: `LONG` has `LongColumnStatisticsData`. */
function problemOf({ ColumnName = '', StatisticsData }: ColumnStatistics, columns: ReadonlySet<string>) {
  if (!columns.has(ColumnName.toLowerCase())) {
    return { ErrorCode: 'EntityNotFoundException', ErrorMessage: `Column ${ColumnName} not found.` };
  }
  const { Type = '', ...data } = StatisticsData ?? {};
  const given = Object.keys(data);
  const wanted = `${Type.charAt(0)}${Type.slice(1).toLowerCase()}ColumnStatisticsData`;
  if (given.length === 1 && given[0] === wanted) return undefined;
  return {
    ErrorCode: 'InvalidInputException',
    ErrorMessage: `StatisticsData of column ${ColumnName} has Type ${Type}: it must have ${wanted} and no other data.`,
  };
}

let statisticsShape: Shape | undefined;

function columnStatisticsShape(): Shape {
  if (statisticsShape) return statisticsShape;
  const list = operationShape(client, 'UpdateColumnStatisticsForTable')?.input.members.find(
    ({ name }) => name === 'ColumnStatisticsList',
  )?.shape;
  if (list?.kind !== 'list') throw new Error('The model has no list of column statistics.');
  return (statisticsShape = list.item.shape);
}

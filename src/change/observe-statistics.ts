// Column statistics of a table or a partition: read a hundred columns at a time, and only where somebody asks for them.
import {
  GetColumnStatisticsForPartitionCommand,
  GetColumnStatisticsForTableCommand,
  type ColumnError,
  type ColumnStatistics,
} from '@aws-sdk/client-glue';
import { asGluepotError, isForeignAnswer } from '../aws/aws-failure.js';
import { GluepotError } from '../base/errors.js';
import { statisticsDefinition } from './canonical-definition.js';
import { unlessAbsent, type CatalogAccess } from './catalog-access.js';
import type { ObjectOf } from './catalog-object.js';

/** AWS's model: Get operations on column statistics take so many names. */
const COLUMNS_MAX = 100;

/** Undefined when no column has any, or the table is gone. */
export async function observeTableStatistics(
  { glue, CatalogId, signal }: CatalogAccess,
  table: ObjectOf<'table'>,
): Promise<ObjectOf<'table-statistics'> | undefined> {
  const { DatabaseName, TableName } = table.key;
  const definition = await readChunks(columnNames(table), (ColumnNames) =>
    glue.send(new GetColumnStatisticsForTableCommand({ CatalogId, DatabaseName, TableName, ColumnNames }), {
      abortSignal: signal,
    }),
  );
  if (definition.length === 0) return undefined;
  return { key: { kind: 'table-statistics', DatabaseName, TableName }, definition, provenance: {} };
}

/** Of the partition's own columns when `partition` has some, else of its table's. Undefined when no column has any. */
export async function observePartitionStatistics(
  { glue, CatalogId, signal }: CatalogAccess,
  table: ObjectOf<'table'>,
  Values: readonly string[],
  partition?: ObjectOf<'partition'>,
): Promise<ObjectOf<'partition-statistics'> | undefined> {
  const { DatabaseName, TableName } = table.key;
  const own = partition ? columnNames(partition) : [];
  const definition = await readChunks(own.length > 0 ? own : columnNames(table), (ColumnNames) =>
    glue.send(
      new GetColumnStatisticsForPartitionCommand({
        CatalogId,
        DatabaseName,
        TableName,
        PartitionValues: [...Values],
        ColumnNames,
      }),
      { abortSignal: signal },
    ),
  );
  if (definition.length === 0) return undefined;
  return {
    key: { kind: 'partition-statistics', DatabaseName, TableName, Values },
    definition,
    provenance: {},
  };
}

function columnNames({ definition }: ObjectOf<'table'> | ObjectOf<'partition'>): string[] {
  return (definition.StorageDescriptor?.Columns ?? []).map(({ Name }) => Name as string);
}

/** Whoever has no such operation has no statistics either; but that is for people to say. */
function refuseForeign(error: unknown): never {
  if (!isForeignAnswer(error)) throw error;
  const { kind, message } = asGluepotError(error);
  throw new GluepotError(
    kind,
    `Column statistics cannot be read. ${message} Where there are none, --no-statistics does without them.`,
    { cause: error },
  );
}

interface StatisticsAnswer {
  ColumnStatisticsList?: ColumnStatistics[];
  Errors?: ColumnError[];
}

async function readChunks(
  names: readonly string[],
  read: (ColumnNames: string[]) => Promise<StatisticsAnswer>,
): Promise<ColumnStatistics[]> {
  const found: ColumnStatistics[] = [];
  for (let start = 0; start < names.length; start += COLUMNS_MAX) {
    const answer = await unlessAbsent(read(names.slice(start, start + COLUMNS_MAX)).catch(refuseForeign));
    for (const { ColumnName, Error: detail } of answer?.Errors ?? []) {
      // A column without statistics is answered as an error of its own.
      if (detail?.ErrorCode === 'EntityNotFoundException') continue;
      throw new GluepotError(
        'failed',
        `Statistics of column ${ColumnName} cannot be read: ${detail?.ErrorCode} ${detail?.ErrorMessage ?? ''}`,
      );
    }
    found.push(...(answer?.ColumnStatisticsList ?? []));
  }
  return statisticsDefinition(found);
}

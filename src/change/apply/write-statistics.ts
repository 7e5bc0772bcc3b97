// Puts column statistics of tables and partitions back, and removes those of columns that are to have none.
import {
  DeleteColumnStatisticsForPartitionCommand,
  DeleteColumnStatisticsForTableCommand,
  UpdateColumnStatisticsForPartitionCommand,
  UpdateColumnStatisticsForTableCommand,
  type ColumnStatistics,
  type ColumnStatisticsError,
} from '@aws-sdk/client-glue';
import { sentOnce } from '../../aws/sent-once.js';
import { isSameDefinition } from '../canonical-definition.js';
import { unlessAbsent, type CatalogAccess } from '../catalog-access.js';
import type { WriteItem, WriteObjects } from './object-writer.js';
import { itemFailure, thrownFailure, type WriteFailure } from './write-failure.js';

/** AWS's model: Update operations on column statistics take so many columns. */
const COLUMNS_MAX = 25;

/** One object after the other; only columns that differ from what was found are written. */
export const writeStatistics: WriteObjects = async (access, items) => {
  const results: (WriteFailure | undefined)[] = [];
  for (const item of items) {
    try {
      results.push(await writeColumns(access, item));
    } catch (error) {
      results.push(thrownFailure(error));
    }
  }
  return results;
};

async function writeColumns(
  { glue, CatalogId }: CatalogAccess,
  { change, found }: WriteItem,
): Promise<WriteFailure | undefined> {
  const { key } = change;
  if (key.kind !== 'table-statistics' && key.kind !== 'partition-statistics') return undefined;
  const { DatabaseName, TableName } = key;
  const table = { CatalogId, DatabaseName, TableName };
  const values = key.kind === 'partition-statistics' ? [...key.Values] : undefined;
  const now = (found?.definition ?? []) as ColumnStatistics[];
  const wanted = (change.wanted ?? []) as ColumnStatistics[];

  for (const { ColumnName } of now) {
    if (wanted.some((column) => column.ColumnName === ColumnName)) continue;
    await unlessAbsent<unknown>(
      values
        ? glue.send(
            sentOnce(
              new DeleteColumnStatisticsForPartitionCommand({
                ...table,
                PartitionValues: values,
                ColumnName,
              }),
            ),
          )
        : glue.send(sentOnce(new DeleteColumnStatisticsForTableCommand({ ...table, ColumnName }))),
    );
  }
  const differing = wanted.filter(
    (column) => !now.some((one) => isSameDefinition('table-statistics', [one], [column])),
  );
  for (let start = 0; start < differing.length; start += COLUMNS_MAX) {
    const ColumnStatisticsList = differing.slice(start, start + COLUMNS_MAX);
    const { Errors = [] }: { Errors?: ColumnStatisticsError[] } = await (values
      ? glue.send(
          sentOnce(
            new UpdateColumnStatisticsForPartitionCommand({
              ...{ ...table, PartitionValues: values },
              ColumnStatisticsList,
            }),
          ),
        )
      : glue.send(sentOnce(new UpdateColumnStatisticsForTableCommand({ ...table, ColumnStatisticsList }))));
    if (Errors[0]) return itemFailure(Errors[0].Error);
  }
  return undefined;
}

// Glue's operations on column statistics of tables and partitions.
import type { ColumnStatistics } from '@aws-sdk/client-glue';
import type { StatisticsOwner } from '../../catalog/column-statistics.js';
import { requireOwnCatalog } from '../../catalog/names.js';
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import type { Operations } from '../../wire/service.js';
import { encoded } from './answer.js';

interface OwnerMembers {
  CatalogId?: string | undefined;
  DatabaseName: string;
  TableName: string;
  PartitionValues?: string[];
}

export function columnStatisticsOperations({ catalog: { columnStatistics } }: { catalog: OpenCatalog }) {
  const get = (owner: StatisticsOwner, names: string[]) => {
    const { texts, errors } = columnStatistics.get(owner, names);
    return { ColumnStatisticsList: texts.map((text) => encoded<ColumnStatistics>(text)), Errors: errors };
  };
  return {
    UpdateColumnStatisticsForTable: (input, { accountId }) => ({
      Errors: columnStatistics.update(ownerOf(input, accountId), input.ColumnStatisticsList),
    }),
    UpdateColumnStatisticsForPartition: (input, { accountId }) => ({
      Errors: columnStatistics.update(ownerOf(input, accountId), input.ColumnStatisticsList),
    }),
    GetColumnStatisticsForTable: (input, { accountId }) => get(ownerOf(input, accountId), input.ColumnNames),
    GetColumnStatisticsForPartition: (input, { accountId }) =>
      get(ownerOf(input, accountId), input.ColumnNames),
    DeleteColumnStatisticsForTable(input, { accountId }) {
      columnStatistics.delete(ownerOf(input, accountId), input.ColumnName);
      return {};
    },
    DeleteColumnStatisticsForPartition(input, { accountId }) {
      columnStatistics.delete(ownerOf(input, accountId), input.ColumnName);
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}

function ownerOf(input: OwnerMembers, accountId: string): StatisticsOwner {
  requireOwnCatalog(input.CatalogId, accountId);
  return {
    database: input.DatabaseName,
    table: input.TableName,
    ...(input.PartitionValues ? { values: input.PartitionValues } : {}),
  };
}

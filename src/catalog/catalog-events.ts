// What the catalog tells EventBridge. Source: AWS docs, "Automating AWS Glue with EventBridge".
import type { EmitEvent } from '../events/event.js';
import { catalogName, glueArn } from './names.js';

export type DatabaseChange =
  'CreateDatabase' | 'DeleteDatabase' | 'CreateTable' | 'DeleteTable' | 'BatchDeleteTable';
export type TableChange =
  | 'UpdateTable'
  | 'CreatePartition'
  | 'BatchCreatePartition'
  | 'UpdatePartition'
  | 'BatchUpdatePartition'
  | 'DeletePartition'
  | 'BatchDeletePartition';

/** Call within the transaction that makes the change. */
export interface CatalogEvents {
  databaseChanged(change: DatabaseChange, database: string, tables?: readonly string[]): void;
  tableChanged(
    change: TableChange,
    database: string,
    table: string,
    partitions?: readonly (readonly string[])[],
  ): void;
}

/** What one Batch operation of AWS's takes; more partitions make more events. AWS's own bound is not documented. */
const PARTITIONS_MAX = 100;

export function catalogEvents({
  emit,
  region,
  accountId,
}: {
  emit: EmitEvent;
  region: string;
  accountId: string;
}): CatalogEvents {
  const arn = (path: string) => glueArn(region, accountId, path);
  return {
    databaseChanged(typeOfChange, database, tables = []) {
      const databaseName = catalogName(database);
      const changedTables = tables.map(catalogName);
      emit({
        source: 'aws.glue',
        detailType: 'Glue Data Catalog Database State Change',
        resources:
          changedTables.length > 0
            ? changedTables.map((table) => arn(`table/${databaseName}/${table}`))
            : [arn(`database/${databaseName}`)],
        detail: { databaseName, typeOfChange, ...(changedTables.length > 0 ? { changedTables } : {}) },
      });
    },
    tableChanged(typeOfChange, database, table, partitions) {
      const [databaseName, tableName] = [catalogName(database), catalogName(table)];
      const tell = (changed: object) =>
        emit({
          source: 'aws.glue',
          detailType: 'Glue Data Catalog Table State Change',
          resources: [arn(`table/${databaseName}/${tableName}`)],
          detail: { databaseName, ...changed, typeOfChange, tableName },
        });
      if (!partitions) tell({});
      for (let from = 0; from < (partitions?.length ?? 0); from += PARTITIONS_MAX) {
        const some = partitions?.slice(from, from + PARTITIONS_MAX) ?? [];
        tell({ changedPartitions: some.map((values) => `[${values.join(', ')}]`) });
      }
    },
  };
}

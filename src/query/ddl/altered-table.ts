// A stored table or partition as input of its update, with what Hive notes of a change.
import type { Partition, PartitionInput, Table, TableInput } from '@aws-sdk/client-glue';
import type { DdlScope } from './ddl-scope.js';
import { secondsText } from './create-table.js';

export function tableInputOf(table: Table): TableInput {
  return {
    Name: table.Name,
    Description: table.Description,
    Owner: table.Owner,
    LastAccessTime: table.LastAccessTime,
    LastAnalyzedTime: table.LastAnalyzedTime,
    Retention: table.Retention,
    StorageDescriptor: table.StorageDescriptor,
    PartitionKeys: table.PartitionKeys,
    ViewOriginalText: table.ViewOriginalText,
    ViewExpandedText: table.ViewExpandedText,
    TableType: table.TableType,
    Parameters: table.Parameters,
  };
}

export function partitionInputOf(partition: Partition): PartitionInput {
  return {
    Values: partition.Values,
    LastAccessTime: partition.LastAccessTime,
    LastAnalyzedTime: partition.LastAnalyzedTime,
    StorageDescriptor: partition.StorageDescriptor,
    Parameters: partition.Parameters,
  };
}

/**
 * Stores `change` of a table. Who altered it and when goes into its parameters, as Athena's DDL leaves it there (seen in
 * tables of public dumps); the catalog keeps the old version.
 */
export function alterTable(scope: DdlScope, table: Table, change: Partial<TableInput>): void {
  const seconds = secondsText(scope.clock.now());
  scope.catalog.updateTable(table.DatabaseName as string, {
    ...tableInputOf(table),
    ...change,
    Parameters: {
      ...(change.Parameters ?? table.Parameters),
      last_modified_by: 'hadoop',
      last_modified_time: seconds,
      transient_lastDdlTime: seconds,
    },
  });
}

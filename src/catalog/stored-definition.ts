// The part of a stored table or partition that an update has to send back.
import type { Partition, PartitionInput, Table, TableInput } from '@aws-sdk/client-glue';

/** By an allow-list of TableInput's members: what the service adds on its own stays out. */
export function tableInputOf(table: Table): TableInput {
  return present({
    Name: table.Name as string,
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
    TargetTable: table.TargetTable,
  });
}

/** By an allow-list of PartitionInput's members. */
export function partitionInputOf(partition: Partition): PartitionInput {
  return present({
    Values: partition.Values,
    LastAccessTime: partition.LastAccessTime,
    LastAnalyzedTime: partition.LastAnalyzedTime,
    StorageDescriptor: partition.StorageDescriptor,
    Parameters: partition.Parameters,
  });
}

function present<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}

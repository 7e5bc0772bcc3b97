// Tables and partitions as they are written: with what is empty in them, which canonical definitions leave out.
import type { PartitionInput, StorageDescriptor, TableInput } from '@aws-sdk/client-glue';

// AWS answers a member that is empty, and not one that nobody gave. Crawlers give these, and readers fail where they are missing:
// prestodb/presto#10573 and aws/aws-sdk-pandas#998 (Parameters), trinodb/trino#2901 (those of the storage),
// awslabs/amazon-s3-find-and-forget#265 (PartitionKeys).

export function tableWithEmptyMembers(table: TableInput): TableInput {
  return { PartitionKeys: [], Parameters: {}, ...table, ...storageOf(table) };
}

export function partitionWithEmptyMembers(partition: PartitionInput): PartitionInput {
  return { Parameters: {}, ...partition, ...storageOf(partition) };
}

function storageOf({ StorageDescriptor: storage }: TableInput | PartitionInput): {
  StorageDescriptor?: StorageDescriptor;
} {
  if (!storage) return {};
  const { SerdeInfo, SchemaReference } = storage;
  return {
    StorageDescriptor: {
      // AWS refuses columns beside the schema that they are read from.
      ...(SchemaReference ? {} : { Columns: [] }),
      ...{ BucketColumns: [], SortColumns: [], Parameters: {} },
      ...storage,
      ...(SerdeInfo ? { SerdeInfo: { Parameters: {}, ...SerdeInfo } } : {}),
    },
  };
}

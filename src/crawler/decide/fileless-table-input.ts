// Decide: a table of what is no files of a format: everything but its columns, place and parameters is the same.
import type { Column } from '@aws-sdk/client-glue';
import type { CrawledTable } from './table-input.js';

/** Without formats and partition keys; table and descriptor hold the same parameters, as those over files do. */
export function filelessTable({
  name,
  columns,
  location,
  parameters,
  reason,
}: {
  name: string;
  columns: Column[];
  location: string;
  parameters: Record<string, string>;
  reason: string;
}): CrawledTable {
  return {
    name,
    isPartitionIndexed: false,
    reasons: [reason],
    input: {
      Name: name,
      Owner: 'owner',
      Retention: 0,
      StorageDescriptor: {
        Columns: columns,
        Location: location,
        Compressed: false,
        NumberOfBuckets: -1,
        SerdeInfo: { Parameters: {} },
        BucketColumns: [],
        SortColumns: [],
        Parameters: parameters,
        StoredAsSubDirectories: false,
      },
      PartitionKeys: [],
      TableType: 'EXTERNAL_TABLE',
      Parameters: { ...parameters },
    },
    partitions: [],
  };
}

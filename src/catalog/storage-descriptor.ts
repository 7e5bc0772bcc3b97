// Storage descriptors as AWS answers them.
import type { StorageDescriptor } from '@aws-sdk/client-glue';

/** The members that AWS answers with even when nobody gave them (seen in GetTable answers of Iceberg tables). */
export function withDescriptorDefaults(descriptor: StorageDescriptor): StorageDescriptor {
  return {
    ...descriptor,
    Compressed: descriptor.Compressed ?? false,
    NumberOfBuckets: descriptor.NumberOfBuckets ?? 0,
    SortColumns: descriptor.SortColumns ?? [],
    StoredAsSubDirectories: descriptor.StoredAsSubDirectories ?? false,
  };
}

// Glue's operations on partition indexes.
import { requireOwnCatalog } from '../../catalog/names.js';
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import type { Operations } from '../../wire/service.js';

export function partitionIndexOperations({ catalog }: { catalog: OpenCatalog }) {
  const { partitionIndexes } = catalog;
  return {
    CreatePartitionIndex({ CatalogId, DatabaseName, TableName, PartitionIndex }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      partitionIndexes.create(DatabaseName, TableName, PartitionIndex);
      return {};
    },
    GetPartitionIndexes({ CatalogId, DatabaseName, TableName }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      return { PartitionIndexDescriptorList: partitionIndexes.list(DatabaseName, TableName) };
    },
    DeletePartitionIndex({ CatalogId, DatabaseName, TableName, IndexName }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      partitionIndexes.delete(DatabaseName, TableName, IndexName);
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}

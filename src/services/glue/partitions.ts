// Glue's operations on partitions.
import { setImmediate } from 'node:timers/promises';
import type { ErrorDetail, Partition } from '@aws-sdk/client-glue';
import { requireOwnCatalog } from '../../catalog/names.js';
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import { partitionNotFound } from '../../catalog/partition.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { encoded, nextToken, pageOptions } from './answer.js';

/** AWS's model: GetPartitions answers with at most so many at once. */
const PAGE_MAX = 1000;

export function partitionOperations({ catalog }: { catalog: OpenCatalog }) {
  const { partitions } = catalog.texts;
  return {
    CreatePartition({ CatalogId, DatabaseName, TableName, PartitionInput }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      throwFirst(partitions.create(DatabaseName, TableName, [PartitionInput], 'CreatePartition'));
      return {};
    },
    BatchCreatePartition({ CatalogId, DatabaseName, TableName, PartitionInputList }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      return { Errors: partitions.create(DatabaseName, TableName, PartitionInputList) };
    },
    GetPartition({ CatalogId, DatabaseName, TableName, PartitionValues }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      const text = partitions.find(DatabaseName, TableName, PartitionValues);
      if (text === undefined) throw partitionNotFound();
      return { Partition: encoded<Partition>(text) };
    },
    BatchGetPartition({ CatalogId, DatabaseName, TableName, PartitionsToGet }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      const valuesList = PartitionsToGet.map(({ Values }) => Values);
      const texts = partitions.findAll(DatabaseName, TableName, valuesList);
      return { Partitions: texts.map((text) => encoded<Partition>(text)), UnprocessedKeys: [] };
    },
    UpdatePartition(
      { CatalogId, DatabaseName, TableName, PartitionValueList, PartitionInput },
      { accountId },
    ) {
      requireOwnCatalog(CatalogId, accountId);
      const entries = [{ values: PartitionValueList, input: PartitionInput }];
      throwFirst(partitions.update(DatabaseName, TableName, entries, 'UpdatePartition'));
      return {};
    },
    BatchUpdatePartition({ CatalogId, DatabaseName, TableName, Entries }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      const entries = Entries.map((entry) => ({
        values: entry.PartitionValueList,
        input: entry.PartitionInput,
      }));
      return { Errors: partitions.update(DatabaseName, TableName, entries) };
    },
    DeletePartition({ CatalogId, DatabaseName, TableName, PartitionValues }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      throwFirst(partitions.delete(DatabaseName, TableName, [PartitionValues], 'DeletePartition'));
      return {};
    },
    BatchDeletePartition({ CatalogId, DatabaseName, TableName, PartitionsToDelete }, { accountId }) {
      requireOwnCatalog(CatalogId, accountId);
      const valuesList = PartitionsToDelete.map(({ Values }) => Values);
      return { Errors: partitions.delete(DatabaseName, TableName, valuesList) };
    },
    async GetPartitions(input, { accountId }) {
      requireOwnCatalog(input.CatalogId, accountId);
      const { DatabaseName, TableName, Expression, Segment, ExcludeColumnSchema } = input;
      const { count, ...start } = pageOptions('GetPartitions', input, PAGE_MAX);
      const options = {
        ...(Expression === undefined ? {} : { expression: Expression }),
        ...(Segment ? { segment: { number: Segment.SegmentNumber, total: Segment.TotalSegments } } : {}),
        ...(ExcludeColumnSchema === undefined ? {} : { withoutColumns: ExcludeColumnSchema }),
      };
      let page = partitions.list(DatabaseName, TableName, { ...options, ...start, count });
      const texts = page.items;
      // The catalog ends a page early rather than keep others waiting for a filter that finds little.
      while (texts.length < count && page.next !== undefined) {
        await setImmediate();
        const rest = { after: page.next, count: count - texts.length };
        page = partitions.list(DatabaseName, TableName, { ...options, ...rest });
        texts.push(...page.items);
      }
      return {
        Partitions: texts.map((text) => encoded<Partition>(text)),
        ...nextToken('GetPartitions', page),
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-glue')>;
}

/** For an operation on one partition, which throws what a batch reports. */
function throwFirst(errors: readonly { ErrorDetail?: ErrorDetail | undefined }[]): void {
  const detail = errors[0]?.ErrorDetail;
  if (detail) throw new AwsError(detail.ErrorCode ?? 'InternalServiceException', detail.ErrorMessage ?? '');
}

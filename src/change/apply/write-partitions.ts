// Makes, updates and removes partitions of a table in batches; each item of an answer is looked at.
import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchUpdatePartitionCommand,
  type ErrorDetail,
  type PartitionInput,
} from '@aws-sdk/client-glue';
import { sentOnce } from '../../aws/sent-once.js';
import type { WriteItem, WriteObjects } from './object-writer.js';
import { partitionWithEmptyMembers } from './with-empty-members.js';
import { itemFailure, thrownFailure, type WriteFailure } from './write-failure.js';

/** AWS's model: BatchCreatePartition and BatchUpdatePartition take so many. */
export const PARTITIONS_MAX = 100;

/** AWS's model: BatchDeletePartition takes so many. */
const DELETED_MAX = 25;

/** Partitions of one table, all of them made, all updated or all removed, at most PARTITIONS_MAX. */
export const writePartitions: WriteObjects = async (access, items) => {
  const [first] = items;
  if (!first) return [];
  if (first.change.wanted === undefined) return deletePartitions(access, items);
  const { glue, CatalogId } = access;
  const table = { CatalogId, ...tableOf(first) };
  if (first.found) {
    const Entries = items.map((item) => ({
      PartitionValueList: valuesOf(item),
      PartitionInput: inputOf(item),
    }));
    const { Errors = [] } = await glue.send(sentOnce(new BatchUpdatePartitionCommand({ ...table, Entries })));
    return failures(
      items,
      Errors.map((error) => [error.PartitionValueList, error.ErrorDetail]),
    );
  }
  const PartitionInputList = items.map(inputOf);
  const { Errors = [] } = await glue.send(new BatchCreatePartitionCommand({ ...table, PartitionInputList }));
  return failures(
    items,
    Errors.map((error) => [error.PartitionValues, error.ErrorDetail]),
  );
};

const deletePartitions: WriteObjects = async ({ glue, CatalogId }, items) => {
  const parts = Array.from({ length: Math.ceil(items.length / DELETED_MAX) }, (_, index) =>
    items.slice(index * DELETED_MAX, (index + 1) * DELETED_MAX),
  );
  const results = await Promise.all(
    parts.map(async (part) => {
      const PartitionsToDelete = part.map((item) => ({ Values: valuesOf(item) }));
      const table = { CatalogId, ...tableOf(part[0] as WriteItem) };
      try {
        const { Errors = [] } = await glue.send(
          sentOnce(new BatchDeletePartitionCommand({ ...table, PartitionsToDelete })),
        );
        return failures(
          part,
          Errors.map((error) => [error.PartitionValues, error.ErrorDetail]),
        );
      } catch (error) {
        return part.map(() => thrownFailure(error));
      }
    }),
  );
  return results.flat();
};

function failures(
  items: readonly WriteItem[],
  errors: readonly [values: string[] | undefined, detail: ErrorDetail | undefined][],
): (WriteFailure | undefined)[] {
  const details = new Map(errors.map(([values, detail]) => [JSON.stringify(values), itemFailure(detail)]));
  return items.map((item) => details.get(JSON.stringify(valuesOf(item))));
}

function tableOf({ change: { key } }: WriteItem): { DatabaseName: string; TableName: string } {
  return { DatabaseName: key.DatabaseName, TableName: 'TableName' in key ? key.TableName : '' };
}

function valuesOf({ change: { key } }: WriteItem): string[] {
  return 'Values' in key ? [...key.Values] : [];
}

function inputOf({ change }: WriteItem): PartitionInput {
  return partitionWithEmptyMembers(change.wanted as PartitionInput);
}

// A table's partitions and partition indexes: page by page and in parallel segments, never all in memory.
import {
  BatchGetPartitionCommand,
  GetPartitionIndexesCommand,
  GetTableCommand,
  paginateGetPartitions,
  type Segment,
} from '@aws-sdk/client-glue';
import { isAwsError } from '../aws/aws-failure.js';
import { systemClock } from '../base/clock.js';
import { GluepotError } from '../base/errors.js';
import { pagesUnlessAbsent, unlessAbsent, type CatalogAccess } from './catalog-access.js';
import type { ObjectOf } from './catalog-object.js';
import { partitionIndexObject, partitionObject } from './observed-object.js';

/** AWS's model: BatchGetPartition takes so many. */
const BATCH_GET_MAX = 1000;

/** AWS's model: GetPartitions knows so many segments. */
export const SEGMENTS_MAX = 10;

const FRUITLESS_MAX = 8;
const PAUSE_MIN_MS = 50;

export interface PartitionsAsked {
  /** In as many parallel segments, 1 to 10; 1 when not given. Pages then come in no order. */
  segments?: number;
  /** Only those that match, in the words of GetPartitions. */
  Expression?: string;
}

/** All partitions of a table, up to 1000 a page, at most one page a segment in memory. None when the table is gone. */
export async function* observePartitions(
  { glue: client, CatalogId, signal }: CatalogAccess,
  DatabaseName: string,
  TableName: string,
  { segments = 1, Expression }: PartitionsAsked = {},
): AsyncGenerator<ObjectOf<'partition'>[]> {
  const TotalSegments = Math.min(Math.max(segments, 1), SEGMENTS_MAX);
  const read = (Segment?: Segment) =>
    pagesUnlessAbsent(
      paginateGetPartitions(
        { client },
        { CatalogId, DatabaseName, TableName, Expression, Segment },
        { abortSignal: signal },
      ),
      ({ Partitions = [] }) =>
        Partitions.map((partition) => partitionObject(DatabaseName, TableName, partition)),
    );
  if (TotalSegments === 1) yield* read();
  else {
    const numbers = Array.from({ length: TotalSegments }, (_, SegmentNumber) => SegmentNumber);
    yield* merged(numbers.map((SegmentNumber) => read({ SegmentNumber, TotalSegments })));
  }
}

/** What any of `sources` gives next, each at most one item ahead of the reader. */
async function* merged<T>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const step = async (source: AsyncGenerator<T>) => ({ source, result: await source.next() });
  const pending = new Map(sources.map((source) => [source, step(source)]));
  try {
    while (pending.size > 0) {
      const { source, result } = await Promise.race(pending.values());
      if (result.done) {
        pending.delete(source);
        continue;
      }
      pending.set(source, step(source));
      yield result.value;
    }
  } finally {
    // What is under way ends by itself; its failure is not this reader's any more.
    await Promise.allSettled(pending.values());
    await Promise.allSettled([...pending.keys()].map((source) => source.return(undefined)));
  }
}

/**
 * Those of a table's partitions that have these values, in any order; the others are not there, nor are those with another
 * number of values than the table has keys by now.
 */
export async function observePartitionsByValues(
  access: CatalogAccess,
  DatabaseName: string,
  TableName: string,
  valuesList: readonly (readonly string[])[],
): Promise<ObjectOf<'partition'>[]> {
  try {
    return await getPartitions(access, DatabaseName, TableName, valuesList);
  } catch (error) {
    // What AWS says of a list in which one has too many values or too few (seen in BatchGetPartition answers).
    if (!isAwsError(error, 'InvalidInputException')) throw error;
    const count = await partitionKeyCount(access, DatabaseName, TableName);
    const fitting = valuesList.filter((values) => values.length === count);
    if (fitting.length === valuesList.length) throw error;
    return getPartitions(access, DatabaseName, TableName, fitting);
  }
}

/** Undefined when the table is gone. */
async function partitionKeyCount(
  { glue, CatalogId, signal }: CatalogAccess,
  DatabaseName: string,
  Name: string,
): Promise<number | undefined> {
  const answer = await unlessAbsent(
    glue.send(new GetTableCommand({ CatalogId, DatabaseName, Name }), { abortSignal: signal }),
  );
  return answer?.Table && (answer.Table.PartitionKeys ?? []).length;
}

async function getPartitions(
  { glue, CatalogId, signal, clock = systemClock }: CatalogAccess,
  DatabaseName: string,
  TableName: string,
  valuesList: readonly (readonly string[])[],
): Promise<ObjectOf<'partition'>[]> {
  const found: ObjectOf<'partition'>[] = [];
  let left = valuesList.map((values) => ({ Values: [...values] }));
  for (let fruitless = 0; left.length > 0;) {
    const PartitionsToGet = left.slice(0, BATCH_GET_MAX);
    const answer = await unlessAbsent(
      glue.send(new BatchGetPartitionCommand({ CatalogId, DatabaseName, TableName, PartitionsToGet }), {
        abortSignal: signal,
      }),
    );
    if (!answer) return [];
    for (const partition of answer.Partitions ?? []) {
      found.push(partitionObject(DatabaseName, TableName, partition));
    }
    const unprocessed = (answer.UnprocessedKeys ?? []).map(({ Values = [] }) => ({ Values }));
    fruitless = unprocessed.length === PartitionsToGet.length ? fruitless + 1 : 0;
    if (fruitless > FRUITLESS_MAX) {
      throw new GluepotError(
        'failed',
        `AWS left ${unprocessed.length} partitions of ${DatabaseName}.${TableName} unread ${fruitless} times in a row.`,
      );
    }
    if (fruitless > 0) await clock.sleep(PAUSE_MIN_MS * 2 ** fruitless, signal);
    left = [...left.slice(BATCH_GET_MAX), ...unprocessed];
  }
  return found;
}

/** Indexes that exist or are being made; those being deleted do not count. None when the table is gone. */
export async function observePartitionIndexes(
  { glue, CatalogId, signal }: CatalogAccess,
  DatabaseName: string,
  TableName: string,
): Promise<ObjectOf<'partition-index'>[]> {
  const indexes: ObjectOf<'partition-index'>[] = [];
  let NextToken: string | undefined;
  do {
    const input = { CatalogId, DatabaseName, TableName, NextToken };
    const answer = await unlessAbsent(
      glue.send(new GetPartitionIndexesCommand(input), { abortSignal: signal }),
    );
    for (const descriptor of answer?.PartitionIndexDescriptorList ?? []) {
      if (descriptor.IndexStatus !== 'DELETING') {
        indexes.push(partitionIndexObject(DatabaseName, TableName, descriptor));
      }
    }
    NextToken = answer?.NextToken;
  } while (NextToken);
  return indexes;
}

// Makes and removes partition indexes of a table, one after the other: AWS builds one index of a table at a time.
import {
  CreatePartitionIndexCommand,
  DeletePartitionIndexCommand,
  GetPartitionIndexesCommand,
  type PartitionIndex,
  type PartitionIndexDescriptor,
} from '@aws-sdk/client-glue';
import { poll } from '../../aws/poll.js';
import { sentOnce } from '../../aws/sent-once.js';
import { systemClock } from '../../base/clock.js';
import { GluepotError } from '../../base/errors.js';
import { unlessAbsent, type CatalogAccess } from '../catalog-access.js';
import { isAs } from './is-as.js';
import type { WriteObjects } from './object-writer.js';
import { thrownFailure, type WriteFailure } from './write-failure.js';

/** Building an index over millions of partitions takes AWS many minutes. */
const BUILT_WITHIN_MS = 60 * 60_000;

/** Indexes of one table. An index cannot be altered: another of its name is removed first. One that is as wanted is waited for. */
export const writePartitionIndexes: WriteObjects = async (access, items) => {
  const results: (WriteFailure | undefined)[] = [];
  for (const { change, found } of items) {
    try {
      const { key } = change;
      if (key.kind !== 'partition-index') continue;
      const isMade = change.has('wanted') && isAs(change, 'wanted', found);
      if (found && !isMade) await removeIndex(access, key);
      if (change.wanted && !isMade) await makeIndex(access, key, change.wanted as PartitionIndex);
      if (change.wanted) await requireBuilt(access, key);
      results.push(undefined);
    } catch (error) {
      results.push(thrownFailure(error));
    }
  }
  return results;
};

interface IndexKey {
  DatabaseName: string;
  TableName: string;
  IndexName: string;
}

async function removeIndex(access: CatalogAccess, key: IndexKey): Promise<void> {
  const { glue, CatalogId } = access;
  await settled(access, key);
  await glue.send(sentOnce(new DeletePartitionIndexCommand({ CatalogId, ...key })));
  await settled(access, key);
}

async function makeIndex(access: CatalogAccess, key: IndexKey, index: PartitionIndex): Promise<void> {
  const { glue, CatalogId } = access;
  const { DatabaseName, TableName } = key;
  await settled(access, key);
  await glue.send(
    new CreatePartitionIndexCommand({ CatalogId, DatabaseName, TableName, PartitionIndex: index }),
  );
}

async function requireBuilt(access: CatalogAccess, key: IndexKey): Promise<void> {
  const made = await settled(access, key);
  if (made?.IndexStatus === 'FAILED') {
    const codes = made.BackfillErrors?.map(({ Code }) => Code).join(', ') ?? '';
    // One that cannot be used looks like the one that is wanted to whoever looks next.
    await removeIndex(access, key);
    throw new GluepotError(
      'failed',
      `AWS could not build index ${key.IndexName}, so it is removed again: ${codes}`,
    );
  }
}

/** The index as it is once it is neither being made nor being removed. */
async function settled(
  { glue, CatalogId, signal = new AbortController().signal, clock = systemClock }: CatalogAccess,
  { DatabaseName, TableName, IndexName }: IndexKey,
): Promise<PartitionIndexDescriptor | undefined> {
  const what = `index ${IndexName} of ${DatabaseName}.${TableName}`;
  return poll({ clock, signal }, { what, timeoutMs: BUILT_WITHIN_MS }, async () => {
    const answer = await unlessAbsent(
      glue.send(new GetPartitionIndexesCommand({ CatalogId, DatabaseName, TableName })),
    );
    const found = answer?.PartitionIndexDescriptorList?.find((index) => index.IndexName === IndexName);
    const state = found?.IndexStatus;
    return state === 'CREATING' || state === 'DELETING' ? { state } : { done: found };
  });
}

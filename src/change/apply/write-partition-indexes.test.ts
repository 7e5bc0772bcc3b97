// What an index is waited for: AWS neither removes nor makes one while it makes or removes another of its name.
import type { PartitionIndexStatus } from '@aws-sdk/client-glue';
import { expect, it } from 'vitest';
import { answeringGlue } from '../../../test/faults/answering-glue.js';
import { steppingClock } from '../../base/clock.js';
import type { CatalogObject, CatalogObjectKey } from '../catalog-object.js';
import { packChanges } from '../plan/pack-changes.js';
import { writePartitionIndexes } from './write-partition-indexes.js';

const key = (IndexName: string): CatalogObjectKey => ({
  ...{ kind: 'partition-index', DatabaseName: 'sales', TableName: 'orders' },
  IndexName,
});
const ofKeys = (IndexName: string, ...Keys: string[]) => ({ IndexName, Keys });
const found: CatalogObject = {
  key: key('i') as Extract<CatalogObjectKey, { kind: 'partition-index' }>,
  definition: ofKeys('i', 'day'),
  provenance: {},
};

type Seen = PartitionIndexStatus | 'none' | Error;

/** Writes indexes; each look at AWS sees the next of `looks`, the last one from then on. */
async function write(
  looks: readonly Seen[],
  items: readonly { name: string; isThere: boolean; wanted?: string[] }[],
) {
  const left = [...looks];
  const { glue, calls } = answeringGlue({
    GetPartitionIndexes: () => {
      const seen = (left.length > 1 ? left.shift() : left[0]) as Seen;
      if (seen instanceof Error) throw seen;
      const own = { IndexName: 'i', IndexStatus: seen, Keys: [] };
      const others = { IndexName: 'other', IndexStatus: 'CREATING', Keys: [] };
      return { PartitionIndexDescriptorList: seen === 'none' ? [others] : [others, own] };
    },
    DeletePartitionIndex: () => ({}),
    CreatePartitionIndex: () => ({}),
  });
  const { changes } = packChanges(
    items.map(({ name, isThere, wanted }) => ({
      ...{ action: wanted ? 'recreate' : 'delete', key: key(name), reason: '', evidence: [] },
      ...(isThere ? { current: found.definition } : {}),
      ...(wanted ? { wanted: ofKeys(name, ...wanted) } : {}),
    })),
  );
  const clock = steppingClock();
  const results = await writePartitionIndexes(
    { glue, clock },
    items.map(({ name, isThere }) => ({
      change: changes.find((change) => 'IndexName' in change.key && change.key.IndexName === name) as never,
      found: isThere ? found : undefined,
    })),
  );
  return {
    results: results.map((one) => one?.message),
    calls: calls.map((name) => name.replace(/PartitionIndex(?:es)?/, '')),
  };
}

it('one that is replaced: until it can be removed, until it is gone, until the new one is built', async () => {
  const looks: Seen[] = ['CREATING', 'ACTIVE', 'DELETING', 'none', 'none', 'CREATING', 'CREATING', 'ACTIVE'];
  expect(await write(looks, [{ name: 'i', isThere: true, wanted: ['hour'] }])).toEqual({
    results: [undefined],
    calls: ['Get', 'Get', 'Delete', 'Get', 'Get', 'Get', 'Create', 'Get', 'Get', 'Get'],
  });
});

it('one that goes: until it can be removed, and until it is gone', async () => {
  expect(await write(['CREATING', 'ACTIVE', 'DELETING', 'none'], [{ name: 'i', isThere: true }])).toEqual({
    results: [undefined],
    calls: ['Get', 'Get', 'Delete', 'Get', 'Get'],
  });
});

it('one that comes: until the one of its name that is being removed is gone, and until it is built', async () => {
  const looks: Seen[] = ['DELETING', 'none', 'CREATING', 'ACTIVE'];
  expect(await write(looks, [{ name: 'i', isThere: false, wanted: ['day'] }])).toEqual({
    results: [undefined],
    calls: ['Get', 'Get', 'Create', 'Get', 'Get'],
  });
});

it('one that is never built: an hour, and then it says so; the next of its table has its turn', async () => {
  const { results, calls } = await write(
    ['none', 'CREATING'],
    [
      { name: 'i', isThere: false, wanted: ['day'] },
      { name: 'j', isThere: false, wanted: ['hour'] },
    ],
  );
  expect(results).toEqual([
    'GluepotError: Waiting for index i of sales.orders took longer than 60 min; the last state was CREATING.',
    undefined,
  ]);
  expect(calls.filter((name) => name === 'Create')).toHaveLength(2);
});

it('one of a table that is gone: not at all', async () => {
  const gone = Object.assign(new Error('Gone.'), { name: 'EntityNotFoundException' });
  expect((await write([gone], [{ name: 'i', isThere: true }])).calls).toEqual(['Get', 'Delete', 'Get']);
});

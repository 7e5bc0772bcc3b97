// A lease whose writes go unanswered: what was kept of them is its own, and nobody else's document ever is.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openApplyFixture, table, tableKey, type ApplyFixture } from '../../test/change/apply-fixture.js';
import { manualClock, type ManualClock } from '../base/clock.js';
import { GluepotError } from '../base/errors.js';
import { DATABASE_LEASE_MS } from './apply/database-leases.js';
import { applyPlan, openDocumentStore, type DocumentStore } from './index.js';
import { takeLease, type Lease, type LeaseAsked } from './lease.js';

let fixture: ApplyFixture;
let clock: ManualClock;
beforeEach(async () => {
  clock = manualClock();
  fixture = await openApplyFixture();
  await fixture.s3.createBucket({ Bucket: 'kept' });
});
afterEach(() => fixture.close());

const storeIn = {
  'a folder': () => fixture.store,
  S3: () => openDocumentStore('s3://kept/undo', { s3: fixture.s3 }),
};
const ASKED: LeaseAsked = { id: 'work', what: 'a test', termMs: DATABASE_LEASE_MS };
const NAME = 'lease.json';

/** Keeps what is written on the condition of an ETag, and answers the first of those writes with an error. */
function losingAnAnswer(store: DocumentStore) {
  let lose = () => {};
  const isLost = new Promise<void>((resolve) => (lose = resolve));
  let isFirst = true;
  const losing: DocumentStore = {
    ...store,
    async put(name, bytes, condition = {}) {
      const kept = await store.put(name, bytes, condition);
      if (condition.ifMatch === undefined || !isFirst) return kept;
      isFirst = false;
      lose();
      throw new GluepotError('timed-out', 'No answer came in time.');
    },
  };
  return { losing, isLost };
}

async function taken(store: DocumentStore, asked = ASKED): Promise<Lease> {
  const it = await takeLease(store, NAME, asked, clock);
  if ('holder' in it) throw new Error(`${it.holder.id} has it.`);
  return it.lease;
}

describe.each(Object.entries(storeIn))('in %s', (_, open) => {
  it('an apply goes on whose renewal was kept and never answered, and gives its lease back', async () => {
    const { change, planOf, createTable } = fixture;
    for (const name of ['a', 'b']) await createTable(name);
    const plan = await planOf(...['a', 'b'].map((name) => change(tableKey(name), table(name, 'int'))));
    const store = open();
    const { losing, isLost } = losingAnAnswer(store);
    const slow = fixture.around('UpdateTable', async (call) => {
      await clock.advance(DATABASE_LEASE_MS / 3);
      await isLost;
      return call();
    });
    expect(await applyPlan(slow, plan, { journal: losing, clock, concurrency: 1 })).toMatchObject({
      ...{ applied: 2, verified: true },
    });
    expect((await store.list('applying/')[Symbol.asyncIterator]().next()).done).toBe(true);
  });

  it('one whose last renewal was never answered is given back', async () => {
    const store = open();
    const { losing, isLost } = losingAnAnswer(store);
    const lease = await taken(losing);
    await clock.advance(DATABASE_LEASE_MS / 3);
    await isLost;
    await lease.release();
    expect(await store.get(NAME)).toBeUndefined();
  });

  it('what the same process took over at the same moment, for the same work, is not its own', async () => {
    const store = open();
    const first = await taken(store);
    const second = await taken(store, { ...ASKED, takesOver: true });
    await clock.advance(DATABASE_LEASE_MS / 3);
    await expect(first.hold()).rejects.toMatchObject({ kind: 'conflict' });
    await first.release();
    await second.hold();
    await second.release();
    expect(await store.get(NAME)).toBeUndefined();
  });
});

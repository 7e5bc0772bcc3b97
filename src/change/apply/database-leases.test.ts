// Two applies at the same time: of one database one is at work, the other is told who it is, and who dies holds nobody up for long.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openApplyFixture,
  partition,
  partitionKey,
  shortcomingsOf,
  table,
  tableKey,
  type ApplyFixture,
} from '../../../test/change/apply-fixture.js';
import {
  applyPlan,
  journalTime,
  listJournals,
  openDocumentStore,
  openJournal,
  resumeApply,
  rollBackApply,
  type DocumentStore,
  type Plan,
} from '../index.js';
import { systemClock } from '../../base/clock.js';
import { DATABASE_LEASE_MS } from './database-leases.js';

let fixture: ApplyFixture;
beforeEach(async () => {
  fixture = await openApplyFixture();
  await fixture.s3.createBucket({ Bucket: 'kept' });
});
afterEach(() => fixture.close());

const storeIn = {
  'a folder': () => fixture.store,
  S3: () => openDocumentStore('s3://kept/undo', { s3: fixture.s3 }),
};

/** Two tables in one database, and a plan of the update of each. */
async function plansOfTwo(): Promise<[Plan, Plan]> {
  const { createTable, planOf, change } = fixture;
  for (const name of ['a', 'b']) await createTable(name, 1);
  return [
    await planOf(change(tableKey('a'), table('a', 'int'))),
    await planOf(change(tableKey('b'), table('b', 'int'))),
  ];
}

/** Carries a plan out; right before its first write `meanwhile` is done. */
function applyWhile(plan: Plan, meanwhile: () => Promise<unknown>, store = fixture.store) {
  let isOver: Promise<unknown> | undefined;
  const access = fixture.around('UpdateTable', async (call) => {
    await (isOver ??= meanwhile());
    return call();
  });
  return applyPlan(access, plan, { journal: store, clock: fixture.clock });
}

const failureOf = (act: Promise<unknown>) =>
  act.then(
    () => 'It went through.',
    (error: unknown) => error,
  );

const documentsOf = async (store: DocumentStore, prefix: string) => {
  const names: string[] = [];
  for await (const { name } of store.list(prefix)) names.push(name);
  return names;
};

describe.each(Object.entries(storeIn))('with a store in %s', (_, open) => {
  it('a second apply on a database is refused while one is at work, and has done nothing', async () => {
    const [one, other] = await plansOfTwo();
    const store = open();
    const { access, clock, now } = fixture;
    let refused: unknown;
    const { journalId = '' } = await applyWhile(
      one,
      async () => (refused = await failureOf(applyPlan(access, other, { journal: store, clock }))),
      store,
    );
    expect(refused).toMatchObject({ kind: 'guard-refused' });
    const { message } = refused as Error;
    expect(message).toMatch(
      /^Nothing was done: sales is being changed with the store \S+: snapshot-restore with journal /,
    );
    expect(message).toContain(`journal ${journalId}, by process ${process.pid} on `);
    expect(message).toMatch(/ since 2024-01-01T00:00:00.000Z\. .* go on after 2024-01-01T00:02:00.000Z\.$/);
    expect(message).toContain(`--resume or --rollback ${journalId}`);
    expect(await now(tableKey('b'))).toMatchObject(table('b'));
    expect(await applyPlan(access, other, { journal: store, clock })).toMatchObject({ applied: 1 });
    expect(await documentsOf(store, 'applying/')).toEqual([]);
  });

  it('one that was killed holds others up for two minutes, and its own resume and rollback not at all', async () => {
    const [one, other] = await plansOfTwo();
    const store = open();
    const { access, clock } = fixture;
    const faulty = fixture.faulty({ faultOf: () => 'crash' });
    let journalId = '';
    await failureOf(
      applyPlan({ glue: faulty.glue, clock }, one, {
        ...{ journal: faulty.storeOf(store), clock },
        onJournal: (id) => (journalId = id),
      }),
    );
    const another = () => applyPlan(access, other, { journal: store, clock });
    expect(await failureOf(another())).toMatchObject({ kind: 'guard-refused' });
    expect(await resumeApply(access, store, journalId, { clock })).toMatchObject({ verified: true });
    expect(await rollBackApply(access, store, journalId, { clock })).toMatchObject({ verified: true });
    const takenMs = clock.now().getTime();
    const again = fixture.faulty({ faultOf: () => 'crash' });
    await failureOf(applyPlan({ glue: again.glue, clock }, one, { journal: again.storeOf(store), clock }));
    // The dead one paused before it gave up.
    const leftMs = takenMs + DATABASE_LEASE_MS - clock.now().getTime();
    await clock.sleep(leftMs - 1);
    expect(await failureOf(another())).toMatchObject({ kind: 'guard-refused' });
    await clock.sleep(1);
    expect(await another()).toMatchObject({ applied: 1 });
  });

  it('one that was given up for dead and is not stops before it writes again', async () => {
    const { change, planOf, createTable, access, clock, now } = fixture;
    for (const name of ['a', 'b']) await createTable(name, 1);
    const changes = ['a', 'b'].map((name) => change(tableKey(name), table(name, 'int')));
    const store = open();
    const other = await planOf(change(partitionKey('b', '0'), partition('0', 's3://elsewhere/')));
    const sleepy = fixture.around('UpdateTable', async (call) => {
      const answer = await call();
      await clock.sleep(DATABASE_LEASE_MS);
      await applyPlan(access, other, { journal: store, clock });
      return answer;
    });
    const options = { journal: store, clock, concurrency: 1 };
    const apply = applyPlan(sleepy, await planOf(...changes), options);
    const report = await shortcomingsOf(apply);
    expect(report).toMatchObject({ applied: 1, failed: [] });
    await expect(apply).rejects.toThrow('It could not go on: This was given up for dead, and somebody else');
    expect(await now(tableKey('b'))).toMatchObject(table('b'));
    expect(await resumeApply(access, store, report.journalId ?? '', { clock })).toMatchObject({
      verified: true,
    });
  });

  it('a long one renews its lease', async () => {
    const { change, planOf, createTable, access, clock } = fixture;
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) await createTable(name);
    const plan = await planOf(...names.map((name) => change(tableKey(name), table(name, 'int'))));
    const store = open();
    const refusals: unknown[] = [];
    const slow = fixture.around('UpdateTable', async (call) => {
      refusals.push(await failureOf(applyPlan(access, plan, { journal: store, clock })));
      await clock.sleep(DATABASE_LEASE_MS / 2);
      return call();
    });
    expect(await applyPlan(slow, plan, { journal: store, clock, concurrency: 1 })).toMatchObject({
      ...{ applied: 5, verified: true },
    });
    expect(refusals).toMatchObject(names.map(() => ({ kind: 'guard-refused' })));
  });
});

it('waits for another one when it is asked to, saying for whom', async () => {
  const [one, other] = await plansOfTwo();
  const { access, store, clock } = fixture;
  const waited: string[] = [];
  let second: Promise<unknown> = Promise.resolve();
  const { journalId } = await applyWhile(one, () => {
    return new Promise<void>((isWaiting) => {
      second = applyPlan(access, other, {
        ...{ journal: store, clock, waitMs: 1e9 },
        onWait(what) {
          waited.push(what);
          isWaiting();
        },
      });
    });
  });
  expect(await second).toMatchObject({ applied: 1, verified: true });
  expect(waited).toEqual([
    expect.stringContaining(`snapshot-restore with journal ${journalId}, by process `),
  ]);
});

it('a journal that waited for its turn is younger than those that were at work meanwhile', async () => {
  const [one, other] = await plansOfTwo();
  const { access, store, clock, planOf, change, createTable } = fixture;
  await createTable('c');
  const another = await planOf(change(tableKey('c'), table('c', 'int')));
  let wake = () => {};
  const asleep = new Promise<void>((resolve) => (wake = resolve));
  let waiting: Promise<{ journalId?: string }> = Promise.resolve({});
  const first = await applyWhile(one, () => {
    return new Promise<void>((isWaiting) => {
      const patient = { ...clock, sleep: () => asleep };
      waiting = applyPlan(access, other, {
        ...{ journal: store, clock: patient, waitMs: 1e9 },
        onWait: () => isWaiting(),
      });
    });
  });
  await clock.sleep(1000);
  const between = await applyPlan(access, another, { journal: store, clock });
  await clock.sleep(1000);
  wake();
  const last = await waiting;
  expect(await listJournals(store)).toEqual([first.journalId, between.journalId, last.journalId]);
});

it.each([
  [900, 'later than those that are there'],
  [3_600_000, 'of its own time'],
])('a journal is, beside one from a clock that is %i ms ahead, %s', async (aheadMs) => {
  const [one, other] = await plansOfTwo();
  const { access, store, clock } = fixture;
  const ahead = { ...clock, now: () => new Date(clock.now().getTime() + aheadMs) };
  const before = await applyPlan(access, one, { journal: store, clock: ahead });
  const { journalId = '' } = await applyPlan(access, other, { journal: store, clock });
  const ofBoth = [before.journalId, journalId];
  expect(await listJournals(store)).toEqual(aheadMs < 1000 ? ofBoth : ofBoth.reverse());
  expect(journalTime(journalId)?.toISOString()).toBe(`2024-01-01T00:00:00.${aheadMs < 1000 ? 901 : '000'}Z`);
});

it('waits no longer than it is asked to', async () => {
  const [one, other] = await plansOfTwo();
  const { access, store, clock } = fixture;
  let failure: unknown;
  await applyWhile(one, async () => {
    failure = await failureOf(applyPlan(access, other, { journal: store, clock, waitMs: 1000 }));
  });
  expect(failure).toMatchObject({
    kind: 'timed-out',
    message: expect.stringMatching(
      /^Waiting for another change of sales took longer than 1 s; the last state was /,
    ) as unknown,
  });
});

it('plans of other databases, of other catalogs and with other stores are no business of it', async () => {
  const { glue, access, store, s3, clock, createTable, change, planOf } = fixture;
  await glue.createDatabase({ DatabaseInput: { Name: 'other' } });
  await glue.createTable({ DatabaseName: 'other', TableInput: table('t') });
  const [plan] = await plansOfTwo();
  const key = { kind: 'table' as const, DatabaseName: 'other', TableName: 't' };
  const elsewhere = await planOf(change(key, table('t', 'int')));
  await createTable('c');
  const sameDatabase = await planOf(change(tableKey('c'), table('c', 'int')));
  await applyWhile(plan, async () => {
    await applyPlan(access, elsewhere, { journal: store, clock });
    await applyPlan(access, sameDatabase, { journal: openDocumentStore('s3://kept/undo', { s3 }), clock });
  });
});

it('of two plans that have databases in common one is carried out, whatever their order', async () => {
  const { glue, access, store, clock, change, planOf, createTable } = fixture;
  await glue.createDatabase({ DatabaseInput: { Name: 'zoo' } });
  await glue.createTable({ DatabaseName: 'zoo', TableInput: table('a') });
  await createTable('a');
  const [here, there] = [tableKey('a'), { kind: 'table' as const, DatabaseName: 'zoo', TableName: 'a' }];
  // A plan begins with what goes.
  const plans = [
    await planOf(change(here, undefined), change(there, table('a', 'int'))),
    await planOf(change(there, undefined), change(here, table('a', 'int'))),
  ];
  const slow: DocumentStore = {
    ...store,
    async delete(name, condition) {
      // What one of them lets go of the other finds taken.
      await systemClock.sleep(100);
      await store.delete(name, condition);
    },
  };
  const ends = await Promise.allSettled(
    plans.map((plan) => applyPlan(access, plan, { journal: slow, clock })),
  );
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await documentsOf(store, 'applying/')).toEqual([]);
});

it('takes two calls of the store', async () => {
  const [plan] = await plansOfTwo();
  const { access, store, clock } = fixture;
  const calls: string[] = [];
  const counting: DocumentStore = {
    ...store,
    get: (name) => (calls.push(`get ${name}`), store.get(name)),
    put: (name, ...rest) => (calls.push(`put ${name}`), store.put(name, ...rest)),
    delete: (name, condition) => (calls.push(`delete ${name}`), store.delete(name, condition)),
  };
  const { journalId = '' } = await applyPlan(access, plan, { journal: counting, clock });
  const ofLeases = calls.filter((call) => !call.includes('journals/'));
  expect(ofLeases.map((call) => call.replace(/[0-9a-f]{16}/, 'HASH'))).toEqual([
    'put applying/HASH.json',
    'delete applying/HASH.json',
  ]);
  expect((await openJournal(store, journalId)).history.doneCount('apply')).toBe(1);
});

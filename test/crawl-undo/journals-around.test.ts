// What journals in the same store tell of snapshots: from before a plan was carried out, or while it was, they are no evidence.
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildPlan, listJournals, openJournal, type DocumentStore } from '../../src/change/index.js';
import { createJournal } from '../../src/change/journal/journal.js';
import { snapshotCatalog } from '../../src/toolkit/catalog-snapshot/index.js';
import { findSnapshotsAround } from '../../src/toolkit/crawl-undo/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { CRAWLER, csv, openUndoFixture, type UndoFixture } from './undo-fixture.js';

let lake: UndoFixture;
beforeEach(async () => {
  lake = await openUndoFixture();
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
});
afterEach(() => lake.close());

/** A journal of a plan that was carried out between two times. */
async function carriedOut(DatabaseName: string, began: Date, ended: Date) {
  const key = { kind: 'database' as const, DatabaseName };
  const plan = buildPlan({
    ...{ accountId: '123456789012', region: 'us-east-1' },
    subject: { operation: 'crawl-undo', resolved: { crawler: CRAWLER, database: DatabaseName } },
    changes: [{ action: 'create', key, wanted: { Name: DatabaseName }, reason: '', evidence: [] }],
  });
  const id = `${began.toISOString().replace(/[-:]/g, '')}-${DatabaseName}`;
  const journal = await createJournal(lake.store, id, plan);
  await journal.append([{ op: 'apply', key, before: 'absent', after: 'absent', state: 'intended' }]);
  utimesSync(join(lake.folder, 'journals', id, '00000001.jsonl'), ended, ended);
  return id;
}

const crawlNow = () => {
  const start = lake.clock.now();
  return { crawlId: 'c', crawlerName: CRAWLER, start, end: start, state: 'COMPLETED', summary: undefined };
};
const before = async (store: DocumentStore = lake.store) => {
  const found = { DatabaseName: DATABASE, crawls: [crawlNow()] };
  return (await findSnapshotsAround(store, lake.home, found)).before.map(({ manifest }) => manifest.id);
};

it('a snapshot that was taken while a plan was carried out is left out, as those before it are', async () => {
  await lake.snapshot();
  const began = lake.clock.now();
  lake.later();
  await lake.snapshot();
  lake.later();
  const ended = lake.clock.now();
  lake.later();
  const last = await lake.snapshot();
  expect(await before()).toHaveLength(3);
  await carriedOut('elsewhere', began, ended);
  expect(await before()).toHaveLength(3);
  await carriedOut(DATABASE, began, ended);
  expect(await before()).toEqual([last]);
});

it('counts a plan as far as it was carried out before the crawl: not what was written into its journal later, nor its head', async () => {
  await lake.snapshot();
  const began = lake.clock.now();
  lake.later();
  const ended = lake.clock.now();
  lake.later();
  const second = await lake.snapshot();
  lake.later();
  const crawl = crawlNow();
  lake.later();
  const around = async () =>
    (
      await findSnapshotsAround(lake.store, lake.home, { DatabaseName: DATABASE, crawls: [crawl] })
    ).before.map(({ manifest }) => manifest.id);
  const id = await carriedOut(DATABASE, began, ended);
  const journal = await openJournal(lake.store, id);
  const key = { kind: 'database' as const, DatabaseName: DATABASE };
  await journal.append([{ op: 'rollback', key, before: 'absent', after: 'absent', state: 'done' }]);
  const behind = lake.clock.now();
  const at = (name: string, time: Date) => utimesSync(join(lake.folder, 'journals', id, name), time, time);
  at('00000002.jsonl', behind);
  at('head.json', behind);
  // Written when the crawl had begun, and before any snapshot: neither counts.
  expect(await around()).toEqual([second]);
  at('00000002.jsonl', new Date(began.getTime() - 60_000));
  at('head.json', crawl.start);
  expect(await around()).toEqual([second]);
  // Just before the crawl: then the second snapshot was taken while it was at work.
  at('00000002.jsonl', crawl.start);
  expect(await around()).toEqual([]);
});

it('a plan that was gone on with after a snapshot counts, also where others were begun in between', async () => {
  const began = lake.clock.now();
  lake.later();
  const between = lake.clock.now();
  lake.later();
  const early = await lake.snapshot();
  expect(await before()).toEqual([early]);
  await carriedOut('elsewhere', between, between);
  await carriedOut(DATABASE, began, lake.clock.now());
  lake.later();
  expect(await before()).toEqual([]);
});

it('a snapshot that was begun before a plan was done with is left out, also where the clock of the store is behind', async () => {
  // Some seconds pass with each look at the clock.
  const now = () => {
    lake.later();
    return lake.clock.now();
  };
  const slow = { ...lake.clock, now };
  const options = { store: lake.folder, version: 'test', clock: slow };
  const { startedAt, takenAt } = (await snapshotCatalog(lake.clients, options)).manifest;
  lake.later();
  expect(await before()).toHaveLength(1);
  const within = new Date(Date.parse(startedAt) + 1);
  expect(within.getTime()).toBeLessThan(Date.parse(takenAt));
  await carriedOut(DATABASE, new Date(Date.parse(startedAt) - 1000), within);
  expect(await before()).toEqual([]);
  const kept = await lake.snapshot();
  expect(await before()).toEqual([kept]);
  // Begun when the snapshot was there, and by the store's clock done with an hour before.
  await carriedOut(DATABASE, lake.clock.now(), new Date(Date.parse(startedAt) - 3600_000));
  expect(await before()).toEqual([]);
});

it('a plan that was begun after the crawl says nothing of snapshots from before it', async () => {
  const kept = await lake.snapshot();
  const crawl = crawlNow();
  lake.later();
  await carriedOut(DATABASE, lake.clock.now(), new Date(crawl.start.getTime() - 1));
  const found = await findSnapshotsAround(lake.store, lake.home, { DatabaseName: DATABASE, crawls: [crawl] });
  expect(found.before.map(({ manifest }) => manifest.id)).toEqual([kept]);
});

it('a snapshot that was being taken while a crawl ran is of neither side', async () => {
  // A second passes with each look at the clock.
  let aheadMs = 0;
  const slow = { ...lake.clock, now: () => new Date(lake.clock.now().getTime() + (aheadMs += 1000)) };
  const take = async (scope = {}) =>
    (await snapshotCatalog(lake.clients, { store: lake.folder, version: 'test', clock: slow, scope }))
      .manifest;
  const { id, startedAt, takenAt } = await take();
  const sides = async (start: Date, end: Date) => {
    const crawls = [{ ...crawlNow(), start, end }];
    const { before, after } = await findSnapshotsAround(lake.store, lake.home, {
      DatabaseName: DATABASE,
      crawls,
    });
    const idsOf = (some: typeof before) => some.map(({ manifest }) => manifest.id);
    return { before: idsOf(before), after: idsOf(after) };
  };
  const [begun, ended] = [new Date(startedAt), new Date(takenAt)];
  const [within, long] = [new Date(begun.getTime() + 1), 3600_000];
  expect(ended.getTime()).toBeGreaterThan(within.getTime());
  expect(await sides(within, within)).toEqual({ before: [], after: [] });
  expect(await sides(ended, new Date(ended.getTime() + long))).toEqual({ before: [id], after: [] });
  expect(await sides(new Date(begun.getTime() - long), begun)).toEqual({ before: [], after: [id] });
  expect(await sides(new Date(begun.getTime() - long), within)).toEqual({ before: [], after: [] });
});

it('what lacks indexes and statistics of some tables is no evidence of what was before, and is of what came of a crawl', async () => {
  const options = { store: lake.folder, version: 'test', clock: lake.clock, scope: { partsOf: ['t'] } };
  const { manifest } = await snapshotCatalog(lake.clients, options);
  lake.later();
  expect(await before()).toEqual([]);
  const start = new Date(0);
  const crawls = [{ ...crawlNow(), start, end: start }];
  const { after } = await findSnapshotsAround(lake.store, lake.home, { DatabaseName: DATABASE, crawls });
  expect(after.map(({ manifest: { id } }) => id)).toEqual([manifest.id]);
});

it('of journals from long before the snapshots nothing is read, however many they are', async () => {
  for (let minutes = 1; minutes <= 20; minutes++) {
    const time = new Date(lake.clock.now().getTime() - minutes * 60_000);
    await carriedOut('elsewhere', time, time);
  }
  const kept = await lake.snapshot();
  const read = new Set<string>();
  const of = (name = '') => name.startsWith('journals/2') && read.add(name.slice(0, 35));
  const store: DocumentStore = {
    ...lake.store,
    get: (name) => (of(name), lake.store.get(name)),
    list: (prefix) => (of(prefix), lake.store.list(prefix)),
  };
  expect(await before(store)).toEqual([kept]);
  expect(await listJournals(store)).toHaveLength(20);
  expect(read.size).toBe(0);
});

it('an undo of several crawls names the redo between them, which takes back what they cannot', async () => {
  lake.put({
    'orders/day=1/a.csv': csv('id,name', '1,Ann', '2,Bob'),
    'users/a.csv': csv('a,b', '1,2', '3,4'),
  });
  await lake.create();
  const before = await lake.content();
  await lake.snapshot();
  const since = lake.clock.now();
  await lake.crawlLater();
  const made = await lake.content();
  await lake.apply(await lake.plan());
  lake.later();
  const { journalId } = await lake.apply(await lake.inverse());
  lake.put({ 'orders/day=2/a.csv': csv('id,name,age', '1,Ann,7', '2,Bob,8') });
  await lake.crawlLater();
  await lake.snapshot();

  expect((await lake.plan()).subject.resolved).not.toHaveProperty('redoneBetween');
  const plan = await lake.plan({ since });
  expect(plan.subject.resolved.redoneBetween).toContain(`crawl redo of ${journalId}.`);
  await lake.apply(plan);
  expect(await lake.content()).toEqual(made);
  await lake.apply(await lake.inverse(journalId));
  expect(await lake.content()).toEqual(before);
});

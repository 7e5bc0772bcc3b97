// What journals in the same store tell of snapshots: from before a plan was carried out, or while it was, they are no evidence.
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildPlan, listJournals, type DocumentStore } from '../../src/change/index.js';
import { createJournal } from '../../src/change/journal/journal.js';
import { findSnapshotsAround } from '../../src/toolkit/crawl-undo/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { CRAWLER, openUndoFixture, type UndoFixture } from './undo-fixture.js';

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
  expect(read.size).toBe(1);
});

// A store that many crawlers share: what is known of one database is found among snapshots of others, however many lie between.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyRestore, planRestore } from '../../src/toolkit/catalog-snapshot/index.js';
import {
  findCrawls,
  findLastUndo,
  findSnapshotsAround,
  findUndo,
  planInverse,
} from '../../src/toolkit/crawl-undo/index.js';
import { buildPlan, isActing, listJournals, type DocumentStore } from '../../src/change/index.js';
import { createJournal } from '../../src/change/journal/journal.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { CRAWLER, csv, openUndoFixture, type UndoFixture } from './undo-fixture.js';

const OTHERS_COUNT = 12;

let lake: UndoFixture;
beforeEach(async () => {
  lake = await openUndoFixture();
  for (const Name of [DATABASE, 'elsewhere']) {
    await lake.glue.createDatabase({ DatabaseInput: { Name } });
  }
});
afterEach(() => lake.close());

const snapshotOf = (database: string, scope = {}) => lake.snapshot({ databases: [database], ...scope });

async function snapshotsOfOthers() {
  for (let count = 0; count < OTHERS_COUNT; count++) await snapshotOf('elsewhere');
}

async function crawlTwice(between: () => Promise<unknown>) {
  lake.put({ 'orders/day=1/a.csv': csv('id,name', '1,Ann', '2,Bob'), 'old/a.csv': csv('a,b', '1,2', '3,4') });
  const Targets = { S3Targets: ['orders', 'old'].map((name) => ({ Path: `s3://bucket/${name}/` })) };
  await lake.create({ Targets, SchemaChangePolicy: { DeleteBehavior: 'DELETE_FROM_DATABASE' } });
  await lake.crawlLater();
  const content = await lake.content();
  await between();
  lake.put({ 'orders/day=2/a.csv': csv('id,name,age', '1,Ann,7', '2,Bob,8') });
  lake.remove('old');
  await lake.crawlLater();
  return content;
}

it('an undo finds the snapshots of its database on both sides of the crawl', async () => {
  let kept: string | undefined;
  const content = await crawlTwice(async () => {
    kept = await snapshotOf(DATABASE);
    await snapshotsOfOthers();
  });
  await snapshotsOfOthers();
  const after = await snapshotOf(DATABASE);
  await snapshotsOfOthers();

  const read: string[] = [];
  const store: DocumentStore = {
    ...lake.store,
    get: (name) => (name.startsWith('manifests/') && read.push(name), lake.store.get(name)),
  };
  const found = await findCrawls(lake.scope, { crawlerName: CRAWLER });
  const around = await findSnapshotsAround(store, lake.home, found);
  const idsOf = (side: 'before' | 'after') => around[side].map(({ manifest }) => manifest.id);
  expect({ before: idsOf('before'), after: idsOf('after') }).toEqual({ before: [kept], after: [after] });
  // One of others on each side tells that all of its series are of no use.
  expect(read).toHaveLength(4);

  await lake.apply(await lake.plan());
  expect(await lake.content()).toEqual(content);
});

it('an undo finds the snapshot of all tables among those of a few', async () => {
  let kept: string | undefined;
  const content = await crawlTwice(async () => {
    kept = await snapshotOf(DATABASE);
    for (let count = 0; count < OTHERS_COUNT; count++) await snapshotOf(DATABASE, { tables: 'o*s' });
  });
  const plan = await lake.plan();
  const old = plan.changes.find(({ key }) => key.kind === 'table' && key.TableName === 'old');
  expect(old?.evidence).toContainEqual(expect.objectContaining({ snapshotId: kept }));
  await lake.apply(plan);
  expect(await lake.content()).toEqual(content);
});

it('a restore finds what its database was last seen as', async () => {
  let wanted: string | undefined;
  const content = await crawlTwice(async () => {
    wanted = await snapshotOf(DATABASE);
  });
  await snapshotOf(DATABASE);
  await snapshotsOfOthers();
  const { plan } = await planRestore({ glue: lake.glue }, lake.home, lake.store, {
    snapshotId: wanted as string,
  });
  expect(plan.changes.filter((change) => !isActing(change))).toEqual([]);
  const options = { version: 'test', clock: lake.clock, signal: lake.scope.signal };
  await applyRestore(lake.clients, lake.store, plan, options);
  expect(await lake.content()).toEqual(content);
});

it('journals of another region or account are neither evidence nor taken back', async () => {
  const elsewhere = [
    { ...lake.home, region: 'eu-west-1' },
    { ...lake.home, accountId: '999999999999' },
  ];
  const key = { kind: 'table' as const, DatabaseName: DATABASE, TableName: 'theirs' };
  const theirs: string[] = [];
  const undoElsewhere = async () => {
    for (const home of elsewhere) {
      lake.later();
      const plan = buildPlan({
        ...home,
        subject: { operation: 'crawl-undo', resolved: { crawler: CRAWLER, database: DATABASE } },
        changes: [{ action: 'delete', key, current: { Name: 'theirs' }, reason: '', evidence: [] }],
      });
      const id = `${lake.clock.now().toISOString().replace(/[-:]/g, '')}-0`;
      const journal = await createJournal(lake.store, id, plan);
      await journal.append([{ op: 'apply', key, before: 'absent', after: 'absent', state: 'done' }]);
      theirs.push(id);
    }
    lake.later();
  };
  const content = await crawlTwice(async () => {
    await lake.snapshot();
    await undoElsewhere();
  });
  const { journalId } = await lake.apply(await lake.plan());
  expect(await lake.content()).toEqual(content);
  await undoElsewhere();
  expect((await listJournals(lake.store)).at(-1)).toBe(theirs.at(-1));
  expect((await findLastUndo(lake.store, lake.home)).journalId).toBe(journalId);
  const one = await findUndo(lake.store, theirs[0] as string);
  await expect(planInverse(lake.scope, lake.home, one)).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining('of account 123456789012 in eu-west-1') as string,
  });
});

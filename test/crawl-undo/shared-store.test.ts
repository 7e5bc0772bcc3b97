// A store that many crawlers share: what is known of one database is found among snapshots of others, however many lie between.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyRestore, planRestore } from '../../src/toolkit/catalog-snapshot/index.js';
import { findCrawls, findSnapshotsAround } from '../../src/toolkit/crawl-undo/index.js';
import { isActing, type DocumentStore } from '../../src/change/index.js';
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

// An undo whose snapshots are damaged goes by what is left, does nothing that it would not do with all, and says what it passed over.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GluepotError } from '../../src/base/errors.js';
import { isActing, keyLabel, type DocumentStore, type Plan } from '../../src/change/index.js';
import { openSnapshot } from '../../src/change/snapshot/index.js';
import { readManifest } from '../../src/change/snapshot/snapshot-store.js';
import { snapshotCatalog } from '../../src/toolkit/catalog-snapshot/index.js';
import { findCrawls, findSnapshotsAround, planUndo } from '../../src/toolkit/crawl-undo/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { CRAWLER, csv, linesOf, openUndoFixture, type UndoFixture } from './undo-fixture.js';

let lake: UndoFixture;
let whole: Plan;
const ids = { older: '', before: '', after: '' };

const ROWS = ['1,10.5', '2,11.5'];
const orders = (day: string, ...more: string[]) => ({
  [`orders/day=${day}/part.csv`]: csv('id,amount', ...ROWS, ...more),
});
const users = (header: string, row: string) => ({ 'users/u.csv': csv(header, row, row) });

const editPartition = async (day: string, note: string) => {
  const where = { DatabaseName: DATABASE, TableName: 'orders' };
  const { Partition } = await lake.glue.getPartition({ ...where, PartitionValues: [day] });
  const { Values, Parameters, StorageDescriptor } = Partition ?? {};
  await lake.glue.updatePartition({
    ...where,
    PartitionValueList: [day],
    PartitionInput: { Values, StorageDescriptor, Parameters: { ...Parameters, note } },
  });
};

// Before the crawl somebody edited a partition and a table that the snapshot before that knows otherwise; since the crawl
// somebody edited a partition that the crawl made.
beforeAll(async () => {
  lake = await openUndoFixture();
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
  lake.put({
    ...orders('1'),
    ...orders('2'),
    ...users('id,name', '1,Ann'),
    'old/o.csv': csv('a,b', '1,x', '2,y'),
  });
  lake.put({ 'aged/a.csv': csv('a,b', '1,x', '2,y') });
  const paths = ['orders', 'users', 'old', 'aged'].map((name) => ({ Path: `s3://bucket/${name}/` }));
  await lake.create({
    Targets: { S3Targets: paths },
    SchemaChangePolicy: { DeleteBehavior: 'DELETE_FROM_DATABASE', UpdateBehavior: 'UPDATE_IN_DATABASE' },
  });
  await lake.crawlLater();
  lake.later();
  const withStatistics = {
    store: lake.folder,
    version: 'test',
    clock: lake.clock,
    scope: { statistics: 'tables' as const },
  };
  ids.older = (await snapshotCatalog(lake.clients, withStatistics)).manifest.id;
  await editPartition('1', 'checked');
  await lake.edit('old', (input) => (input.Parameters = { ...input.Parameters, owner: 'me' }));
  ids.before = await lake.snapshot();
  lake.put({ ...orders('1', '3,12.5'), ...orders('3'), ...users('id,name,city', '1,Ann,Oslo') });
  lake.remove('old', 'aged');
  await lake.crawlLater();
  ids.after = await lake.snapshot();
  await editPartition('3', 'mine');
  whole = await lake.plan();
});
afterAll(() => lake.close());

const objectsFolder = () => join(lake.folder, 'objects');

/** Plans while objects of the store are lost, or hold something else. */
async function planWithout(names: readonly string[], instead?: Uint8Array): Promise<Plan> {
  const kept = names.map(
    (name) => [join(objectsFolder(), name), readFileSync(join(objectsFolder(), name))] as const,
  );
  for (const [path] of kept) {
    if (instead) writeFileSync(path, instead);
    else rmSync(path);
  }
  try {
    return await lake.plan();
  } finally {
    for (const [path, bytes] of kept) writeFileSync(path, bytes);
  }
}

/** The file of a table in a snapshot, and those of its partitions. */
async function filesOf(snapshotId: string, TableName: string) {
  const snapshot = openSnapshot(lake.store, await readManifest(lake.store, snapshotId));
  const entry = (await snapshot.table(DATABASE, TableName))?.entry;
  return {
    table: `${entry?.sha256}.json.gz`,
    chunks: entry?.chunks.map(({ sha256 }) => `${sha256}.json.gz`) ?? [],
  };
}

const acting = ({ changes }: Plan) =>
  changes
    .filter(isActing)
    .map(({ action, key, current, wanted }) => JSON.stringify({ action, key, current, wanted }));
const actingLines = (plan: Plan) => linesOf(plan).filter((line) => !line.startsWith('skip'));
const reasonOf = ({ changes }: Plan, label: string) => {
  const change = changes.find(({ key }) => keyLabel(key) === label);
  return `${change?.action}: ${change?.reason}`;
};

it('with whole snapshots takes all of the crawl back, but for what somebody has edited since', () => {
  expect(linesOf(whole)).toEqual([
    'conflict partition lake.orders [3]',
    'recreate table lake.aged',
    'recreate table lake.old',
    'update table lake.orders',
    'update table lake.users',
    'update partition lake.orders [1]',
  ]);
  expect(whole.subject.resolved).not.toHaveProperty('damagedSnapshots');
});

it('does nothing else whichever object is lost, and less only where it says so', async () => {
  const all = acting(whole);
  let lessOften = 0;
  const names = readdirSync(objectsFolder());
  for (const name of names) {
    for (const instead of [
      undefined,
      readFileSync(join(objectsFolder(), names.find((one) => one !== name) ?? '')),
    ]) {
      const plan = await planWithout([name], instead);
      const left = acting(plan);
      expect(all, name).toEqual(expect.arrayContaining(left));
      if (left.length === all.length) continue;
      lessOften++;
      expect(plan.subject.resolved.damagedSnapshots).toContain(name);
      const skipped = plan.changes.filter(({ reason }) => reason.includes('is damaged'));
      expect(skipped.length, name).toBeGreaterThanOrEqual(all.length - left.length);
    }
  }
  expect(lessOften).toBeGreaterThan(4);
});

it('goes by versions and times of creation alone when all objects are lost', async () => {
  const plan = await planWithout(readdirSync(objectsFolder()));
  expect(actingLines(plan)).toEqual(['update table lake.orders', 'update table lake.users']);
  const { damagedSnapshots = '' } = plan.subject.resolved;
  for (const id of [ids.before, ids.after]) expect(damagedSnapshots).toContain(id);
});
describe('by an object of the snapshot from before the crawl', () => {
  it('that has partitions: leaves those, and names the snapshot that would know them', async () => {
    const plan = await planWithout((await filesOf(ids.before, 'orders')).chunks);
    expect(actingLines(plan)).not.toContain('update partition lake.orders [1]');
    expect(reasonOf(plan, 'partition lake.orders [1]')).toBe(
      `skip: It is not known what it is to be: snapshot ${ids.before}, which saw it before the crawl, is damaged.`,
    );
  });

  it('that has a table which is still there: goes by its versions, and the partitions as they were', async () => {
    const plan = await planWithout([(await filesOf(ids.before, 'orders')).table]);
    expect(acting(plan)).toEqual(acting(whole));
    expect(plan.subject.resolved.damagedSnapshots).toContain(`${ids.before}: Object objects/`);
  });

  it('that has a table which the crawl deleted: makes it anew by an older snapshot of the same version', async () => {
    const plan = await planWithout([(await filesOf(ids.before, 'aged')).table]);
    expect(acting(plan)).toEqual(acting(whole));
    const change = plan.changes.find(({ key }) => keyLabel(key) === 'table lake.aged');
    expect(change?.evidence).toContainEqual(expect.objectContaining({ snapshotId: ids.older }));
  });

  it('that has a table which was another version before: leaves it', async () => {
    const plan = await planWithout([(await filesOf(ids.before, 'old')).table]);
    expect(reasonOf(plan, 'table lake.old')).toContain(
      `skip: It is not known what it is to be: snapshot ${ids.before}`,
    );
  });
});

it('by an object of the snapshot from after the crawl: leaves what somebody may have edited since', async () => {
  const plan = await planWithout((await filesOf(ids.after, 'orders')).chunks);
  for (const day of ['1', '3']) {
    expect(reasonOf(plan, `partition lake.orders [${day}]`)).toContain(
      `snapshot ${ids.after}, which saw it after`,
    );
  }
});

it('names a snapshot whose manifest is damaged, and goes by the others', async () => {
  const path = join(lake.folder, 'manifests', `${ids.before}.json.gz`);
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, 20));
  try {
    const { subject } = await lake.plan();
    expect(subject.resolved).toMatchObject({ snapshotBefore: ids.older });
    expect(subject.resolved.damagedSnapshots).toContain(`The manifest ${ids.before}`);
  } finally {
    writeFileSync(path, bytes);
  }
});

it.each(['manifests/', 'objects/'])(
  'ends when the store does not answer for %s, for that is no damage',
  async (folder) => {
    const busy: DocumentStore = {
      ...lake.store,
      get: (name) =>
        name.startsWith(folder)
          ? Promise.reject(new GluepotError('failed', 'ServiceUnavailable: Reduce your request rate.'))
          : lake.store.get(name),
    };
    const found = await findCrawls(lake.scope, { crawlerName: CRAWLER });
    const planned = async () =>
      planUndo(lake.scope, lake.home, { found, around: await findSnapshotsAround(busy, lake.home, found) });
    await expect(planned()).rejects.toThrow('Reduce your request rate');
  },
);

// What undoing a crawl would do, by what is known: versions, times of creation, snapshots.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkGuards, parsePlan, planText } from '../../src/change/index.js';
import { objectsLookedAt } from '../../src/toolkit/crawl-undo/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { csv, linesOf, openUndoFixture, type UndoFixture } from './undo-fixture.js';

let lake: UndoFixture;
beforeEach(async () => {
  lake = await openUndoFixture();
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
});
afterEach(() => lake.close());

const ORDERS = csv('id,amount,city', '1,10.5,Oslo', '2,11.5,Rome', '3,12.5,Lima');
const orders = (day: string) => ({ [`orders/day=${day}/part.csv`]: ORDERS });
const TARGETS = { S3Targets: [{ Path: 's3://bucket/orders/' }, { Path: 's3://bucket/users/' }] };

describe('the first crawl', () => {
  it('leaves what it made to be deleted: tables with their partitions', async () => {
    lake.put({ ...orders('1'), ...orders('2'), 'users/u.csv': csv('id,name', '1,Ann', '2,Bob') });
    await lake.create({ Targets: TARGETS });
    await lake.crawlLater();
    const plan = await lake.plan();
    expect(linesOf(plan)).toEqual([
      'delete index crawler_partition_index of lake.orders',
      'delete partition lake.orders [1]',
      'delete partition lake.orders [2]',
      'delete table lake.orders',
      'delete table lake.users',
    ]);
    expect(plan.subject.resolved).toMatchObject({
      crawler: 'crawler',
      database: 'lake',
      snapshotBefore: 'none',
    });
    expect(plan.changes[4]?.evidence).toMatchObject([
      { from: 'table-version', VersionId: '0' },
      { from: 'creation-time' },
    ]);
  });
});

describe('a later crawl', () => {
  beforeEach(async () => {
    lake.put(orders('1'));
    await lake.create({ Targets: { S3Targets: [{ Path: 's3://bucket/orders/' }] } });
    await lake.crawlLater();
  });

  it('that changed nothing leaves nothing to be done', async () => {
    await lake.crawlLater();
    expect(linesOf(await lake.plan())).toEqual([]);
  });

  it('says of how many objects it is, in a saved plan too, for limits in percent', async () => {
    lake.put(orders('2'));
    await lake.crawlLater();
    const plan = parsePlan(planText(await lake.plan()));
    expect(objectsLookedAt(plan)).toBe(3);
    const refuse = (percent: number) => () =>
      checkGuards(plan, { maxDeletes: { percent }, objectCount: objectsLookedAt(plan) });
    expect(refuse(33)).toThrow('1 of 3 objects (33.3%), and at most 33% are allowed');
    expect(refuse(34)).not.toThrow();
    await lake.apply(plan);
    expect(objectsLookedAt(await lake.inverse())).toBe(3);
  });

  it('counts all tables of the database, though several are looked at once', async () => {
    const StorageDescriptor = { Columns: [{ Name: 'id', Type: 'int' }] };
    for (const Name of ['one', 'two', 'three']) {
      await lake.glue.createTable({ DatabaseName: DATABASE, TableInput: { Name, StorageDescriptor } });
    }
    lake.put(orders('2'));
    await lake.crawlLater();
    expect(objectsLookedAt(await lake.plan())).toBe(6);
  });

  it('counts what goes with a table, so that never more than all is deleted', async () => {
    const plan = await lake.plan({ since: new Date(0) });
    expect(plan.changes.map(({ key }) => key.kind)).toContain('partition-index');
    expect(objectsLookedAt(plan)).toBe(plan.changes.length);
    const limits = { maxDeletes: { percent: 99 }, objectCount: objectsLookedAt(plan) };
    expect(() => checkGuards(plan, limits)).toThrow('(100%), and at most 99% are allowed');
  });

  it('restores a table to its version from before', async () => {
    lake.put({ 'orders/day=1/part.csv': csv('id,amount,city,zip', '1,10.5,Oslo,0150', '2,1.5,Rome,0118') });
    await lake.crawlLater();
    const plan = await lake.plan();
    const update = plan.changes.find(({ action, key }) => action === 'update' && key.kind === 'table');
    expect(update).toMatchObject({
      VersionId: '2',
      evidence: [
        { from: 'table-version', VersionId: '2' },
        { from: 'table-version', VersionId: '1' },
      ],
    });
    const { Columns } = (update?.wanted as { StorageDescriptor: { Columns: { Name: string }[] } })
      .StorageDescriptor;
    expect(Columns.map(({ Name }) => Name)).toEqual(['id', 'amount', 'city']);
  });

  it('removes the mark of deprecation', async () => {
    lake.remove('orders/day=1');
    lake.put({ 'orders/readme.bin': Buffer.from([0, 1, 2, 3]) });
    lake.remove('orders');
    await lake.crawlLater();
    const { Parameters } = await lake.table('orders');
    expect(Parameters).toHaveProperty('DEPRECATED_BY_CRAWLER');
    const update = (await lake.plan()).changes.find(({ key }) => key.kind === 'table');
    expect(update?.action).toBe('update');
    expect((update?.wanted as { Parameters: object }).Parameters).not.toHaveProperty('DEPRECATED_BY_CRAWLER');
  });

  it('restores partitions that it changed, from snapshots around it; without them it says nothing', async () => {
    await lake.snapshot();
    lake.put({ 'orders/day=1/more.csv': ORDERS });
    await lake.crawlLater();
    expect(linesOf(await lake.plan())).not.toContain('update partition lake.orders [1]');
    await lake.snapshot();
    expect(linesOf(await lake.plan())).toContain('update partition lake.orders [1]');
  });

  it.each(['before', 'after'] as const)(
    'does not take for its own what another crawl changed between it and the snapshot from %s it',
    async (side) => {
      lake.put(orders('2'));
      await lake.crawlLater();
      await lake.snapshot();
      const grow = async (day: string) => {
        lake.put({ [`orders/day=${day}/more.csv`]: ORDERS });
        await lake.crawlLater();
      };
      const [its, others] = ['1', '2'];
      if (side === 'before') {
        await grow(others);
        await grow(its);
      } else {
        await grow(its);
        lake.later();
        await grow(others);
      }
      await lake.snapshot();
      const { Crawls = [] } = await lake.glue.listCrawls({ CrawlerName: 'crawler' });
      const [last, oneBefore] = Crawls.map(({ CrawlId }) => CrawlId);
      const plan = await lake.plan({ crawlId: side === 'before' ? last : oneBefore });
      const other = side === 'before' ? oneBefore : last;
      const ofPartitions = plan.changes.filter(({ key }) => key.kind === 'partition');
      expect(ofPartitions.map(({ action }) => action)).toEqual(['skip', 'skip']);
      for (const { reason } of ofPartitions) expect(reason).toContain(`crawl ${other} wrote into its table`);
      // Both together are all that happened between the snapshots.
      const both = await lake.plan({ since: Crawls[1]?.StartTime });
      expect(linesOf(both).filter((line) => line.includes('partition'))).toEqual([
        'update partition lake.orders [1]',
        'update partition lake.orders [2]',
      ]);
    },
  );

  it('makes anew what it deleted altogether, with partitions', async () => {
    await lake.glue.updateCrawler({
      Name: 'crawler',
      SchemaChangePolicy: { DeleteBehavior: 'DELETE_FROM_DATABASE', UpdateBehavior: 'UPDATE_IN_DATABASE' },
    });
    await lake.snapshot();
    lake.remove('orders');
    await lake.crawlLater();
    expect(await lake.tables()).toEqual([]);
    expect(linesOf(await lake.plan())).toEqual([
      'recreate table lake.orders',
      'recreate partition lake.orders [1]',
      'recreate index crawler_partition_index of lake.orders',
    ]);
  });

  it('says what its history tells that it did and nothing else knows of', async () => {
    await lake.glue.updateCrawler({
      Name: 'crawler',
      SchemaChangePolicy: { DeleteBehavior: 'DELETE_FROM_DATABASE', UpdateBehavior: 'UPDATE_IN_DATABASE' },
    });
    lake.put(orders('2'));
    await lake.crawlLater();
    lake.remove('orders/day=2');
    lake.put({ 'orders/day=1/more.csv': ORDERS });
    await lake.crawlLater();
    const { subject } = await lake.plan();
    expect(subject.resolved.partitionsNotKnown).toBe(
      'The crawl changed or deleted partitions of orders, and no snapshot from before it tells what they were.',
    );
    lake.remove('orders');
    await lake.crawlLater();
    const plan = await lake.plan();
    expect(linesOf(plan)).toEqual(['skip table lake.orders']);
    expect(plan.changes[0]?.reason).toContain('no snapshot from before the crawl covers it');
    expect(plan.subject.resolved).not.toHaveProperty('partitionsNotKnown');

    await lake.snapshot();
    lake.put(orders('1'));
    await lake.crawlLater();
    lake.put({ 'orders/day=1/more.csv': ORDERS });
    await lake.crawlLater();
    for (const since of [undefined, new Date(0)]) {
      expect((await lake.plan({ since })).subject.resolved).not.toHaveProperty('partitionsNotKnown');
    }
  });

  it('does not bring back what people deleted, nor touch what they made meanwhile', async () => {
    await lake.snapshot();
    lake.put(orders('2'));
    await lake.crawlLater();
    await lake.snapshot();
    await lake.glue.createPartition({
      DatabaseName: DATABASE,
      TableName: 'orders',
      PartitionInput: { Values: ['9'], StorageDescriptor: { Location: 's3://bucket/orders/day=9/' } },
    });
    await lake.glue.deletePartition({ DatabaseName: DATABASE, TableName: 'orders', PartitionValues: ['1'] });
    const plan = await lake.plan();
    expect(linesOf(plan)).toEqual([
      'delete partition lake.orders [2]',
      'update table lake.orders',
      'skip partition lake.orders [1]',
    ]);
    expect(plan.changes[2]?.reason).toContain('nothing shows that the crawl deleted it');
  });

  it('does not bring back a table that people deleted, nor anything of what was in it', async () => {
    await lake.snapshot();
    await lake.crawlLater();
    await lake.glue.deleteTable({ DatabaseName: DATABASE, Name: 'orders' });
    const plan = await lake.plan();
    expect(linesOf(plan)).toEqual(['skip table lake.orders']);
    expect(plan.changes[0]?.reason).toContain('nothing shows that the crawl deleted it');
  });

  it('keeps a table that it made while somebody’s partition is in it', async () => {
    lake.put({ 'users/country=no/u.csv': csv('id,name', '1,Ann', '2,Bob') });
    await lake.glue.updateCrawler({ Name: 'crawler', Targets: TARGETS });
    await lake.crawlLater();
    await lake.glue.createPartition({
      DatabaseName: DATABASE,
      TableName: 'users',
      PartitionInput: { Values: ['se'], StorageDescriptor: { Location: 's3://elsewhere/' } },
    });
    const plan = await lake.plan();
    expect(linesOf(plan)).toEqual(['delete partition lake.users [no]', 'skip table lake.users']);
    expect(plan.changes[1]?.reason).toContain('1 of its 2 partitions are not the crawl’s'.replace('’', "'"));
  });

  it('any past one can be undone by its id, and several by their time', async () => {
    lake.put(orders('2'));
    await lake.crawlLater();
    const lastOnly = ['delete partition lake.orders [3]', 'update table lake.orders'];
    const { Crawls: [second] = [] } = await lake.glue.listCrawls({ CrawlerName: 'crawler', MaxResults: 1 });
    const since = lake.clock.now();
    lake.put(orders('3'));
    await lake.crawlLater();
    expect(linesOf(await lake.plan())).toEqual(lastOnly);
    expect(linesOf(await lake.plan({ since }))).toEqual(lastOnly);
    const ofSecond = { crawlId: second?.CrawlId ?? '' };
    expect(linesOf(await lake.plan(ofSecond))).toEqual([
      'delete partition lake.orders [2]',
      'conflict table lake.orders',
    ]);
    const both = { since: new Date(second?.StartTime ?? 0) };
    expect(linesOf(await lake.plan(both))).toEqual([
      'delete partition lake.orders [2]',
      'delete partition lake.orders [3]',
      'update table lake.orders',
    ]);
  });

  it('leaves partitions of other crawlers alone', async () => {
    await lake.create({ Name: 'other', Targets: { S3Targets: [{ Path: 's3://bucket/users/' }] } });
    lake.put({ 'users/country=no/u.csv': csv('id,name', '1,Ann', '2,Bob'), ...orders('2') });
    lake.later();
    await Promise.all([lake.crawl('other'), lake.crawl('crawler')]);
    expect(linesOf(await lake.plan())).toEqual([
      'delete partition lake.orders [2]',
      'update table lake.orders',
    ]);
  });

  it('leaves resource links alone, though they look like the table that they lead to', async () => {
    const { Name, StorageDescriptor, PartitionKeys, Parameters } = await lake.table('orders');
    expect(Parameters).toHaveProperty('UPDATED_BY_CRAWLER', 'crawler');
    const TargetTable = { DatabaseName: DATABASE, Name };
    const TableInput = { Name: 'link', TargetTable, StorageDescriptor, PartitionKeys, Parameters };
    await lake.glue.createTable({ DatabaseName: DATABASE, TableInput });
    const { Values, Parameters: counts } = (await lake.partitions('orders'))[0] ?? {};
    const PartitionInput = { Values, Parameters: counts };
    await lake.glue.createPartition({ DatabaseName: DATABASE, TableName: 'link', PartitionInput });
    const start = new Date(0);
    const known = { crawlId: undefined, crawlerName: 'crawler', state: 'COMPLETED', summary: undefined };
    expect(linesOf(await lake.planOf([{ ...known, start, end: undefined }]))).toEqual([
      'delete index crawler_partition_index of lake.orders',
      'delete partition lake.orders [1]',
      'delete table lake.orders',
    ]);
  });
});

describe('what cannot be', () => {
  it.each([
    [{ crawlerName: 'nobody' }, 'There is no crawler nobody in this account and region. There is crawler.'],
    [{ crawlId: 'x' }, 'Crawler crawler has no crawl x. Its last ones: none.'],
    [{}, 'Crawler crawler has not crawled yet: there is nothing to undo.'],
  ])('%j is refused by name', async (asked, message) => {
    await lake.create();
    await expect(lake.plan(asked)).rejects.toMatchObject({ kind: 'usage', message });
  });

  it('a database that is not there is refused by name, whatever snapshots have of others', async () => {
    lake.put(orders('1'));
    await lake.create({ Targets: { S3Targets: [{ Path: 's3://bucket/orders/' }] } });
    await lake.crawlLater();
    await lake.snapshot();
    await lake.crawlLater();
    const refusal = (name: string) => ({
      kind: 'usage',
      message: expect.stringContaining(`There is no database ${name}`) as string,
    });
    await expect(lake.plan({ DatabaseName: 'lakes' })).rejects.toMatchObject(refusal('lakes'));
    await lake.glue.deleteDatabase({ Name: DATABASE });
    await expect(lake.plan()).rejects.toMatchObject(refusal(DATABASE));
  });
});

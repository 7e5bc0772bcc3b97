// What stands in the way of an undo, a redo or a restore is said to be whose it is, as far as that shows.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/change/index.js';
import { planRestore } from '../../src/toolkit/catalog-snapshot/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { CRAWLER, csv, openUndoFixture, type UndoFixture } from './undo-fixture.js';

let lake: UndoFixture;
const Targets = { S3Targets: [{ Path: 's3://bucket/orders/' }] };
beforeEach(async () => {
  lake = await openUndoFixture();
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
  await lake.create({ Targets });
  await lake.create({ Name: 'other', Targets });
  lake.put({ 'orders/a.csv': csv('id,amount', '1,10.5', '2,11.5') });
});
afterEach(() => lake.close());

const conflictsOf = ({ changes }: Plan) =>
  changes.filter(({ action }) => action === 'conflict').map(({ reason }) => reason);

const columnsChange = () => lake.put({ 'orders/a.csv': csv('id,amount,note', '1,10.5,x', '2,11.5,y') });

describe('another crawler’s change', () => {
  beforeEach(async () => {
    await lake.crawlLater();
    columnsChange();
    await lake.crawlLater('other');
  });

  it('is named as that of its crawl, with its time', async () => {
    const { Crawls = [] } = await lake.glue.listCrawls({ CrawlerName: 'other' });
    const [{ CrawlId, StartTime, EndTime } = {}] = Crawls;
    const by = `Crawler other (crawl ${CrawlId}, from ${StartTime?.toISOString()} to ${EndTime?.toISOString()})`;
    const [reason, ...more] = conflictsOf(await lake.plan());
    expect(more).toEqual([]);
    expect(reason).toMatch(`${by} changed the table lake.orders: `);
    const { changes } = await lake.plan({ onConflict: 'keep-current' });
    expect(changes[0]?.reason).toMatch(`Kept as it is: ${by} changed the table lake.orders: `);
  });

  it('is named by its mark alone where its history is not to be had', async () => {
    await lake.glue.deleteCrawler({ Name: 'other' });
    expect(conflictsOf(await lake.plan())[0]).toMatch(
      /^Crawler other, as the table’s parameter UPDATED_BY_CRAWLER says, changed the table lake.orders: /,
    );
  });

  it('and an edit after it are told apart', async () => {
    await lake.edit('orders', (input) => (input.Description = 'ours'));
    const { UpdateTime } = await lake.table('orders');
    expect(conflictsOf(await lake.plan())[0]).toMatch(
      new RegExp(
        `^Crawler other \\(crawl .*\\), and somebody else at ${UpdateTime?.toISOString()}, changed the table`,
      ),
    );
  });
});

it('a later crawl of the same crawler is named, too', async () => {
  await lake.crawlLater();
  columnsChange();
  await lake.crawlLater();
  const { Crawls = [] } = await lake.glue.listCrawls({ CrawlerName: CRAWLER });
  const [last, first] = Crawls.map(({ CrawlId }) => CrawlId);
  expect(conflictsOf(await lake.plan({ crawlId: first }))[0]).toMatch(
    `Crawler crawler (crawl ${last}, from `,
  );
});

it('an edit of a table that keeps the mark of the crawl is nobody’s that is known', async () => {
  await lake.crawlLater();
  await lake.edit('orders', (input) => (input.Description = 'ours'));
  const [reason, ...more] = conflictsOf(await lake.plan());
  expect(more).toEqual([]);
  expect(reason).toMatch(/^Somebody else changed the table lake.orders: Description/);
});

it('of a partition, which bears no mark, it is said what a crawler’s history tells', async () => {
  lake.remove('orders/a.csv');
  lake.put({ 'orders/day=1/a.csv': csv('id,amount', '1,10.5', '2,11.5') });
  await lake.snapshot();
  await lake.crawlLater();
  await lake.snapshot();
  lake.put({ 'orders/day=1/a.csv': csv('id,amount', '1,10.5', '2,11.5', '3,12.5') });
  await lake.crawlLater('other');
  expect(conflictsOf(await lake.plan())).toContainEqual(
    expect.stringMatching(
      /^Crawler other \(crawl .*\), whose history tells of partitions of this table, or somebody else changed the partition lake.orders \[1\]: /,
    ),
  );
});

it('a redo and a restore name the crawler that came in between', async () => {
  const snapshotId = await lake.snapshot();
  await lake.crawlLater();
  await lake.snapshot();
  await lake.apply(await lake.plan());
  await lake.crawlLater('other');
  expect(conflictsOf(await lake.inverse())[0]).toMatch(/^Crawler other \(crawl /);
  const { plan } = await planRestore({ glue: lake.glue }, lake.home, lake.store, { snapshotId });
  expect(conflictsOf(plan)[0]).toMatch(/^Crawler other \(crawl .*\) changed the table lake.orders/);
});

it('what our own redo put back between two crawls is nobody else’s: both crawls are taken back', async () => {
  await lake.crawlLater();
  const before = await lake.content();
  const since = lake.clock.now();
  columnsChange();
  await lake.crawlLater();
  await lake.apply(await lake.plan());
  lake.later();
  await lake.apply(await lake.inverse());
  lake.put({ 'orders/a.csv': csv('id,amount,note,more', '1,10.5,x,1', '2,11.5,y,2') });
  await lake.crawlLater();
  const plan = await lake.plan({ since });
  expect(conflictsOf(plan)).toEqual([]);
  await lake.apply(plan);
  expect(await lake.content()).toEqual(before);
});

it('a person’s edit between two crawls stays a conflict, whatever was undone and redone', async () => {
  await lake.crawlLater();
  const since = lake.clock.now();
  columnsChange();
  await lake.crawlLater();
  await lake.apply(await lake.plan());
  lake.later();
  await lake.apply(await lake.inverse());
  await lake.edit('orders', (input) => (input.Description = 'ours'));
  lake.put({ 'orders/a.csv': csv('id,amount,note,more', '1,10.5,x,1', '2,11.5,y,2') });
  await lake.crawlLater();
  expect(conflictsOf(await lake.plan({ since }))).toHaveLength(1);
});

it('what a restore made of a table is called its journal’s, and what it was before nobody’s that is known', async () => {
  await lake.crawlLater();
  await lake.edit('orders', (input) => (input.Description = 'ours'));
  const snapshotId = await lake.snapshot();
  columnsChange();
  await lake.crawlLater();
  await lake.snapshot();
  const { plan } = await planRestore({ glue: lake.glue }, lake.home, lake.store, { snapshotId });
  const { journalId } = await lake.apply(plan);
  const { Crawls = [] } = await lake.glue.listCrawls({ CrawlerName: CRAWLER });
  expect(conflictsOf(await lake.plan({ crawlId: Crawls[1]?.CrawlId }))[0]).toMatch(
    `Journal ${journalId} (snapshot-restore) changed the table lake.orders: `,
  );
});

it('an undo that a crawl disturbs names the crawler', async () => {
  await lake.crawlLater();
  columnsChange();
  await lake.crawlLater();
  const plan = await lake.plan();
  let isDisturbed = false;
  lake.clients.glue.middlewareStack.add(
    (next, { commandName }) =>
      async (call) => {
        if (commandName === 'UpdateTableCommand' && !isDisturbed) {
          isDisturbed = true;
          lake.put({ 'orders/a.csv': csv('id,amount,more', '1,10.5,x', '2,11.5,y') });
          await lake.crawlLater('other');
        }
        return next(call);
      },
    { step: 'initialize' },
  );
  await expect(lake.apply(plan)).rejects.toThrow(
    / Crawler other crawled meanwhile, from .*Z on, into lake: what is in conflict may come of that\.$/,
  );
});

// Undo and redo of crawls of each kind of target: the catalog is as it was, whatever the crawl made its tables of.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { PLAIN, type TargetKind } from './target-kinds.js';
import { linesOf, openUndoFixture, type UndoFixture } from './undo-fixture.js';

let lake: UndoFixture;
beforeEach(async () => {
  lake = await openUndoFixture();
  await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
});
afterEach(() => lake.close());

it.each(Object.entries(PLAIN))(
  '%s: each crawl is taken back, and put back',
  async (_, { crawler, setUp, change }) => {
    await setUp(lake);
    await lake.create(crawler);
    const states = [await lake.content()];
    for (const step of [() => {}, change]) {
      await step(lake);
      await lake.snapshot();
      await lake.crawlLater();
      await lake.snapshot();
      const [before, after] = [states.at(-1), await lake.content()];
      expect(after).not.toEqual(before);
      await lake.apply(await lake.plan());
      expect(await lake.content()).toEqual(before);
      await lake.apply(await lake.inverse());
      expect(await lake.content()).toEqual(after);
      states.push(after);
      lake.later();
    }
  },
);

it('a partition that people make while the crawl makes others of the same table is theirs', async () => {
  const { crawler, setUp } = PLAIN[
    'tables of the catalog, left as they are but for partitions'
  ] as TargetKind;
  await setUp(lake);
  await lake.create(crawler);
  const release = lake.holdCrawls();
  const crawled = lake.crawl();
  const PartitionInput = { Values: ['1999'], StorageDescriptor: { Location: 's3://bucket/old/' } };
  await lake.glue.createPartition({ DatabaseName: DATABASE, TableName: 'orders', PartitionInput });
  release();
  await crawled;
  expect(linesOf(await lake.plan())).toEqual(['delete partition lake.orders [2024]']);
});

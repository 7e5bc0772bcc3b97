// Undo and redo of crawls of each kind of target: the catalog is as it was, whatever the crawl made its tables of.
import type { Table } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { columnsOf, DATABASE } from '../conformance/crawl-fixture.js';
import { FORMATS, PLAIN, type TargetKind } from './target-kinds.js';
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

describe.each(Object.entries(FORMATS))('%s', (_, { crawler, setUp, change }) => {
  const tableFormats = 'without-pointers';
  const pointersOf = ({ Parameters, StorageDescriptor }: Table) =>
    [Parameters, StorageDescriptor?.Parameters].flatMap((some) =>
      ['metadata_location', 'delta.lastUpdateVersion'].map((name) => some?.[name]),
    );
  const MADE = ['table lake.gone', 'table lake.orders'];
  let before: Record<string, string>;
  let after: Record<string, string>;
  beforeEach(async () => {
    await setUp(lake);
    await lake.create(crawler);
    before = await lake.content();
    await lake.crawlLater();
    after = await lake.content();
  });

  it('stay as they are unless they are asked for; then what a crawl made goes, and comes back with its pointers', async () => {
    expect(linesOf(await lake.plan())).toEqual(MADE.map((label) => `skip ${label}`));
    await lake.apply(await lake.plan({ tableFormats }));
    expect(await lake.content()).toEqual(before);
    expect(linesOf(await lake.inverse())).toEqual(MADE.map((label) => `skip ${label}`));
    await lake.apply(await lake.inverse(undefined, { tableFormats }));
    expect(await lake.content()).toEqual(after);
  });

  it('are changed back but for their pointers; what was deleted of them is not made anew', async () => {
    const first = await lake.table('orders');
    await change(lake);
    await lake.snapshot();
    await lake.crawlLater();
    await lake.snapshot();
    const [second, left] = [await lake.table('orders'), await lake.content()];
    expect(pointersOf(second)).not.toEqual(pointersOf(first));
    const plan = await lake.plan({ tableFormats });
    const isGone = crawler.SchemaChangePolicy?.DeleteBehavior === 'DELETE_FROM_DATABASE';
    expect(linesOf(plan).sort()).toEqual([
      'delete table lake.new',
      ...(isGone ? ['skip table lake.gone'] : ['update table lake.gone']),
      'update table lake.orders',
    ]);
    await lake.apply(plan);
    const undone = await lake.table('orders');
    expect(columnsOf(undone)).toEqual(columnsOf(first));
    expect(pointersOf(undone)).toEqual(pointersOf(second));
    await lake.apply(await lake.inverse(undefined, { tableFormats }));
    expect(await lake.content()).toEqual(left);
  });

  it('are not deleted once somebody has written their data', async () => {
    await lake.edit('orders', ({ Parameters = {} }) => {
      for (const name of Object.keys(Parameters)) {
        if (name === 'metadata_location' || name === 'delta.lastUpdateVersion') Parameters[name] += '1';
      }
    });
    expect(linesOf(await lake.plan({ tableFormats }))).toEqual([
      'delete table lake.gone',
      'conflict table lake.orders',
    ]);
  });
});

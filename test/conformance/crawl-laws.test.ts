// Laws of crawling, whatever the data: as properties, and at sizes that nobody reads whole.
import { closeSync, mkdirSync, openSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Table } from '@aws-sdk/client-glue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCrawlFixture, type CrawlFixture } from './crawl-fixture.js';

const TARGET = { Targets: { S3Targets: [{ Path: 's3://bucket/t/' }] } };

async function withLake<T>(use: (lake: CrawlFixture) => Promise<T>): Promise<T> {
  const lake = await openCrawlFixture();
  try {
    return await use(lake);
  } finally {
    await lake.close();
  }
}

/** What a crawl determines: all but times, versions and the id of the run. */
function essence({ Name, PartitionKeys, StorageDescriptor, Parameters }: Table) {
  const without = (parameters: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(parameters).filter(([key]) => key !== 'CRAWL_RUN_ID'));
  return {
    Name,
    PartitionKeys,
    Parameters: without(Parameters),
    StorageDescriptor: { ...StorageDescriptor, Parameters: without(StorageDescriptor?.Parameters) },
  };
}

async function catalogOf(lake: CrawlFixture) {
  const tables = await lake.tables();
  const partitions = await Promise.all(tables.map((table) => lake.partitions(table.Name as string)));
  return tables.map((table, index) => ({
    table: essence(table),
    partitions: partitions[index]!.map(({ Values, StorageDescriptor }) => ({ Values, StorageDescriptor })),
  }));
}

const days = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
const files = days
  .chain((list) =>
    fc.tuple(
      fc.constant(list),
      fc.array(fc.constantFrom('1,2\n', '3,4.5\n', '5,x\n'), {
        minLength: list.length,
        maxLength: list.length,
      }),
    ),
  )
  .map(([list, rows]) =>
    Object.fromEntries(list.map((day, index) => [`t/day=${day}/a.csv`, `id,value\n7,8\n${rows[index]}`])),
  );

describe('crawls', () => {
  it('do not depend on the order in which files were written', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (content) => {
        const crawlInOrder = (entries: [string, string][]) =>
          withLake(async (lake) => {
            for (const [key, text] of entries) lake.put({ [key]: text });
            await lake.create(TARGET);
            await lake.crawl();
            return catalogOf(lake);
          });
        const entries = Object.entries(content);
        expect(await crawlInOrder([...entries].reverse())).toEqual(await crawlInOrder(entries));
      }),
      { numRuns: 5 },
    );
  });

  it('change nothing when nothing changed', async () => {
    await fc.assert(
      fc.asyncProperty(files, (content) =>
        withLake(async (lake) => {
          lake.put(content);
          await lake.create(TARGET);
          await lake.crawl();
          const before = await lake.tables();
          await lake.crawl();
          expect(await lake.tables()).toEqual(before);
          const [last] = (await lake.glue.listCrawls({ CrawlerName: 'crawler' })).Crawls!;
          expect(last).toMatchObject({ State: 'COMPLETED' });
          expect(last?.Summary).toBeUndefined();
        }),
      ),
      { numRuns: 5 },
    );
  });

  it('partition by partition come to the same as at once', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (content) => {
        const atOnce = await withLake(async (lake) => {
          lake.put(content);
          await lake.create(TARGET);
          await lake.crawl();
          return catalogOf(lake);
        });
        const oneByOne = await withLake(async (lake) => {
          await lake.create(TARGET);
          for (const [key, text] of Object.entries(content)) {
            lake.put({ [key]: text });
            await lake.crawl();
          }
          return catalogOf(lake);
        });
        expect(oneByOne).toEqual(atOnce);
      }),
      { numRuns: 4 },
    );
  });

  it('succeed over any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 400 }), { minLength: 1, maxLength: 12 }),
        (contents) =>
          withLake(async (lake) => {
            contents.forEach((content, index) => lake.put({ [`t/${index}.bin`]: Buffer.from(content) }));
            await lake.create(TARGET);
            expect((await lake.crawl())?.LastCrawl?.Status).toBe('SUCCEEDED');
          }),
      ),
      { numRuns: 6 },
    );
  });

  it('look at the start of an object of 10 GB, and no more', async () => {
    await withLake(async (lake) => {
      const path = lake.pathOf('t/huge.csv');
      mkdirSync(dirname(path), { recursive: true });
      const descriptor = openSync(path, 'w');
      writeSync(descriptor, `id,name\n${'1,apple\n'.repeat(200_000)}`);
      closeSync(descriptor);
      truncateSync(path, 10 * 1024 ** 3);
      await lake.create(TARGET);
      const memoryBefore = process.memoryUsage().rss;
      expect((await lake.crawl())?.LastCrawl?.Status).toBe('SUCCEEDED');
      expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(500 * 1024 ** 2);
      expect((await lake.table('t')).Parameters).toMatchObject({
        sizeKey: String(10 * 1024 ** 3),
        averageRecordSize: '7',
      });
    });
  });
});

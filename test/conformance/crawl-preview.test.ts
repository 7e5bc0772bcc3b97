// What a preview tells is what the crawl then does, and it says why.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openScratch } from '../../src/connect.js';
import { mirrorCrawler } from '../../src/toolkit/crawl-preview/mirror-crawler.js';
import { columnsOf, openCrawlFixture, type CrawlFixture } from './crawl-fixture.js';

let lake: CrawlFixture;
beforeEach(async () => void (lake = await openCrawlFixture()));
afterEach(() => lake.close());

async function preview(what = 'crawler') {
  const scratch = await openScratch();
  const { signal } = new AbortController();
  try {
    const { crawlerName, mirrored } = await mirrorCrawler(lake.aws.clients(), scratch, {
      what,
      signal,
      onProgress: () => undefined,
    });
    return { ...(await scratch.previewCrawl(crawlerName, signal)), mirrored };
  } finally {
    await scratch.close();
  }
}

const CSV = 'id,price\n1,2\n2,3\n';

describe('a preview', () => {
  it('shows tables, keys and columns as the crawl makes them, and changes nothing', async () => {
    lake.put({
      'sales/day=1/a.csv': CSV,
      'sales/day=2/a.csv': 'id,price\n3,4.5\n4,5\n',
      'people/x.json': '{"Name":"a","age":1}\n{"Name":"b","age":"old"}\n',
    });
    await lake.create();
    const seen = await preview();
    await expect(lake.glue.getDatabase({ Name: 'lake' })).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
    await lake.crawl();
    const tables = await lake.tables();
    expect(
      seen.tables.map((table) => [
        table.name,
        table.location,
        table.columns.map(({ name, type }) => `${name} ${type}`),
      ]),
    ).toEqual(tables.map((table) => [table.Name, table.StorageDescriptor?.Location, columnsOf(table)]));
    expect(seen.changes).toMatchObject([
      { kind: 'table', action: 'create', table: 'people', count: 1 },
      { kind: 'table', action: 'create', table: 'sales', count: 1 },
      { kind: 'partition', action: 'create', table: 'sales', count: 2 },
    ]);
  });

  it('says which files and values made the type of a column', async () => {
    lake.put({ 'sales/day=1/a.csv': CSV, 'sales/day=2/a.csv': 'id,price\n3,4.5\n4,n/a\n' });
    const { tables } = await preview('s3://bucket/sales/');
    expect(tables[0]).toMatchObject({
      name: 'sales',
      partitionKeys: ['day'],
      partitionCount: 2,
      fileCount: 2,
    });
    expect(tables[0]?.reasons.join(' ')).toContain('are partitions of one table');
    expect(tables[0]?.classifierReasons.join(' ')).toContain('2 columns cut by ","');
    expect(tables[0]?.columns.find(({ name }) => name === 'price')).toEqual({
      name: 'price',
      type: 'string',
      evidence: [
        {
          type: 'bigint',
          fileCount: 1,
          files: ['s3://bucket/sales/day=1/a.csv'],
          values: [{ type: 'bigint', value: '2', record: 2 }],
        },
        {
          type: 'string',
          fileCount: 1,
          files: ['s3://bucket/sales/day=2/a.csv'],
          values: [
            { type: 'double', value: '4.5', record: 2 },
            { type: 'string', value: 'n/a', record: 3 },
          ],
        },
      ],
    });
  });

  it('says why folders are several tables', async () => {
    lake.put({ 'a/1.csv': CSV, 'b/1.json': '{"x":1}\n' });
    const { tables } = await preview('s3://bucket/');
    expect(tables.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(tables[0]?.reasons.join(' ')).toContain('a/ is csv and b/ is json');
  });

  it('knows what is catalogued, and the classifiers of the crawler', async () => {
    await lake.glue.createClassifier({ CsvClassifier: { Name: 'c', Delimiter: '^' } });
    lake.put({ 't/1.csv': 'id^n\n1^x\n' });
    await lake.create({ Classifiers: ['c'], Targets: { S3Targets: [{ Path: 's3://bucket/t' }] } });
    await lake.crawl();
    expect((await preview()).changes).toEqual([]);
    lake.put({ 't/1.csv': 'id^n^more\n1^x^2\n' });
    expect((await preview()).changes).toMatchObject([{ kind: 'table', action: 'update', table: 't' }]);
  });

  it('reads no more than starts and ends of objects', async () => {
    lake.put({ 't/big.csv': `id,price\n${'1,2\n'.repeat(1_000_000)}`, 't/small.csv': CSV });
    const { mirrored, tables } = await preview('s3://bucket/t/');
    expect(mirrored[0]).toMatchObject({ objectCount: 2, byteCount: 1_048_576 + CSV.length });
    expect(tables.map(({ name }) => name)).toContain('t');
  });

  it('refuses what it cannot preview, and names it', async () => {
    await expect(preview('nobody')).rejects.toThrow('There is no crawler nobody');
    await expect(preview('s3://')).rejects.toThrow('s3:// names no bucket');
    await expect(preview('s3://no-such-bucket/x/')).rejects.toThrow('There is no bucket no-such-bucket');
    await lake.create({ Targets: { DynamoDBTargets: [{ Path: 'orders' }] } });
    await expect(preview()).rejects.toThrow('has DynamoDBTargets');
  });
});

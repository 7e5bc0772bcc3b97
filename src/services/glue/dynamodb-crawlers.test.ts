// Crawls of DynamoDB tables through the SDK, from the items to the table in the catalog.
import type { AttributeValue, DynamoDB } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { columnsOf, openCrawlFixture, type CrawlFixture } from '../../../test/conformance/crawl-fixture.js';

let lake: CrawlFixture;
let db: DynamoDB;
beforeEach(async () => {
  lake = await openCrawlFixture();
  db = lake.aws.clients().dynamodb;
});
afterEach(() => lake.close());

const arnOf = (name: string) => `arn:aws:dynamodb:us-east-1:123456789012:table/${name}`;

const makeTable = async (name: string, items: Record<string, AttributeValue>[] = []) => {
  await db.createTable({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'Id', AttributeType: 'S' },
      { AttributeName: 'at', AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: 'Id', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ],
  });
  for (const [index, item] of items.entries()) {
    await db.putItem({
      TableName: name,
      Item: { Id: { S: `i${index}` }, at: { N: String(index) }, ...item },
    });
  }
};

const targets = (...names: string[]) => ({ DynamoDBTargets: names.map((Path) => ({ Path })) });

const logText = async () => (await lake.lines()).join('\n');

describe('a crawl of a DynamoDB table', () => {
  it('writes the union of all attributes, with keys, counts and no formats', async () => {
    await makeTable('Shop.Orders', [
      {
        total: { N: '10' },
        paid: { BOOL: true },
        address: { M: { City: { S: 'Ulm' }, zip: { N: '89073' } } },
      },
      { total: { N: '9.5' }, note: { NULL: true }, tags: { SS: ['a'] }, raw: { B: new Uint8Array([1]) } },
      { sizes: { NS: ['1', '2'] }, lines: { L: [{ M: { sku: { S: 'x' } } }] }, Paid: { S: 'later' } },
    ]);
    await lake.create({ Targets: targets('Shop.Orders'), TablePrefix: 'ddb_' });
    const { LastCrawl } = await lake.crawl();
    expect(LastCrawl?.Status).toBe('SUCCEEDED');
    const table = await lake.table('ddb_shop_orders');
    expect(columnsOf(table)).toEqual([
      'id string',
      'at bigint',
      'address struct<City:string,zip:bigint>',
      'lines array<struct<sku:string>>',
      'note string',
      'paid string',
      'raw binary',
      'sizes array<bigint>',
      'tags array<string>',
      'total double',
    ]);
    const { Table: described } = await db.describeTable({ TableName: 'Shop.Orders' });
    const size = described?.TableSizeBytes as number;
    expect(table.Parameters).toEqual({
      CrawlerSchemaDeserializerVersion: '1.0',
      CrawlerSchemaSerializerVersion: '1.0',
      UPDATED_BY_CRAWLER: 'crawler',
      CRAWL_RUN_ID: table.Parameters?.CRAWL_RUN_ID,
      classification: 'dynamodb',
      compressionType: 'none',
      typeOfData: 'table',
      averageRecordSize: String(Math.floor(size / 3)),
      recordCount: '3',
      sizeKey: String(size),
      hashKey: 'Id',
      rangeKey: 'at',
    });
    expect(table.StorageDescriptor).toMatchObject({
      Location: arnOf('Shop.Orders'),
      Compressed: false,
      NumberOfBuckets: -1,
      SerdeInfo: { Parameters: {} },
    });
    expect(table.StorageDescriptor).not.toHaveProperty('InputFormat');
    expect(table.PartitionKeys).toEqual([]);
  });

  it('of an empty table knows its keys', async () => {
    await makeTable('empty');
    await lake.create({ Targets: targets('empty') });
    await lake.crawl();
    expect(columnsOf(await lake.table('empty'))).toEqual(['id string', 'at bigint']);
    expect((await lake.table('empty')).Parameters).toMatchObject({
      recordCount: '0',
      averageRecordSize: '0',
    });
  });

  it('that finds nothing new leaves the table and its version alone', async () => {
    await makeTable('orders', [{ a: { N: '1' } }]);
    await lake.create({ Targets: targets('orders') });
    await lake.crawl();
    const before = await lake.table('orders');
    await lake.crawl();
    expect(await lake.table('orders')).toEqual(before);
    await db.putItem({ TableName: 'orders', Item: { Id: { S: 'z' }, at: { N: '5' }, b: { S: 'new' } } });
    await lake.crawl();
    const after = await lake.table('orders');
    expect(after.VersionId).toBe('1');
    expect(columnsOf(after)).toEqual(['id string', 'at bigint', 'a bigint', 'b string']);
  });

  it('keeps tables apart whose names become the same', async () => {
    await makeTable('a-b', [{ dash: { S: 'x' } }]);
    await makeTable('a_b', [{ score: { S: 'x' } }]);
    await lake.create({ Targets: targets('a-b', 'a_b', 'a-b') });
    await lake.crawl();
    const { TableList = [] } = await lake.glue.getTables({ DatabaseName: 'lake' });
    expect(TableList.map(({ StorageDescriptor }) => StorageDescriptor?.Location).sort()).toEqual([
      arnOf('a-b'),
      arnOf('a_b'),
    ]);
    expect(new Set(TableList.map(({ Name }) => Name)).size).toBe(2);
    expect(columnsOf(await lake.table('a_b'))).toContain('dash string');
  });

  it('reads the first page only when it is to take a sample', async () => {
    // Pages hold 1 MiB, so that the second of two large items is on the second page, whichever it is.
    const large = { S: 'x'.repeat(300_000) };
    await makeTable('big', [
      { v0: large },
      { v1: large },
      { v2: large },
      { v3: large },
      { v4: large },
      { v5: large },
    ]);
    const seen = async (scanAll?: boolean) => {
      await lake.create({
        Targets: { DynamoDBTargets: [{ Path: 'big', ...(scanAll === undefined ? {} : { scanAll }) }] },
      });
      await lake.crawl();
      const found = columnsOf(await lake.table('big')).filter((column) => column.startsWith('v'));
      await lake.glue.deleteCrawler({ Name: 'crawler' });
      await lake.glue.deleteTable({ DatabaseName: 'lake', Name: 'big' });
      return found.length;
    };
    expect(await seen(false)).toBe(4);
    expect(await seen()).toBe(6);
    expect(await seen(true)).toBe(6);
  });

  it('takes S3 targets along', async () => {
    lake.put({ 'files/a.csv': 'id,name\n1,a\n2,b\n' });
    await makeTable('there', [{ a: { N: '1' } }]);
    await lake.create({ Targets: { S3Targets: [{ Path: 's3://bucket/files/' }], ...targets('there') } });
    expect((await lake.crawl()).LastCrawl?.Status).toBe('SUCCEEDED');
    expect((await lake.table('files')).Parameters?.classification).toBe('csv');
    expect((await lake.table('there')).Parameters?.classification).toBe('dynamodb');
  });

  it('fails for a table that is not there, as for a bucket, and writes nothing', async () => {
    await makeTable('there', [{ a: { N: '1' } }]);
    await lake.create({ Targets: targets('there', 'not-there') });
    const { LastCrawl } = await lake.crawl();
    const message =
      'Requested resource not found: Table: not-there not found ' +
      '(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ResourceNotFoundException)';
    expect(LastCrawl).toMatchObject({ Status: 'FAILED', ErrorMessage: message });
    expect(await logText()).toContain(`ERROR : ${message}`);
    expect((await lake.glue.getDatabases({})).DatabaseList).toEqual([]);
  });

  it.each(['DEPRECATE_IN_DATABASE', 'DELETE_FROM_DATABASE', 'LOG'] as const)(
    'fails for a table that was deleted since, and leaves its catalog table alone with %s',
    async (DeleteBehavior) => {
      await makeTable('gone', [{ a: { N: '1' } }]);
      await lake.create({
        Targets: targets('gone'),
        SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior },
      });
      await lake.crawl();
      const before = await lake.table('gone');
      await db.deleteTable({ TableName: 'gone' });
      expect((await lake.crawl()).LastCrawl?.Status).toBe('FAILED');
      expect(await lake.table('gone')).toEqual(before);
    },
  );

  it('fails when the table is deleted while it is read, and leaves the catalog as it is', async () => {
    const large = { S: 'x'.repeat(300_000) };
    await makeTable(
      'midway',
      Array.from({ length: 32 }, () => ({ v: large })),
    );
    await lake.create({
      Targets: targets('midway'),
      SchemaChangePolicy: { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'DELETE_FROM_DATABASE' },
    });
    await lake.crawl();
    const before = await lake.table('midway');
    await lake.glue.startCrawler({ Name: 'crawler' });
    // Eight pages: the crawl lets others have a turn between them, and this comes in between.
    await new Promise(setImmediate);
    await db.deleteTable({ TableName: 'midway' });
    const { LastCrawl } = await lake.ready();
    expect(LastCrawl).toMatchObject({
      Status: 'FAILED',
      ErrorMessage:
        'Requested resource not found (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ResourceNotFoundException)',
    });
    expect(await lake.table('midway')).toEqual(before);
  });

  it('logs what differs and writes nothing when UpdateBehavior is LOG', async () => {
    await makeTable('orders', [{ a: { N: '1' } }]);
    await lake.create({ Targets: targets('orders') });
    await lake.crawl();
    await lake.glue.updateCrawler({
      Name: 'crawler',
      SchemaChangePolicy: { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' },
    });
    await db.putItem({ TableName: 'orders', Item: { Id: { S: 'z' }, at: { N: '5' }, b: { S: 'new' } } });
    await lake.crawl();
    expect(columnsOf(await lake.table('orders'))).toEqual(['id string', 'at bigint', 'a bigint']);
    expect(await logText()).toContain('Table orders differs from what was found');
  });

  it('is told in the history with what it made', async () => {
    await makeTable('orders');
    await lake.create({ Targets: targets('orders') });
    await lake.crawl();
    const { Crawls = [] } = await lake.glue.listCrawls({ CrawlerName: 'crawler' });
    const summary = JSON.parse(Crawls[0]?.Summary as string) as { TABLE: { ADD: string } };
    expect(JSON.parse(summary.TABLE.ADD)).toMatchObject({ Details: { names: ['orders'] }, Count: 1 });
  });
});

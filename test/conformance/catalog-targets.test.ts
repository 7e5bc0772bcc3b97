// Catalog targets: tables that are there already are kept up to date, none is made, none deleted.
import type { TableInput } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { columnsOf, openCrawlFixture, type CrawlFixture } from './crawl-fixture.js';

let lake: CrawlFixture;
beforeEach(async () => {
  lake = await openCrawlFixture();
  for (const Name of ['lake', 'other']) await lake.glue.createDatabase({ DatabaseInput: { Name } });
});
afterEach(() => lake.close());

const LOG = { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'LOG' } as const;
const create = (Tables: string[], overrides = {}) =>
  lake.create({
    Targets: { CatalogTargets: [{ DatabaseName: 'lake', Tables }] },
    SchemaChangePolicy: LOG,
    DatabaseName: '',
    ...overrides,
  });

interface Making extends Partial<TableInput> {
  database?: string;
  keys?: string[];
}

const makeTable = (Name: string, Location: string, making: Making = {}) => {
  const { database = 'lake', keys = [], ...more } = making;
  return lake.glue.createTable({
    DatabaseName: database,
    TableInput: {
      Name,
      Owner: 'me',
      PartitionKeys: keys.map((key) => ({ Name: key, Type: 'int' })),
      StorageDescriptor: { Location, Columns: [{ Name: 'id', Type: 'int', Comment: 'mine' }] },
      Parameters: { team: 'x' },
      ...more,
    },
  });
};

describe('a catalog target', () => {
  it('updates columns and partitions of its tables, under their own names and keys, and makes no table', async () => {
    lake.put({
      'sales/2024/01/a.csv': 'id,price\n1,2.5\n',
      'sales/2024/02/b.csv': 'id,price\n3,4.5\n',
      'sales/2024/02/deeper/c.csv': 'id,price\n3,4.5\n',
      'sales/stray.csv': 'id,price\n1,1.5\n',
      'sales/2024/02/note.json': '{"a":1}\n',
      'neighbour/n.csv': 'a,b\n1,2\n',
    });
    await makeTable('orders', 's3://bucket/sales', {
      keys: ['year', 'month'],
      Parameters: { team: 'x', classification: 'csv' },
    });
    await create(['Orders']);
    expect((await lake.crawl()).LastCrawl?.Status).toBe('SUCCEEDED');
    const table = await lake.table('orders');
    expect(columnsOf(table)).toEqual(['id bigint', 'price double']);
    expect(table).toMatchObject({
      Owner: 'me',
      VersionId: '1',
      PartitionKeys: [
        { Name: 'year', Type: 'int' },
        { Name: 'month', Type: 'int' },
      ],
      Parameters: { team: 'x', UPDATED_BY_CRAWLER: 'crawler', classification: 'csv', objectCount: '3' },
      StorageDescriptor: { Location: 's3://bucket/sales' },
    });
    const partitions = await lake.partitions('orders');
    expect(
      partitions.map(({ Values, StorageDescriptor }) => [Values, StorageDescriptor?.Parameters?.objectCount]),
    ).toEqual([
      [['2024', '01'], '1'],
      [['2024', '02'], '2'],
    ]);
    expect((await lake.tables()).map(({ Name }) => Name)).toEqual(['orders']);
    const log = (await lake.lines()).join('\n');
    expect(log).toContain(
      '1 objects directly in s3://bucket/sales/ were left out: table orders has 2 partition keys',
    );
    expect(log).toContain(
      's3://bucket/sales/2024/02/note.json among them, were left out: they are not of the kind',
    );
    const { VersionId } = table;
    await lake.crawl();
    expect((await lake.table('orders')).VersionId).toBe(VersionId);
  });

  it('keeps the values of partitions that lie in folders of other names', async () => {
    lake.put({ 'sales/jan/a.csv': 'id,n\n1,2\n' });
    await makeTable('orders', 's3://bucket/sales/', { keys: ['month'] });
    await lake.glue.createPartition({
      DatabaseName: 'lake',
      TableName: 'orders',
      PartitionInput: { Values: ['1'], StorageDescriptor: { Location: 's3://bucket/sales/jan/' } },
    });
    await create(['orders']);
    await lake.crawl();
    const partitions = await lake.partitions('orders');
    expect(partitions.map(({ Values }) => Values)).toEqual([['1']]);
    expect(columnsOf(partitions[0]!)).toEqual(['id bigint', 'n bigint']);
  });

  it('writes to the database of each table', async () => {
    lake.put({ 'a/a.csv': 'x,y\n1,2\n', 'b/b.csv': 'v,w\n1,2\n' });
    await makeTable('t', 's3://bucket/a/');
    await makeTable('t', 's3://bucket/b/', { database: 'other' });
    await create([], {
      Targets: {
        CatalogTargets: [
          { DatabaseName: 'lake', Tables: ['t'] },
          { DatabaseName: 'other', Tables: ['t'] },
        ],
      },
    });
    await lake.crawl();
    expect(columnsOf(await lake.table('t'))).toEqual(['x bigint', 'y bigint']);
    const { Table } = await lake.glue.getTable({ DatabaseName: 'other', Name: 't' });
    expect(columnsOf(Table!)).toEqual(['v bigint', 'w bigint']);
  });

  it('leaves a table alone whose data is gone, and tells so', async () => {
    await makeTable('orders', 's3://bucket/gone/', { Parameters: { UPDATED_BY_CRAWLER: 'crawler' } });
    await create(['orders']);
    expect((await lake.crawl()).LastCrawl?.Status).toBe('SUCCEEDED');
    expect(await lake.table('orders')).toMatchObject({ VersionId: '0' });
    expect((await lake.lines()).join('\n')).toContain(
      'Table orders in database lake is left as it is: no matching schema was found at s3://bucket/gone/.',
    );
  });

  it.each([
    ['an Iceberg table', { Parameters: { table_type: 'ICEBERG' } }, 'it is a iceberg table'],
    [
      'a table without a location',
      { StorageDescriptor: {} },
      'its location "" is neither in S3 nor in DynamoDB',
    ],
  ])('leaves %s alone, and says why', async (_, more, why) => {
    lake.put({ 'a/a.csv': 'x,y\n1,2\n' });
    await makeTable('t', 's3://bucket/a/', more);
    await create(['t']);
    await lake.crawl();
    expect(await lake.table('t')).toMatchObject({ VersionId: '0' });
    expect((await lake.lines()).join('\n')).toContain(why);
  });

  it('adds partitions under UpdateBehavior LOG, and changes nothing else', async () => {
    lake.put({ 'sales/2024/a.csv': 'id,price\n1,2.5\n' });
    await makeTable('orders', 's3://bucket/sales/', { keys: ['year'] });
    await create(['orders'], { SchemaChangePolicy: { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' } });
    await lake.crawl();
    expect(columnsOf(await lake.table('orders'))).toEqual(['id int']);
    expect((await lake.partitions('orders')).map(({ Values }) => Values)).toEqual([['2024']]);
  });

  it('reads the DynamoDB table that its location names', async () => {
    const { dynamodb } = lake.aws.clients();
    await dynamodb.createTable({
      TableName: 'Users',
      AttributeDefinitions: [{ AttributeName: 'Id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'Id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    await dynamodb.putItem({ TableName: 'Users', Item: { Id: { S: 'a' }, age: { N: '3' } } });
    await makeTable('people', 'arn:aws:dynamodb:us-east-1:123456789012:table/Users');
    await create(['people']);
    expect((await lake.crawl()).LastCrawl?.Status).toBe('SUCCEEDED');
    expect(columnsOf(await lake.table('people'))).toEqual(['id string', 'age bigint']);
  });

  it('fails when a table is not there', async () => {
    await create(['nobody']);
    expect((await lake.crawl()).LastCrawl).toMatchObject({
      Status: 'FAILED',
      ErrorMessage: expect.stringContaining('nobody') as string,
    });
  });

  it.each([
    [
      'other targets',
      {
        Targets: {
          S3Targets: [{ Path: 's3://bucket/' }],
          CatalogTargets: [{ DatabaseName: 'lake', Tables: ['t'] }],
        },
      },
      'cannot stand beside S3Targets',
    ],
    [
      'no tables',
      { Targets: { CatalogTargets: [{ DatabaseName: 'lake', Tables: [] }] } },
      'Member must have length greater than or equal to 1',
    ],
    [
      'deprecation',
      { SchemaChangePolicy: { DeleteBehavior: 'DEPRECATE_IN_DATABASE' } },
      'can have only LOG as DeleteBehavior, not DEPRECATE_IN_DATABASE',
    ],
    [
      'new folders only',
      {
        SchemaChangePolicy: { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' },
        RecrawlPolicy: { RecrawlBehavior: 'CRAWL_NEW_FOLDERS_ONLY' },
      },
      'can only apply to Amazon S3 target',
    ],
  ])('is refused with %s', async (_, overrides, message) => {
    await expect(create(['t'], overrides)).rejects.toMatchObject({
      name: expect.stringMatching(/InvalidInputException|ValidationException/) as string,
      message: expect.stringContaining(message) as string,
    });
  });
});

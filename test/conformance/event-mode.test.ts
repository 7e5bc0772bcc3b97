// CRAWL_EVENT_MODE: a bucket tells a queue, a crawl takes the messages and looks only where something came or went.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { columnsOf, openCrawlFixture, type CrawlFixture } from './crawl-fixture.js';

const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:changes';
const DEAD = 'arn:aws:sqs:us-east-1:123456789012:dead';
const EVENT_MODE = { RecrawlBehavior: 'CRAWL_EVENT_MODE' } as const;
/** Alike enough with one column more. */
const WIDE = 'a,b,c,d\n1,2,3,4\n';
const DELETE = { UpdateBehavior: 'UPDATE_IN_DATABASE', DeleteBehavior: 'DELETE_FROM_DATABASE' } as const;

let lake: CrawlFixture;
let clients: ReturnType<CrawlFixture['aws']['clients']>;
beforeEach(async () => {
  lake = await openCrawlFixture();
  clients = lake.aws.clients();
  await clients.sqs.createQueue({ QueueName: 'changes' });
  await clients.sqs.createQueue({ QueueName: 'dead' });
  await clients.s3.putBucketNotificationConfiguration({
    Bucket: 'bucket',
    NotificationConfiguration: {
      QueueConfigurations: [{ QueueArn: QUEUE, Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'] }],
    },
  });
  await clients.iam.putRolePolicy({
    RoleName: 'Crawler',
    PolicyName: 'queue',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: [QUEUE, DEAD] }],
    }),
  });
});
afterEach(() => lake.close());

const put = async (files: Record<string, string>) => {
  for (const [Key, Body] of Object.entries(files))
    await clients.s3.putObject({ Bucket: 'bucket', Key, Body });
};
const remove = (Key: string) => clients.s3.deleteObject({ Bucket: 'bucket', Key });
const create = (target = {}, overrides = {}) =>
  lake.create({
    Targets: { S3Targets: [{ Path: 's3://bucket/lake/', EventQueueArn: QUEUE, ...target }] },
    RecrawlPolicy: EVENT_MODE,
    SchemaChangePolicy: DELETE,
    ...overrides,
  });
const crawl = async () => {
  expect((await lake.crawl()).LastCrawl).toMatchObject({ Status: 'SUCCEEDED' });
};
const waiting = async (QueueUrl = 'changes') => {
  const { QueueUrl: url } = await clients.sqs.getQueueUrl({ QueueName: QueueUrl });
  const { Attributes } = await clients.sqs.getQueueAttributes({ QueueUrl: url, AttributeNames: ['All'] });
  return [Attributes?.ApproximateNumberOfMessages, Attributes?.ApproximateNumberOfMessagesNotVisible].map(
    Number,
  );
};
const modeLines = async () => (await lake.lines()).filter((line) => /event mode|consuming/.test(line));
const catalogued = async () => {
  const tables = await lake.tables();
  return Promise.all(
    tables.map(async (table) => ({
      name: table.Name,
      columns: columnsOf(table),
      location: table.StorageDescriptor?.Location,
      sizes: [table.Parameters?.sizeKey, table.Parameters?.objectCount],
      partitions: (await lake.partitions(table.Name as string)).map((one) => [
        one.Values,
        one.StorageDescriptor?.Location,
        columnsOf(one),
        one.StorageDescriptor?.Parameters?.sizeKey,
      ]),
    })),
  );
};

describe('event mode', () => {
  it('lists everything at first, then only what the messages name, and ends as a crawl of everything does', async () => {
    await put({
      'lake/orders/day=1/a.csv': WIDE,
      'lake/orders/day=2/a.csv': WIDE,
      'lake/users/u.json': '{"a":1,"b":2,"c":3,"d":4}\n',
    });
    await create();
    await crawl();
    expect(await modeLines()).toEqual(['INFO : Crawl is not running in S3 event mode']);
    expect(await waiting()).toEqual([0, 0]);

    // Nobody told of this one, so that a crawl by events cannot know of it.
    lake.put({ 'lake/orders/day=9/silent.csv': WIDE });
    await put({
      'lake/orders/day=2/b.csv': 'a,b,c,d\n1,2,3,4.5\n',
      'lake/orders/day=3/a.csv': 'a,b,c,d,extra\n5,6,7,8,x\n',
      'lake/users/v.json': '{"a":1,"b":2,"c":3,"d":4,"age":3}\n',
      'lake/fresh data/f=1/x.csv': 'a,b\n1,2\n',
      'elsewhere/x.csv': 'a,b\n1,2\n',
    });
    await remove('lake/orders/day=1/a.csv');
    await crawl();
    expect((await modeLines()).at(-1)).toBe('INFO : The crawl is running by consuming Amazon S3 events.');
    expect(await waiting()).toEqual([0, 0]);
    const byEvents = await catalogued();
    expect(byEvents.map(({ name, partitions }) => [name, partitions.map(([values]) => values)])).toEqual([
      ['fresh_data', [['1']]],
      ['orders', [['2'], ['3']]],
      ['users', []],
    ]);

    lake.remove('lake/orders/day=9');
    await lake.create({
      Name: 'whole',
      DatabaseName: 'whole',
      Targets: { S3Targets: [{ Path: 's3://bucket/lake/' }] },
    });
    await lake.crawl('whole');
    const { TableList = [] } = await lake.glue.getTables({ DatabaseName: 'whole' });
    expect(
      byEvents.map(({ name, columns, location, sizes }) => ({ name, columns, location, sizes })),
    ).toEqual(
      TableList.map((table) => ({
        name: table.Name,
        columns: columnsOf(table),
        location: table.StorageDescriptor?.Location,
        sizes: [table.Parameters?.sizeKey, table.Parameters?.objectCount],
      })),
    );
  });

  it('deletes a table whose last partition goes, and lets others be', async () => {
    await put({ 'lake/orders/day=1/a.csv': 'id,n\n1,2\n', 'lake/users/u.json': '{"name":"x"}\n' });
    await create();
    await crawl();
    await remove('lake/orders/day=1/a.csv');
    await crawl();
    expect((await lake.tables()).map(({ Name }) => Name)).toEqual(['users']);
  });

  it('changes nothing without messages, and nothing a second time', async () => {
    await put({ 'lake/orders/day=1/a.csv': 'id,n\n1,2\n', 'lake/orders/day=2/a.csv': 'id,n\n1,2\n' });
    await create();
    await crawl();
    const before = await lake.table('lake');
    await crawl();
    await put({ 'lake/orders/day=1/a.csv': 'id,n\n1,2\n' });
    await crawl();
    expect(await lake.table('lake')).toEqual(before);
  });

  it('lists everything again after the crawler was changed', async () => {
    await put({ 'lake/orders/a.csv': 'id,n\n1,2\n' });
    await create();
    await crawl();
    lake.put({ 'lake/users/silent.json': '{"name":"x"}\n' });
    await lake.glue.updateCrawler({ Name: 'crawler', Description: 'changed' });
    await crawl();
    expect(await lake.tables()).toHaveLength(2);
  });

  it('gives the messages back when the crawl fails, and the next one sees to them', async () => {
    await put({ 'lake/orders/a.csv': 'id,n\n1,2\n' });
    await create();
    await crawl();
    await put({ 'lake/users/u.json': '{"name":"x"}\n' });
    await clients.iam.putRolePolicy({
      RoleName: 'Crawler',
      PolicyName: 'deny',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: 's3:GetObject', Resource: '*' }],
      }),
    });
    expect((await lake.crawl()).LastCrawl?.Status).toBe('FAILED');
    expect(await waiting()).toEqual([1, 0]);
    await clients.iam.deleteRolePolicy({ RoleName: 'Crawler', PolicyName: 'deny' });
    await crawl();
    expect(await lake.tables()).toHaveLength(2);
    expect(await waiting()).toEqual([0, 0]);
  });

  it('leaves messages that S3 did not send where they are, or in the dead-letter queue', async () => {
    await create();
    const { QueueUrl } = await clients.sqs.getQueueUrl({ QueueName: 'changes' });
    await clients.sqs.sendMessage({ QueueUrl, MessageBody: 'hello' });
    await crawl();
    expect(await waiting()).toEqual([1, 0]);
    await lake.glue.updateCrawler({
      Name: 'crawler',
      Targets: { S3Targets: [{ Path: 's3://bucket/lake/', EventQueueArn: QUEUE, DlqEventQueueArn: DEAD }] },
    });
    await crawl();
    expect([await waiting(), await waiting('dead')]).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it('crawls the tables of a catalog target that messages touch', async () => {
    await lake.glue.createDatabase({ DatabaseInput: { Name: 'lake' } });
    for (const Name of ['orders', 'users']) {
      await lake.glue.createTable({
        DatabaseName: 'lake',
        TableInput: { Name, StorageDescriptor: { Location: `s3://bucket/lake/${Name}/`, Columns: [] } },
      });
    }
    await create(undefined, {
      Targets: {
        CatalogTargets: [{ DatabaseName: 'lake', Tables: ['orders', 'users'], EventQueueArn: QUEUE }],
      },
      SchemaChangePolicy: { DeleteBehavior: 'LOG' },
    });
    await crawl();
    lake.put({ 'lake/users/silent.json': '{"name":"x"}\n' });
    await put({ 'lake/orders/a.csv': 'id,n\n1,2\n' });
    await crawl();
    expect(columnsOf(await lake.table('orders'))).toEqual(['id bigint', 'n bigint']);
    expect(columnsOf(await lake.table('users'))).toEqual([]);
  });

  it('fails when the queue is not there', async () => {
    await create({ EventQueueArn: `${QUEUE}-not` });
    expect((await lake.crawl()).LastCrawl?.Status).toBe('FAILED');
  });

  it.each([
    ['no queue', { EventQueueArn: undefined }, {}, 'its target names no EventQueueArn'],
    [
      'a queue that is none',
      { EventQueueArn: 'changes' },
      {},
      'EventQueueArn changes is not the ARN of a queue',
    ],
    ['a sample', { SampleSize: 3 }, {}, 'SampleSize 3 is not supported there'],
    [
      'two targets',
      {},
      {
        Targets: {
          S3Targets: [{ Path: 's3://bucket/a/', EventQueueArn: QUEUE }, { Path: 's3://bucket/b/' }],
        },
      },
      'it needs exactly one target',
    ],
    [
      'a DynamoDB target',
      {},
      { Targets: { DynamoDBTargets: [{ Path: 'orders' }] } },
      'and has DynamoDBTargets',
    ],
  ])('is refused with %s', async (_, target, overrides, message) => {
    await expect(create(target, overrides)).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringContaining(message) as string,
    });
  });
});

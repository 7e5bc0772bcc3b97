// What the services tell EventBridge of themselves, as a rule's target receives it.
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { manualClock } from '../../base/clock.js';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { attachGluePermissions } from '../../../test/glue-permissions.js';

const ACCOUNT = '123456789012';
const QueueUrl = `http://localhost/${ACCOUNT}/heard`;
let aws: Embedded;

beforeAll(async () => {
  aws = await openEmbedded({ clock: manualClock(new Date('2024-05-01T10:00:00Z')) });
  const { events, sqs, iam, s3 } = aws.clients();
  await sqs.createQueue({ QueueName: 'heard' });
  await events.putRule({ Name: 'all', EventPattern: '{"source":[{"prefix":"aws."}]}' });
  await events.putTargets({
    Rule: 'all',
    Targets: [{ Id: 'q', Arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:heard` }],
  });
  await iam.createRole({
    RoleName: 'glue',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'glue.amazonaws.com' } },
      ],
    }),
  });
  await attachGluePermissions(iam, 'glue');
  await s3.createBucket({ Bucket: 'data' });
});
afterAll(() => aws.close());

interface Heard {
  'detail-type': string;
  source: string;
  resources: string[];
  detail: Record<string, unknown>;
}

/** The next `count` events, in the order in which they happened. */
async function heard(count: number): Promise<Heard[]> {
  const found: Heard[] = [];
  const { sqs } = aws.clients();
  await vi.waitFor(
    async () => {
      const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
      for (const { Body = '', ReceiptHandle = '' } of Messages) {
        found.push(JSON.parse(Body) as Heard);
        await sqs.deleteMessage({ QueueUrl, ReceiptHandle });
      }
      expect(found.length).toBeGreaterThanOrEqual(count);
    },
    { timeout: 5000 },
  );
  expect(found).toHaveLength(count);
  return found;
}

const partition = (day: string) => ({
  Values: [day, 'x'],
  StorageDescriptor: { Location: `s3://data/t/${day}/` },
});

it('databases, tables and partitions tell what changed', async () => {
  const { glue } = aws.clients();
  const table = {
    Name: 'Orders',
    PartitionKeys: [
      { Name: 'day', Type: 'string' },
      { Name: 'k', Type: 'string' },
    ],
  };
  const place = { DatabaseName: 'sales', TableName: 'orders' };
  await glue.createDatabase({ DatabaseInput: { Name: 'Sales' } });
  await glue.createTable({ DatabaseName: 'sales', TableInput: table });
  await glue.updateTable({ DatabaseName: 'sales', TableInput: table });
  await glue.createPartition({ ...place, PartitionInput: partition('1') });
  await glue.batchCreatePartition({ ...place, PartitionInputList: [partition('1'), partition('2')] });
  await glue.updatePartition({ ...place, PartitionValueList: ['2', 'x'], PartitionInput: partition('2') });
  await glue.batchDeletePartition({ ...place, PartitionsToDelete: [{ Values: ['1', 'x'] }] });
  await glue.deleteTable({ DatabaseName: 'sales', Name: 'orders' });
  await glue.deleteDatabase({ Name: 'sales' });
  const tableArn = `arn:aws:glue:us-east-1:${ACCOUNT}:table/sales/orders`;
  const databaseArn = `arn:aws:glue:us-east-1:${ACCOUNT}:database/sales`;
  const ofDatabase = (typeOfChange: string, resource: string, changedTables?: string[]) => ({
    'detail-type': 'Glue Data Catalog Database State Change',
    resources: [resource],
    detail: { databaseName: 'sales', typeOfChange, ...(changedTables ? { changedTables } : {}) },
  });
  const ofTable = (typeOfChange: string, changedPartitions?: string[]) => ({
    'detail-type': 'Glue Data Catalog Table State Change',
    resources: [tableArn],
    detail: {
      databaseName: 'sales',
      tableName: 'orders',
      typeOfChange,
      ...(changedPartitions ? { changedPartitions } : {}),
    },
  });
  expect(
    (await heard(9)).map(({ 'detail-type': type, resources, detail }) => ({
      'detail-type': type,
      resources,
      detail,
    })),
  ).toEqual([
    ofDatabase('CreateDatabase', databaseArn),
    ofDatabase('CreateTable', tableArn, ['orders']),
    ofTable('UpdateTable'),
    ofTable('CreatePartition', ['[1, x]']),
    // The first of the two was there.
    ofTable('BatchCreatePartition', ['[2, x]']),
    ofTable('UpdatePartition', ['[2, x]']),
    ofTable('BatchDeletePartition', ['[1, x]']),
    ofDatabase('DeleteTable', tableArn, ['orders']),
    ofDatabase('DeleteDatabase', databaseArn),
  ]);
});

it('a refused change tells nothing', async () => {
  const { glue } = aws.clients();
  await expect(glue.deleteDatabase({ Name: 'not-there' })).rejects.toThrow();
  await glue.createDatabase({ DatabaseInput: { Name: 'after' } });
  expect((await heard(1))[0]?.detail).toEqual({ databaseName: 'after', typeOfChange: 'CreateDatabase' });
});

it('objects tell of themselves once their bucket is configured so', async () => {
  const { s3 } = aws.clients();
  await s3.putObject({ Bucket: 'data', Key: 'before', Body: 'x' });
  await s3.putBucketNotificationConfiguration({
    Bucket: 'data',
    NotificationConfiguration: { EventBridgeConfiguration: {} },
  });
  expect(await s3.getBucketNotificationConfiguration({ Bucket: 'data' })).toMatchObject({
    EventBridgeConfiguration: {},
  });
  await s3.putObject({ Bucket: 'data', Key: 'a b.csv', Body: 'id\n1\n' });
  await s3.copyObject({ Bucket: 'data', Key: 'copy', CopySource: 'data/before' });
  await s3.deleteObject({ Bucket: 'data', Key: 'before' });
  const events = await heard(3);
  expect(events.map((event) => event['detail-type'])).toEqual([
    'Object Created',
    'Object Created',
    'Object Deleted',
  ]);
  expect(events[0]).toMatchObject({
    source: 'aws.s3',
    resources: ['arn:aws:s3:::data'],
    detail: {
      version: '0',
      bucket: { name: 'data' },
      object: { key: 'a b.csv', size: 5, etag: 'bc9280dfc1d4e67233f138f5bbbf0951' },
      requester: ACCOUNT,
      reason: 'PutObject',
    },
  });
  expect(events[1]?.detail).toMatchObject({ reason: 'CopyObject' });
  expect(events[2]?.detail).toMatchObject({
    object: { key: 'before' },
    reason: 'DeleteObject',
    'deletion-type': 'Permanently Deleted',
  });
  await s3.putBucketNotificationConfiguration({ Bucket: 'data', NotificationConfiguration: {} });
  await expect(
    s3.putBucketNotificationConfiguration({
      Bucket: 'data',
      NotificationConfiguration: {
        TopicConfigurations: [{ TopicArn: 'arn:aws:sns:x', Events: ['s3:ObjectCreated:*'] }],
      },
    }),
  ).rejects.toMatchObject({ name: 'NotImplemented' });
});

it('a crawler tells that it started, and how it ended', async () => {
  const { glue, s3 } = aws.clients();
  await s3.putObject({ Bucket: 'data', Key: 'crawled/a.csv', Body: 'id,name\n1,x\n2,y\n' });
  await glue.createCrawler({
    Name: 'c',
    Role: 'glue',
    DatabaseName: 'after',
    Targets: { S3Targets: [{ Path: 's3://data/crawled/' }] },
  });
  await glue.startCrawler({ Name: 'c' });
  const events = await heard(3);
  expect(events[0]).toMatchObject({
    'detail-type': 'Glue Crawler State Change',
    detail: {
      crawlerName: 'c',
      accountId: ACCOUNT,
      state: 'Started',
      startTime: '2024-05-01T10:00:00Z',
      message: 'Crawler Started',
    },
  });
  expect(events[1]?.detail).toMatchObject({ typeOfChange: 'CreateTable', changedTables: ['crawled'] });
  expect(events[2]?.detail).toEqual({
    accountId: ACCOUNT,
    crawlerName: 'c',
    state: 'Succeeded',
    tablesCreated: '1',
    tablesUpdated: '0',
    partitionsCreated: '0',
    'runningTime (sec)': '0',
    tablesDeleted: '0',
    partitionsUpdated: '0',
    partitionsDeleted: '0',
    warningMessage: 'N/A',
    message: 'Crawler Succeeded',
    cloudWatchLogLink:
      'https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#logEventViewer:group=/aws-glue/crawlers;stream=c',
    completionDate: '2024-05-01T10:00:00Z',
  });
});

it('a crawl that fails tells why', async () => {
  const { glue, s3 } = aws.clients();
  await s3.createBucket({ Bucket: 'gone' });
  await glue.createCrawler({
    Name: 'failing',
    Role: 'glue',
    DatabaseName: 'after',
    Targets: { S3Targets: [{ Path: 's3://gone/' }] },
  });
  await s3.deleteBucket({ Bucket: 'gone' });
  await glue.startCrawler({ Name: 'failing' });
  const [, failed] = await heard(2);
  const { errorMessage, ...detail } = failed!.detail;
  expect(detail).toEqual({
    accountId: ACCOUNT,
    crawlerName: 'failing',
    state: 'Failed',
    message: 'Crawler Failed',
    cloudWatchLogLink:
      'https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#logEventViewer:group=/aws-glue/crawlers;stream=failing',
  });
  expect(errorMessage).toMatch(/NoSuchBucket/);
});

it('a job run tells how it ended', async () => {
  const { glue } = aws.clients();
  await glue.createJob({
    Name: 'j',
    Role: 'glue',
    Command: { Name: 'glueetl', ScriptLocation: 's3://data/none.py' },
  });
  const { JobRunId } = await glue.startJobRun({ JobName: 'j' });
  const [event] = await heard(1);
  expect(event).toMatchObject({
    source: 'aws.glue',
    'detail-type': 'Glue Job State Change',
    detail: { jobName: 'j', jobRunId: JobRunId, state: 'FAILED', severity: 'ERROR' },
  });
});

// The DynamoDB catalog function, called as Lambda calls it, against the embedded AWS.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogLevel } from '../base/log.js';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../embedded.js';
import { readSettings, type DynamodbCatalogSettings } from './dynamodb-catalog-settings.js';
import { handleDynamodbCatalog } from './dynamodb-catalog.js';

const SCHEDULED = { source: 'aws.scheduler', 'detail-type': 'Scheduled Event' };
const SETTINGS = readSettings({ GLUEPOT_DYNAMODB_CRAWL: 'false', GLUEPOT_DYNAMODB_SCHEMAS: 'false' });

let embedded: Embedded;
let clients: EmbeddedClients;
let logged: LogLevel[];

beforeEach(async () => {
  embedded = await openEmbedded();
  clients = embedded.clients();
  logged = [];
});
afterEach(() => embedded.close());

const createTables = async (...names: string[]) => {
  for (const TableName of names) {
    await clients.dynamodb.createTable({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    });
  }
};
/** As CloudTrail delivers it, as far as it is read. */
const tableEvent = (eventName: string, tableName: string) => ({
  source: 'aws.dynamodb',
  'detail-type': 'AWS API Call via CloudTrail',
  detail: { eventSource: 'dynamodb.amazonaws.com', eventName, requestParameters: { tableName } },
});
const invoke = (
  event: unknown,
  settings: Partial<DynamodbCatalogSettings> = {},
  remainingMs: () => number = () => 900_000,
) =>
  handleDynamodbCatalog(
    clients,
    { ...SETTINGS, ...settings },
    event,
    { getRemainingTimeInMillis: remainingMs },
    (level) => void logged.push(level),
  );
const crawlerNames = async () => (await clients.glue.listCrawlers({})).CrawlerNames;

it('makes a crawler for every table on schedule, and a second time changes nothing', async () => {
  await createTables('orders', 'stock');
  expect(await invoke(SCHEDULED)).toMatchObject({
    tables: [
      { TableName: 'orders', outcome: 'changed' },
      { TableName: 'stock', outcome: 'changed' },
    ],
    pruned: [],
  });
  expect(await crawlerNames()).toEqual(['ddb_orders_crawler', 'ddb_stock_crawler']);
  const again = await invoke(SCHEDULED);
  expect(again.tables.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
  expect(logged).toEqual(['info', 'info']);
});

it('starts the crawlers, and waits for none', async () => {
  await createTables('orders');
  const { tables } = await invoke(SCHEDULED, { crawl: true });
  expect(tables).toMatchObject([{ TableName: 'orders', crawl: 'started' }]);
});

it('looks at the one table that was made', async () => {
  await createTables('orders', 'stock');
  const { tables } = await invoke(
    tableEvent('CreateTable', 'arn:aws:dynamodb:us-east-1:123456789012:table/stock'),
  );
  expect(tables.map(({ TableName }) => TableName)).toEqual(['stock']);
  expect(await crawlerNames()).toEqual(['ddb_stock_crawler']);
});

it('prunes what a deleted table left, if it is to', async () => {
  await createTables('orders', 'stock');
  await invoke(SCHEDULED);
  await clients.dynamodb.deleteTable({ TableName: 'stock' });
  expect((await invoke(tableEvent('DeleteTable', 'stock'))).pruned).toEqual([]);
  expect(await invoke(tableEvent('DeleteTable', 'stock'), { prune: true })).toMatchObject({
    pruned: [{ TableName: 'stock', outcome: 'pruned' }],
  });
  expect(await crawlerNames()).toEqual(['ddb_orders_crawler']);
});

it('goes on in another invocation when time runs short, until all tables are done, names and all', async () => {
  const { QueueUrl = '' } = await clients.sqs.createQueue({ QueueName: 'continued' });
  await clients.events.putRule({
    Name: 'continuations',
    EventPattern: JSON.stringify({ source: ['gluepot.dynamodb-catalog'] }),
  });
  await clients.events.putTargets({
    Rule: 'continuations',
    Targets: [{ Id: 'queue', Arn: 'arn:aws:sqs:us-east-1:123456789012:continued' }],
  });
  await createTables('a-b', 'a_b', 'c-d', 'e-f', 'g-h');
  let event: unknown = SCHEDULED;
  const seen: string[][] = [];
  for (let count = 0; event !== undefined && count < 9; count++) {
    // Enough to begin with, too little to go on.
    const result = await invoke(event, { chunk: 2 }, () => 60_000);
    seen.push(result.tables.map(({ TableName }) => TableName));
    const isContinued = result.continuedAfter !== undefined;
    const { Messages } = await clients.sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: isContinued ? 5 : 0 });
    for (const { ReceiptHandle } of Messages ?? [])
      await clients.sqs.deleteMessage({ QueueUrl, ReceiptHandle });
    event = isContinued ? (JSON.parse(Messages?.[0]?.Body ?? 'null') as unknown) : undefined;
  }
  expect(seen).toEqual([['a-b', 'a_b'], ['c-d', 'e-f'], ['g-h']]);
  expect(await crawlerNames()).toHaveLength(5);
});

it('fails in the end when a table failed, and has done the others', async () => {
  await createTables('orders', 'stock');
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  await clients.iam.createRole({ RoleName: 'ddb_orders_crawler', AssumeRolePolicyDocument });
  await expect(invoke(SCHEDULED)).rejects.toMatchObject({ kind: 'partial-apply' });
  expect(await crawlerNames()).toEqual(['ddb_stock_crawler']);
});

describe('refuses', () => {
  it.each([
    ['nothing', undefined],
    ['another event', { source: 'aws.s3', 'detail-type': 'Object Created' }],
    ['another operation', tableEvent('UpdateTable', 'orders')],
    [
      'a run that was handed on too often',
      {
        source: 'gluepot.dynamodb-catalog',
        'detail-type': 'DynamoDB Catalog Continuation',
        detail: { after: 'a', continuations: 101 },
      },
    ],
  ])('%s', async (_, event) => {
    await expect(invoke(event)).rejects.toMatchObject({ kind: 'usage' });
  });

  it.each([
    [
      { GLUEPOT_DYNAMODB_ENGINE: 'magic' },
      'GLUEPOT_DYNAMODB_ENGINE is "magic"; it must be crawler or direct.',
    ],
    [{ GLUEPOT_DYNAMODB_SCAN_RATE: '2' }, 'The scan rate is 2; it must be a number from 0.1 to 1.5.'],
    [{ GLUEPOT_DYNAMODB_PRUNE: 'yes' }, 'GLUEPOT_DYNAMODB_PRUNE is "yes"; it must be true or false.'],
  ])('the settings %j', (environment, message) => {
    expect(() => readSettings(environment)).toThrow(message);
  });
});

// Ten things that cataloguing every table with one Lambda used to get wrong, each as a test of how it goes here.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { steppingClock, systemClock, type Clock } from '../../src/base/clock.js';
import {
  crawlTables,
  estimateScan,
  findOrphans,
  observeTables,
  orphanSearch,
  planCrawls,
  pricesOf,
  pruneOrphans,
  readCatalogTables,
} from '../../src/toolkit/dynamodb-catalog/index.js';
import { openCatalogFixture, tableOf, type CatalogFixture } from './catalog-fixture.js';

let catalog: CatalogFixture;
const open = async (...given: Parameters<typeof openCatalogFixture>) => {
  await catalog.aws.close();
  catalog = await openCatalogFixture(...given);
};
beforeEach(async () => {
  catalog = await openCatalogFixture();
});
afterEach(() => catalog.aws.close());

const GLUE_TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const crawl = async (wait = true) => {
  const { targets } = await planCrawls(catalog.scope, (await catalog.plan()).settings);
  return crawlTables(catalog.scope, targets, { wait, concurrency: 4, timeoutMs: 60_000 });
};
const crawlerNames = async () => (await catalog.clients.glue.listCrawlers({})).CrawlerNames ?? [];
const roleNames = async () =>
  ((await catalog.clients.iam.listRoles({})).Roles ?? []).map((role) => role.RoleName);

it('1: starts its own crawlers only, and one that runs already or cannot start does not keep the others', async () => {
  const { glue, iam } = catalog.clients;
  await catalog.createTables('one', 'two', 'gone');
  await catalog.put('one', { id: { S: 'a' } });
  await catalog.put('two', { id: { S: 'a' } });
  await iam.createRole({ RoleName: 'foreign', AssumeRolePolicyDocument: GLUE_TRUST });
  await glue.createDatabase({ DatabaseInput: { Name: 'elsewhere' } });
  await glue.createCrawler({
    Name: 'foreign',
    Role: 'foreign',
    DatabaseName: 'elsewhere',
    Targets: { DynamoDBTargets: [{ Path: 'one' }] },
  });
  await catalog.apply();
  const { targets } = await planCrawls(catalog.scope, (await catalog.plan()).settings);
  await glue.deleteCrawler({ Name: 'ddb_gone_crawler' });
  await glue.startCrawler({ Name: 'ddb_one_crawler' });
  const results = await crawlTables(catalog.scope, targets, {
    wait: true,
    concurrency: 2,
    timeoutMs: 60_000,
  });
  expect(Object.fromEntries(results.map(({ TableName, outcome }) => [TableName, outcome]))).toEqual({
    one: 'succeeded',
    two: 'succeeded',
    gone: 'failed',
  });
  expect((await glue.getCrawler({ Name: 'foreign' })).Crawler?.LastCrawl).toBeUndefined();
});

it('1: a crawl that fails does not keep the others, and is told with AWS’s message', async () => {
  await catalog.createTables('broken', 'one', 'two');
  await catalog.apply();
  await catalog.clients.iam.deleteRolePolicy({
    RoleName: 'ddb_broken_crawler',
    PolicyName: 'crawl-one-table',
  });
  const results = await crawl();
  expect(results.map(({ TableName, outcome }) => [TableName, outcome]).sort()).toEqual([
    ['broken', 'failed'],
    ['one', 'succeeded'],
    ['two', 'succeeded'],
  ]);
  expect(results.find(({ TableName }) => TableName === 'broken')?.message).toContain(
    'ddb_broken_crawler/AWS-Crawler is not authorized to perform',
  );
});

it('2: the role can do what its one table needs and nothing else, and no managed policy is attached', async () => {
  const { iam } = catalog.clients;
  await catalog.createTables('orders');
  await catalog.apply();
  const RoleName = 'ddb_orders_crawler';
  expect((await iam.listAttachedRolePolicies({ RoleName })).AttachedPolicies).toEqual([]);
  const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
  expect(PolicyNames).toEqual(['crawl-one-table']);
  const { PolicyDocument = '' } = await iam.getRolePolicy({ RoleName, PolicyName: 'crawl-one-table' });
  const { Statement } = JSON.parse(decodeURIComponent(PolicyDocument)) as {
    Statement: { Action: string[]; Resource: string | string[] }[];
  };
  expect(Statement.flatMap(({ Action }) => Action).sort()).toEqual([
    'dynamodb:DescribeTable',
    'dynamodb:Scan',
    'glue:CreateTable',
    'glue:GetDatabase',
    'glue:GetTable',
    'glue:UpdateTable',
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]);
  expect(Statement.flatMap(({ Resource }) => Resource)).not.toContain('*');
});

describe('3: a half-made role of an earlier run', () => {
  it('gets what it lacks, and its crawler works', async () => {
    await catalog.createTables('orders');
    await catalog.put('orders', { id: { S: 'a' } });
    await catalog.apply();
    // As if the run had died between CreateRole and PutRolePolicy.
    await catalog.clients.iam.deleteRolePolicy({
      RoleName: 'ddb_orders_crawler',
      PolicyName: 'crawl-one-table',
    });
    await catalog.clients.glue.deleteCrawler({ Name: 'ddb_orders_crawler' });
    const { results } = await catalog.apply();
    expect(results).toMatchObject([
      {
        outcome: 'changed',
        done: ['update role ddb_orders_crawler', 'create crawler ddb_orders_crawler'],
      },
    ]);
    expect(await crawl()).toMatchObject([{ outcome: 'succeeded' }]);
  });

  it('of somebody else is a conflict, and is taken over only with --adopt', async () => {
    const { iam } = catalog.clients;
    await catalog.createTables('orders', 'other');
    await iam.createRole({ RoleName: 'ddb_orders_crawler', AssumeRolePolicyDocument: GLUE_TRUST });
    await iam.attachRolePolicy({
      RoleName: 'ddb_orders_crawler',
      PolicyArn: 'arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole',
    });
    const first = await catalog.apply();
    expect(first.results).toMatchObject([
      { TableName: 'orders', outcome: 'conflict', done: [] },
      { TableName: 'other', outcome: 'changed' },
    ]);
    expect(first.results[0]?.message).toContain('--adopt');
    const second = await catalog.apply({ adopt: true });
    expect(second.results[0]).toMatchObject({
      outcome: 'changed',
      done: ['adopt role ddb_orders_crawler', 'create crawler ddb_orders_crawler'],
    });
    const attached = await iam.listAttachedRolePolicies({ RoleName: 'ddb_orders_crawler' });
    expect(attached.AttachedPolicies).toEqual([]);
    catalog.writes.length = 0;
    await catalog.apply();
    expect(catalog.writes).toEqual([]);
  });
});

it('4: what drifted is put back: targets, policies, trust', async () => {
  const { glue, iam } = catalog.clients;
  await catalog.createTables('orders');
  await catalog.apply();
  const Name = 'ddb_orders_crawler';
  await glue.updateCrawler({ Name, Targets: { DynamoDBTargets: [{ Path: 'elsewhere', scanAll: true }] } });
  await iam.putRolePolicy({
    RoleName: Name,
    PolicyName: 'more',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
    }),
  });
  await iam.updateAssumeRolePolicy({ RoleName: Name, PolicyDocument: GLUE_TRUST });
  const plan = await catalog.plan();
  const paths = plan.tables[0]?.changes.map(({ change }) => change.differences.map(({ path }) => path));
  expect(paths).toEqual([
    ['AssumeRolePolicyDocument.Statement[0].Condition', 'inlinePolicies.more'],
    ['Targets.DynamoDBTargets[0].Path', 'Targets.DynamoDBTargets[0].scanAll'],
  ]);
  await catalog.apply();
  expect((await iam.listRolePolicies({ RoleName: Name })).PolicyNames).toEqual(['crawl-one-table']);
  expect((await glue.getCrawler({ Name })).Crawler?.Targets?.DynamoDBTargets).toEqual([
    { Path: 'orders', scanAll: false },
  ]);
  catalog.writes.length = 0;
  await catalog.apply();
  expect(catalog.writes).toEqual([]);
});

it('5: waits until Glue sees the roles, once for all tables and not once for each', async () => {
  const iamDelayMs = 600;
  // Its time is what pauses add up to: a pause ends at once and moves it on, for IAM as well.
  const paused = steppingClock(systemClock.now());
  const clock = { now: () => paused.now(), sleep: (...args) => systemClock.sleep(...args) } satisfies Clock;
  await open({ iamDelayMs, clock, toolkitClock: paused });
  const names = Array.from({ length: 24 }, (_, index) => `table-${index}`);
  await catalog.createTables(...names);
  const startMs = paused.now().getTime();
  const { results } = await catalog.apply({ concurrency: 4 });
  const pausedMs = paused.now().getTime() - startMs;
  expect(results.map(({ outcome }) => outcome)).toEqual(names.map(() => 'changed'));
  expect(pausedMs).toBeGreaterThanOrEqual(iamDelayMs);
  // Table by table, four at a time, the pauses alone would be six times the delay.
  expect(pausedMs).toBeLessThan((names.length / 4) * iamDelayMs);
});

it('5: gives up on a role that never shows, after a minute, and says what Glue said', async () => {
  const clock = steppingClock(systemClock.now());
  await open({ iamDelayMs: 3_600_000, toolkitClock: clock });
  await catalog.createTables('orders');
  const startMs = clock.now().getTime();
  const { results } = await catalog.apply();
  expect(results).toMatchObject([
    { outcome: 'failed', message: expect.stringContaining('unable to assume provided role') as unknown },
  ]);
  expect(clock.now().getTime() - startMs).toBeLessThanOrEqual(60_000);
});

it('6: samples unless every item is asked for, at the pace that is asked for, and says what it costs', async () => {
  await catalog.createTables('orders');
  await catalog.apply();
  const targets = async () =>
    (await catalog.clients.glue.getCrawler({ Name: 'ddb_orders_crawler' })).Crawler?.Targets?.DynamoDBTargets;
  expect(await targets()).toEqual([{ Path: 'orders', scanAll: false }]);
  await catalog.apply({ scan: 'all', scanRate: 0.5 });
  expect(await targets()).toEqual([{ Path: 'orders', scanAll: true, scanRate: 0.5 }]);
  const { tables } = await observeTables(catalog.scope, (await catalog.plan()).settings);
  const table = { ...tables[0]!, TableSizeBytes: 80 * 1024 ** 3 };
  const prices = pricesOf('us-east-1');
  expect(estimateScan(table, { scan: 'all', engine: 'crawler', scanRate: undefined }, prices)).toMatchObject({
    readUnits: 10_485_760,
    readCost: 1.31072,
  });
  expect(
    estimateScan(table, { scan: 'sample', engine: 'crawler', scanRate: undefined }, prices).readUnits,
  ).toBe(128);
});

it('7: a table of 255 characters has a role, a crawler and a catalog table, and is found from them', async () => {
  const TableName = 'x'.repeat(255);
  await catalog.createTables(TableName);
  await catalog.put(TableName, { id: { S: 'a' } });
  await catalog.apply();
  const [name = ''] = await crawlerNames();
  expect(name).toHaveLength(64);
  const { Role } = await catalog.clients.iam.getRole({ RoleName: name });
  expect(Role?.Tags).toContainEqual({ Key: 'gluepot:dynamodb-table', Value: TableName });
  expect(await crawl()).toMatchObject([{ TableName, outcome: 'succeeded' }]);
  const { TableList = [] } = await catalog.clients.glue.getTables({ DatabaseName: 'ddb_tables' });
  expect(TableList.map((table) => table.Name)).toEqual(['x'.repeat(128)]);
  expect(TableList[0]?.StorageDescriptor?.Location).toContain(`table/${TableName}`);
});

it('8: what a deleted table left goes, and nothing of others with such a name', async () => {
  const { dynamodb, glue, iam } = catalog.clients;
  await catalog.createTables('orders', 'stays', 'renamed');
  await catalog.put('orders', { id: { S: 'a' } });
  await catalog.apply();
  await crawl();
  // Of somebody else, but named and placed as ours are.
  await iam.createRole({ RoleName: 'ddb_ghost_crawler', AssumeRolePolicyDocument: GLUE_TRUST });
  await glue.createCrawler({
    Name: 'ddb_ghost_crawler',
    Role: 'ddb_ghost_crawler',
    DatabaseName: 'ddb_tables',
    Targets: { DynamoDBTargets: [{ Path: 'ghost' }] },
  });
  await glue.createTable({
    DatabaseName: 'ddb_tables',
    TableInput: {
      Name: 'ghost',
      StorageDescriptor: { Location: 'arn:aws:dynamodb:us-east-1:123456789012:table/ghost' },
      Parameters: { UPDATED_BY_CRAWLER: 'ddb_ghost_crawler' },
    },
  });
  await dynamodb.deleteTable({ TableName: 'orders' });
  const plan = await catalog.plan({ exclude: ['renamed'] });
  const orphans = await findOrphans(
    catalog.scope,
    orphanSearch(plan, await readCatalogTables(catalog.scope, 'ddb_tables')),
  );
  expect(
    orphans.map(({ TableName, objects }) => [TableName, objects.map(({ kind, name }) => `${kind} ${name}`)]),
  ).toEqual([['orders', ['crawler ddb_orders_crawler', 'table orders', 'role ddb_orders_crawler']]]);
  const results = await pruneOrphans(catalog.scope, 'ddb_tables', orphans, 4);
  expect(results).toMatchObject([{ TableName: 'orders', outcome: 'pruned' }]);
  expect(await crawlerNames()).toEqual(['ddb_ghost_crawler', 'ddb_renamed_crawler', 'ddb_stays_crawler']);
  expect(await roleNames()).toEqual(['ddb_ghost_crawler', 'ddb_renamed_crawler', 'ddb_stays_crawler']);
  const { TableList = [] } = await glue.getTables({ DatabaseName: 'ddb_tables' });
  expect(TableList.map((table) => table.Name)).toEqual(expect.arrayContaining(['ghost']));
  expect(TableList.map((table) => table.Name)).not.toContain('orders');
});

it('8: what was there before it was taken over stays, unless that is to go, too', async () => {
  await catalog.createTables('orders');
  await catalog.clients.iam.createRole({
    RoleName: 'ddb_orders_crawler',
    AssumeRolePolicyDocument: GLUE_TRUST,
  });
  await catalog.apply({ adopt: true });
  await catalog.clients.dynamodb.deleteTable({ TableName: 'orders' });
  const prune = async (includeAdopted: boolean) => {
    const catalogTables = await readCatalogTables(catalog.scope, 'ddb_tables');
    const search = orphanSearch(await catalog.plan(), catalogTables, { includeAdopted });
    const orphans = await findOrphans(catalog.scope, search);
    return (await pruneOrphans(catalog.scope, 'ddb_tables', orphans, 4)).flatMap(({ deleted }) => deleted);
  };
  expect(await prune(false)).toEqual(['crawler ddb_orders_crawler']);
  expect(await roleNames()).toEqual(['ddb_orders_crawler']);
  expect(await prune(true)).toEqual(['role ddb_orders_crawler']);
  expect(await roleNames()).toEqual([]);
});

describe('9: a catalog of some of the tables', () => {
  it('takes those that names and tags ask for, and leaves the others’ objects alone', async () => {
    const { dynamodb } = catalog.clients;
    await dynamodb.createTable({ ...tableOf('prod-orders'), Tags: [{ Key: 'team', Value: 'sales' }] });
    await catalog.createTables('prod-stock', 'prod-tmp', 'dev-orders');
    const byName = await catalog.plan({ include: ['prod-*'], exclude: ['*-tmp'] });
    expect(byName.tables.map(({ table }) => table.TableName)).toEqual(['prod-orders', 'prod-stock']);
    expect(byName.excluded.sort()).toEqual(['dev-orders', 'prod-tmp']);
    const byTag = await catalog.plan({ tags: { team: 'sales' } });
    expect(byTag.tables.map(({ table }) => table.TableName)).toEqual(['prod-orders']);
  });

  it('asks for crawlers by their tags in pages, not for all crawlers once a table', async () => {
    await catalog.createTables(...Array.from({ length: 12 }, (_, index) => `table-${index}`));
    await catalog.apply();
    const calls: string[] = [];
    catalog.clients.glue.middlewareStack.add(
      (next, { commandName = '' }) =>
        (call) => {
          calls.push(commandName);
          return next(call);
        },
      { step: 'initialize' },
    );
    await catalog.plan();
    expect(calls.sort()).toEqual([
      'BatchGetCrawlersCommand',
      'GetDatabaseCommand',
      'GetTagsCommand',
      'ListCrawlersCommand',
    ]);
  });

  it('tags what it makes', async () => {
    await catalog.createTables('orders');
    await catalog.apply();
    const { Tags } = await catalog.clients.glue.getTags({
      ResourceArn: 'arn:aws:glue:us-east-1:123456789012:crawler/ddb_orders_crawler',
    });
    expect(Tags).toEqual({
      'gluepot:stack': 'dynamodb/ddb_tables',
      'gluepot:region': 'us-east-1',
      'gluepot:dynamodb-table': 'orders',
    });
  });
});

it('10: a-b beside a_b: two tables in the catalog, each of which says what it was made of', async () => {
  await catalog.createTables('a-b', 'a_b');
  await catalog.put('a-b', { id: { S: 'x' }, dash: { N: '1' } });
  await catalog.put('a_b', { id: { S: 'x' }, underscore: { N: '1' } });
  await catalog.apply();
  expect(await crawl()).toMatchObject([{ outcome: 'succeeded' }, { outcome: 'succeeded' }]);
  const { TableList = [] } = await catalog.clients.glue.getTables({ DatabaseName: 'ddb_tables' });
  const found = TableList.map(({ Name, StorageDescriptor }) => [
    Name,
    StorageDescriptor?.Location?.split('/').at(-1),
    StorageDescriptor?.Columns?.map((column) => column.Name).sort(),
  ]);
  expect(found).toEqual([
    [expect.stringMatching(/^[0-9a-f]{8}_a_b$/), 'a-b', ['dash', 'id']],
    ['a_b', 'a_b', ['id', 'underscore']],
  ]);
});

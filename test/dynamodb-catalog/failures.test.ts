// What goes wrong between an account and its catalog: each at its table, told by its name, and mended by the next run.
import type { Glue } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  catalogStatus,
  crawlTables,
  planCrawls,
  pruneCatalog,
  applyCatalog,
} from '../../src/toolkit/dynamodb-catalog/index.js';
import { withFaults, type Fault } from '../faults/faulty-glue.js';
import { openCatalogFixture, type CatalogFixture } from './catalog-fixture.js';

let catalog: CatalogFixture;
beforeEach(async () => {
  catalog = await openCatalogFixture();
});
afterEach(() => catalog.aws.close());

const settings = async () => (await catalog.plan()).settings;
const crawl = async () => {
  const { targets } = await planCrawls(catalog.scope, await settings());
  return crawlTables(catalog.scope, targets, { wait: true, concurrency: 4, timeoutMs: 60_000 });
};
const byTable = <T extends { TableName: string; outcome: string }>(results: readonly T[]) =>
  Object.fromEntries(results.map(({ TableName, outcome }) => [TableName, outcome]));
const catalogTables = async () =>
  ((await catalog.clients.glue.getTables({ DatabaseName: 'ddb_tables' })).TableList ?? []).map(
    ({ Name }) => Name,
  );
describe('a role that lacks a permission', () => {
  const PolicyName = 'crawl-one-table';

  it.each([
    ['dynamodb:Scan', 'table/orders'],
    ['dynamodb:DescribeTable', 'table/orders'],
    ['glue:CreateTable', 'catalog'],
  ])('%s fails its table, which is told by name, and no other; apply gives it back', async (action, on) => {
    const { iam } = catalog.clients;
    await catalog.createTables('orders', 'stock');
    await catalog.apply();
    const RoleName = 'ddb_orders_crawler';
    const { PolicyDocument = '' } = await iam.getRolePolicy({ RoleName, PolicyName });
    const lacking = decodeURIComponent(PolicyDocument).replace(`"${action}"`, '"s3:ListAllMyBuckets"');
    await iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: lacking });

    const results = await crawl();
    expect(byTable(results)).toEqual({ orders: 'failed', stock: 'succeeded' });
    const message = results.find(({ TableName }) => TableName === 'orders')?.message;
    expect(message).toContain(`AWS-Crawler is not authorized to perform: ${action} on resource: arn:aws:`);
    expect(message).toContain(on);
    expect(await catalogTables()).toEqual(['stock']);
    const { tables } = await catalogStatus(catalog.scope, await settings());
    expect(tables[0]).toMatchObject({ TableName: 'orders', state: 'drifted', lastCrawl: 'FAILED' });
    expect(tables[0]?.lastCrawlMessage).toContain(action);

    expect((await catalog.apply()).results).toMatchObject([
      { TableName: 'orders', outcome: 'changed', done: [`update role ${RoleName}`] },
      { TableName: 'stock', outcome: 'unchanged' },
    ]);
    expect(byTable(await crawl())).toEqual({ orders: 'succeeded', stock: 'succeeded' });
  });
});

describe('a table that is deleted', () => {
  it('between plan and crawl fails its crawl and no other, and is pruned with all that was made for it', async () => {
    const { dynamodb } = catalog.clients;
    await catalog.createTables('orders', 'stock');
    await catalog.apply();
    await crawl();
    const { targets } = await planCrawls(catalog.scope, await settings());
    await dynamodb.deleteTable({ TableName: 'orders' });
    const options = { wait: true, concurrency: 2, timeoutMs: 60_000 };
    const results = await crawlTables(catalog.scope, targets, options);
    expect(byTable(results)).toEqual({ orders: 'failed', stock: 'succeeded' });
    const { message } = results.find(({ TableName }) => TableName === 'orders') ?? {};
    expect(message).toContain('Requested resource not found: Table: orders not found');
    expect(await catalogTables()).toEqual(['orders', 'stock']);
    expect(await pruneCatalog(catalog.scope, await settings())).toMatchObject([
      {
        TableName: 'orders',
        outcome: 'pruned',
        deleted: ['crawler ddb_orders_crawler', 'table orders', 'role ddb_orders_crawler'],
      },
    ]);
    expect(await catalogTables()).toEqual(['stock']);
  });

  it('between plan and apply leaves a role and a crawler that the next plan knows as left over', async () => {
    await catalog.createTables('orders');
    const plan = await catalog.plan();
    await catalog.clients.dynamodb.deleteTable({ TableName: 'orders' });
    expect(byTable((await applyCatalog(catalog.scope, plan)).results)).toEqual({ orders: 'changed' });
    expect((await pruneCatalog(catalog.scope, await settings()))[0]?.deleted).toEqual([
      'crawler ddb_orders_crawler',
      'role ddb_orders_crawler',
    ]);
  });

  it('and made anew since is not pruned', async () => {
    await catalog.createTables('orders');
    await catalog.apply();
    await catalog.clients.dynamodb.deleteTable({ TableName: 'orders' });
    await catalog.createTables('orders');
    expect(await pruneCatalog(catalog.scope, await settings())).toEqual([]);
    expect((await catalog.apply()).results).toMatchObject([{ outcome: 'unchanged' }]);
  });
});

/** What the harness does to Glue's calls it does to IAM's: clients differ in their operations only. */
const withIamFaults = (faultOf: (name: string) => Fault | undefined) =>
  withFaults(catalog.clients.iam as unknown as Glue, { faultOf });
const expectWhole = async () => {
  catalog.writes.length = 0;
  expect(byTable((await catalog.apply()).results)).toEqual({ orders: 'unchanged', stock: 'unchanged' });
  expect(catalog.writes).toEqual([]);
  expect(byTable(await crawl())).toEqual({ orders: 'succeeded', stock: 'succeeded' });
};

it.each(['CreateRole', 'PutRolePolicy', 'CreateCrawler'])(
  'an answer to %s that is lost fails its table only, and the next apply mends it',
  async (operation) => {
    await catalog.createTables('orders', 'stock');
    let count = 0;
    const faultOf = (name: string) => (name === operation && ++count === 1 ? 'lose-answer' : undefined);
    withIamFaults(faultOf);
    withFaults(catalog.clients.glue, { faultOf });
    expect(Object.values(byTable((await catalog.apply()).results)).sort()).toEqual(['changed', 'failed']);
    expect(Object.values(byTable((await catalog.apply()).results))).not.toContain('failed');
    await expectWhole();
  },
);

it('two applies at a time make each object once, and neither reports what the other made as somebody else’s', async () => {
  await catalog.createTables('orders', 'stock');
  const plans = [await catalog.plan(), await catalog.plan()];
  const reports = await Promise.all(plans.map((plan) => applyCatalog(catalog.scope, plan)));
  for (const { results } of reports)
    expect(byTable(results)).toEqual({ orders: 'changed', stock: 'changed' });
  await expectWhole();
});

it('a run that dies after any write is finished by the next one', async () => {
  const stepCount = 7;
  for (let last = 1; last <= stepCount; last++) {
    await catalog.aws.close();
    catalog = await openCatalogFixture();
    await catalog.createTables('orders', 'stock');
    let writes = 0;
    let isDead = true;
    const faultOf = (): Fault | undefined =>
      !isDead || ++writes < last ? undefined : writes === last ? 'lose-answer' : 'deny';
    withIamFaults(faultOf);
    withFaults(catalog.clients.glue, { faultOf });
    await catalog.apply({ concurrency: 1 }).catch(() => undefined);
    expect(writes).toBeGreaterThanOrEqual(last);
    isDead = false;
    await catalog.apply();
    await expectWhole();
  }
});

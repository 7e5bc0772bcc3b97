// Cataloguing without crawlers: samples by Scan, columns with the types seen, tables written as all catalog changes are.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { steppingClock } from '../../src/base/clock.js';
import { planDirect } from '../../src/toolkit/dynamodb-catalog/direct/plan-direct.js';
import { scanSample } from '../../src/toolkit/dynamodb-catalog/direct/scan-sample.js';
import { openCatalogFixture, type CatalogFixture } from './catalog-fixture.js';

let catalog: CatalogFixture;
beforeEach(async () => {
  catalog = await openCatalogFixture();
});
afterEach(() => catalog.aws.close());

const DIRECT = { engine: 'direct' as const };
const tableNamed = async (Name: string) =>
  (await catalog.clients.glue.getTable({ DatabaseName: 'ddb_tables', Name })).Table;

it('writes a table with a column an attribute, its types and how many items have it', async () => {
  await catalog.createTables('Orders');
  await catalog.put(
    'Orders',
    { id: { S: '1' }, total: { N: '12' }, tags: { SS: ['a'] }, note: { NULL: true } },
    { id: { S: '2' }, total: { N: '12.5' }, address: { M: { city: { S: 'Ulm' }, zip: { N: '89073' } } } },
    {
      id: { S: '3' },
      total: { S: 'none' },
      lines: { L: [{ N: '1' }, { N: '2' }] },
      raw: { B: new Uint8Array([1]) },
    },
    {
      id: { S: '4' },
      paid: { BOOL: true },
      sizes: { NS: ['1', '2.5'] },
      blobs: { BS: [new Uint8Array([1])] },
    },
  );
  const { results } = await catalog.apply(DIRECT);
  expect(results).toEqual([
    { TableName: 'Orders', outcome: 'changed', done: ['create catalog table orders'] },
  ]);
  const table = await tableNamed('orders');
  expect(table?.StorageDescriptor?.Location).toBe('arn:aws:dynamodb:us-east-1:123456789012:table/Orders');
  expect(table?.Parameters).toMatchObject({ classification: 'dynamodb', hashKey: 'id' });
  expect(table?.StorageDescriptor?.Columns).toEqual([
    { Name: 'id', Type: 'string', Comment: 'S; in 100 % of 4 items' },
    { Name: 'address', Type: 'struct<city:string,zip:bigint>', Comment: 'M; in 25 % of 4 items' },
    { Name: 'blobs', Type: 'array<binary>', Comment: 'BS; in 25 % of 4 items' },
    { Name: 'lines', Type: 'array<bigint>', Comment: 'L; in 25 % of 4 items' },
    { Name: 'note', Type: 'string', Comment: 'NULL; in 25 % of 4 items' },
    { Name: 'paid', Type: 'boolean', Comment: 'BOOL; in 25 % of 4 items' },
    { Name: 'raw', Type: 'binary', Comment: 'B; in 25 % of 4 items' },
    { Name: 'sizes', Type: 'array<double>', Comment: 'NS; in 25 % of 4 items' },
    { Name: 'tags', Type: 'array<string>', Comment: 'SS; in 25 % of 4 items' },
    { Name: 'total', Type: 'string', Comment: 'N, S; in 75 % of 4 items' },
  ]);
});

it('makes no roles and no crawlers, and a second time writes nothing', async () => {
  await catalog.createTables('aaa', 'bbb');
  await catalog.put('aaa', { id: { S: '1' } });
  await catalog.apply(DIRECT);
  expect((await catalog.clients.glue.listCrawlers({})).CrawlerNames).toEqual([]);
  expect((await catalog.clients.iam.listRoles({})).Roles).toEqual([]);
  catalog.writes.length = 0;
  const { results } = await catalog.apply(DIRECT);
  expect(results.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
  expect(catalog.writes).toEqual([]);
});

it('keeps what a sample does not show, adds what is new, and is not moved by presence alone', async () => {
  await catalog.createTables('aaa');
  await catalog.put('aaa', { id: { S: '1' }, old: { S: 'x' } });
  await catalog.apply(DIRECT);
  await catalog.clients.dynamodb.deleteItem({ TableName: 'aaa', Key: { id: { S: '1' } } });
  await catalog.put('aaa', { id: { S: '2' } }, { id: { S: '3' } });
  await catalog.apply(DIRECT);
  expect(catalog.writes).toEqual([]);
  await catalog.put('aaa', { id: { S: '2' }, fresh: { N: '1' } });
  await catalog.apply(DIRECT);
  const columns = (await tableNamed('aaa'))?.StorageDescriptor?.Columns?.map(({ Name }) => Name);
  expect(columns).toEqual(['id', 'fresh', 'old']);
});

it('a table that is empty has its keys', async () => {
  await catalog.createTables('empty');
  await catalog.apply(DIRECT);
  expect((await tableNamed('empty'))?.StorageDescriptor?.Columns).toEqual([
    { Name: 'id', Type: 'string', Comment: 'S; in 0 % of 0 items' },
  ]);
});

describe('what others did', () => {
  it('to a table of ours is a conflict, until it is overwritten with --adopt', async () => {
    const { glue } = catalog.clients;
    await catalog.createTables('aaa', 'bbb');
    await catalog.put('aaa', { id: { S: '1' } });
    await catalog.apply(DIRECT);
    const { StorageDescriptor, Parameters } = (await tableNamed('aaa')) ?? {};
    const Columns = [{ Name: 'mine', Type: 'int' }];
    await glue.updateTable({
      DatabaseName: 'ddb_tables',
      TableInput: { Name: 'aaa', Parameters, StorageDescriptor: { ...StorageDescriptor, Columns } },
    });
    await catalog.put('bbb', { id: { S: '1' }, more: { S: 'x' } });
    const { results } = await catalog.apply(DIRECT);
    expect(results).toMatchObject([
      { TableName: 'aaa', outcome: 'conflict', message: expect.stringContaining('--adopt') as unknown },
      { TableName: 'bbb', outcome: 'changed' },
    ]);
    await catalog.apply({ ...DIRECT, adopt: true });
    expect((await tableNamed('aaa'))?.StorageDescriptor?.Columns?.map(({ Name }) => Name)).toEqual([
      'id',
      'mine',
    ]);
  });

  it('a table of the same name that is theirs is left alone', async () => {
    const { glue } = catalog.clients;
    await catalog.createTables('aaa');
    await glue.createDatabase({ DatabaseInput: { Name: 'ddb_tables' } });
    await glue.createTable({ DatabaseName: 'ddb_tables', TableInput: { Name: 'aaa' } });
    expect((await catalog.apply(DIRECT)).results).toMatchObject([{ outcome: 'conflict' }]);
    expect((await tableNamed('aaa'))?.Parameters).toBeUndefined();
  });
});

describe('the sample', () => {
  const fill = async (count: number) => {
    const { dynamodb } = catalog.clients;
    await catalog.createTables('big');
    for (let start = 0; start < count; start += 25) {
      const items = Array.from({ length: Math.min(25, count - start) }, (_, index) => ({
        PutRequest: { Item: { id: { S: `item-${start + index}` }, text: { S: 'x'.repeat(4000) } } },
      }));
      await dynamodb.batchWriteItem({ RequestItems: { big: items } });
    }
    const plan = await catalog.plan();
    return plan.tables[0]!.table;
  };

  it('goes no faster than its share of the read capacity, by what DynamoDB says it took', async () => {
    const table = { ...(await fill(400)), billing: 'provisioned' as const, readUnitsPerSecond: 20 };
    const clock = steppingClock();
    const startMs = clock.now().getTime();
    const scope = { ...catalog.scope, clock };
    const sample = await scanSample(scope, table, { scanRate: 0.5, maxItems: 300 }, () => {});
    expect(sample.items).toBe(300);
    expect(sample.isWhole).toBe(false);
    expect(sample.readUnits).toBeGreaterThan(100);
    const seconds = (clock.now().getTime() - startMs) / 1000;
    // The last page needs no waiting after it.
    expect(seconds).toBeGreaterThan((sample.readUnits / 10) * 0.6);
    expect(seconds).toBeLessThanOrEqual(sample.readUnits / 10);
  });

  it('takes no more read units a second than are allowed, however many the table has', async () => {
    const table = { ...(await fill(400)), readUnitsPerSecond: 100_000 };
    const clock = steppingClock();
    const startMs = clock.now().getTime();
    const sample = await scanSample(
      { ...catalog.scope, clock },
      table,
      { scanRate: 1, maxReadUnits: 5, maxItems: 300 },
      () => {},
    );
    const seconds = (clock.now().getTime() - startMs) / 1000;
    expect(seconds).toBeGreaterThan((sample.readUnits / 5) * 0.6);
  });

  it('of a large table is of several places in it, and of no item twice', async () => {
    const table = { ...(await fill(100)), ItemCount: 5000 };
    const seen: string[] = [];
    const sample = await scanSample(catalog.scope, table, { scanRate: undefined, maxItems: 40 }, (item) => {
      seen.push(item['id']?.S ?? '');
    });
    expect(sample.items).toBeLessThanOrEqual(40);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('waits where others use up the capacity, and gives up in the end', async () => {
    const table = await fill(10);
    const clock = steppingClock();
    let failures = 3;
    catalog.clients.dynamodb.middlewareStack.add(
      (next, { commandName }) =>
        (call) => {
          if (commandName === 'ScanCommand' && failures-- > 0) {
            throw Object.assign(new Error('slow down'), { name: 'ProvisionedThroughputExceededException' });
          }
          return next(call);
        },
      { step: 'initialize' },
    );
    const scope = { ...catalog.scope, clock };
    expect((await scanSample(scope, table, { scanRate: undefined }, () => {})).items).toBe(10);
    failures = Infinity;
    await expect(scanSample(scope, table, { scanRate: undefined }, () => {})).rejects.toThrow('slow down');
  });
});

it('a table that goes while it is read fails alone', async () => {
  await catalog.createTables('goes', 'stays');
  const plan = await catalog.plan();
  await catalog.clients.dynamodb.deleteTable({ TableName: 'goes' });
  const decisions = await planDirect(catalog.scope, plan);
  expect(decisions).toMatchObject([
    { TableName: 'goes', message: expect.stringContaining('ResourceNotFoundException') as unknown },
    { TableName: 'stays', change: { action: 'create' } },
  ]);
});

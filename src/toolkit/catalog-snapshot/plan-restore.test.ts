// What a restore would do, object by object, through the SDK's client.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Glue, TableInput } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDocumentStore, type DocumentStore } from '../../change/document-store.js';
import { keyLabel } from '../../change/index.js';
import type { SnapshotScope } from '../../change/snapshot/index.js';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { planRestore, type RestoreAsked } from './plan-restore.js';
import { snapshotCatalog } from './snapshot-catalog.js';

const HOME = { accountId: '123456789012', region: 'us-east-1' };
const DatabaseName = 'sales';

let embedded: Embedded;
let glue: Glue;
let folder: string;
let store: DocumentStore;

beforeEach(async () => {
  embedded = await openEmbedded();
  glue = embedded.clients().glue;
  folder = mkdtempSync(join(tmpdir(), 'gluepot-restore-'));
  store = openDocumentStore(folder, embedded.clients());
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
  await glue.createTable({
    DatabaseName,
    TableInput: table('orders', { PartitionKeys: [{ Name: 'day', Type: 'int' }] }),
    PartitionIndexes: [{ IndexName: 'by_day', Keys: ['day'] }],
  });
  await addPartition('1');
  await glue.createTable({ DatabaseName, TableInput: table('customers') });
});

afterEach(async () => {
  await embedded.close();
  rmSync(folder, { recursive: true, force: true });
});

const table = (Name: string, rest: Partial<TableInput> = {}): TableInput => ({
  Name,
  StorageDescriptor: { Columns: [{ Name: 'id', Type: 'bigint' }], Location: `s3://lake/${Name}/` },
  ...rest,
});

const addPartition = (value: string) =>
  glue.createPartition({ DatabaseName, TableName: 'orders', PartitionInput: { Values: [value] } });

const changeOwner = (Name: string, Owner: string) =>
  glue.updateTable({ DatabaseName, TableInput: table(Name, { Owner }) });

async function take(scope: SnapshotScope = {}): Promise<string> {
  const options = { store: folder, scope, version: '1' };
  return (await snapshotCatalog(embedded.clients(), options)).manifest.id;
}

async function plan(snapshotId: string, asked: Partial<RestoreAsked> = {}) {
  return planRestore({ glue }, HOME, store, { snapshotId, ...asked });
}

async function lines(snapshotId: string, asked: Partial<RestoreAsked> = {}) {
  const { changes } = (await plan(snapshotId, asked)).plan;
  return changes.map(({ action, key }) => `${action} ${keyLabel(key)}`);
}

it('has nothing to do where nothing changed', async () => {
  const { plan: found, objectCount } = await plan(await take());
  expect(found.changes).toEqual([]);
  expect(objectCount).toBe(4);
  expect(found).toMatchObject({ ...HOME, subject: { operation: 'snapshot-restore' } });
});

it('takes back what a later snapshot has seen: what came goes, what went comes, what changed is as it was', async () => {
  const good = await take();
  await glue.deleteTable({ DatabaseName, Name: 'orders' });
  await changeOwner('customers', 'somebody');
  await glue.createTable({ DatabaseName, TableInput: table('new') });
  const last = await take();
  const { plan: found } = await plan(good);
  expect(found.changes.map(({ action, key }) => `${action} ${keyLabel(key)}`)).toEqual([
    'delete table sales.new',
    'update table sales.customers',
    'recreate table sales.orders',
    'recreate partition sales.orders [1]',
    'recreate index by_day of sales.orders',
  ]);
  expect(found.subject.resolved).toMatchObject({ snapshot: good, lastSnapshot: last });
  const update = found.changes.find(({ action }) => action === 'update');
  expect(update).toMatchObject({
    current: { Owner: 'somebody' },
    VersionId: '1',
    evidence: [
      { from: 'snapshot', snapshotId: last },
      { from: 'snapshot', snapshotId: good },
    ],
  });
  expect(update?.wanted).not.toHaveProperty('Owner');
});

it('goes by the last snapshot that covers an object, where later ones do not', async () => {
  const good = await take();
  await addPartition('2');
  const seen = await take();
  const narrow = await take({ tables: 'cust*' });
  const { plan: found } = await plan(good);
  expect(found.changes.map(({ action, key }) => `${action} ${keyLabel(key)}`)).toEqual([
    'delete partition sales.orders [2]',
  ]);
  expect(found.changes[0]?.evidence).toMatchObject([{ snapshotId: seen }, { snapshotId: good }]);
  expect(found.subject.resolved).toMatchObject({ lastSnapshot: narrow });
});

it('counts indexes that go among the objects, so that never more than all is deleted', async () => {
  const good = await take();
  const keys = ['day', 'hour'];
  const PartitionIndexes = keys.map((key) => ({ IndexName: `by_${key}`, Keys: [key] }));
  const TableInput = table('new', { PartitionKeys: keys.map((Name) => ({ Name, Type: 'int' })) });
  await glue.createTable({ DatabaseName, TableInput, PartitionIndexes });
  await take();
  const { plan: found, objectCount } = await plan(good);
  expect(found.changes.map(({ action }) => action)).toEqual(['delete', 'delete', 'delete']);
  // A database, three tables, a partition, and the two indexes that differ.
  expect(objectCount).toBe(7);
});

describe('what changed since the last snapshot', () => {
  it.each([
    [undefined, 'conflict table sales.customers'],
    ['keep-current' as const, 'skip table sales.customers'],
    ['force' as const, 'update table sales.customers'],
  ])('is a conflict, to be resolved by %s', async (onConflict, expected) => {
    const only = await take();
    await changeOwner('customers', 'somebody');
    expect(await lines(only, onConflict ? { onConflict } : {})).toEqual([expected]);
  });

  it('keeps the table that it is in', async () => {
    const good = await take();
    await glue.createTable({
      DatabaseName,
      TableInput: table('new', { PartitionKeys: [{ Name: 'day', Type: 'int' }] }),
    });
    await take();
    await glue.createPartition({ DatabaseName, TableName: 'new', PartitionInput: { Values: ['1'] } });
    const { changes } = (await plan(good, { onConflict: 'keep-current' })).plan;
    expect(changes).toMatchObject([
      { action: 'skip', key: { kind: 'partition' } },
      { action: 'skip', reason: 'It stays, for the partition sales.new [1] in it stays.' },
    ]);
  });
});

describe('leaves alone', () => {
  it('what nobody asked for', async () => {
    const good = await take();
    await changeOwner('customers', 'somebody');
    await addPartition('2');
    await glue.updateDatabase({
      Name: DatabaseName,
      DatabaseInput: { Name: DatabaseName, Description: 'new' },
    });
    await take();
    expect(await lines(good)).toEqual([
      'delete partition sales.orders [2]',
      'update database sales',
      'update table sales.customers',
    ]);
    const { changes, subject } = (await plan(good, { tables: ['cust*'] })).plan;
    expect(changes).toMatchObject([{ action: 'update', key: { kind: 'table', TableName: 'customers' } }]);
    expect(subject.resolved).toMatchObject({ tables: 'cust*', tablesLeftOut: '1' });
    const twice = { databases: ['SALES'], tables: ['customers', 'sales.ord*'] };
    expect(await lines(good, twice)).toEqual([
      'delete partition sales.orders [2]',
      'update table sales.customers',
    ]);
    expect(await lines(good, { tables: ['*'], except: ['Orders'] })).toEqual([
      'update table sales.customers',
    ]);
    expect(await lines(good, { except: ['*.orders'] })).toEqual([
      'update database sales',
      'update table sales.customers',
    ]);
  });

  it('what the chosen snapshot does not cover', async () => {
    const some = await take({ tables: 'cust*' });
    await addPartition('2');
    await changeOwner('customers', 'somebody');
    await take();
    expect(await lines(some)).toEqual(['update table sales.customers']);
  });

  it('a database that is new, and what is in one that is gone and not made', async () => {
    const good = await take();
    await glue.createDatabase({ DatabaseInput: { Name: 'other' } });
    await glue.createTable({ DatabaseName: 'other', TableInput: table('t') });
    await take();
    const { changes } = (await plan(good)).plan;
    expect(changes).toMatchObject([
      { action: 'delete', key: { kind: 'table', DatabaseName: 'other' } },
      { action: 'skip', key: { kind: 'database', DatabaseName: 'other' } },
    ]);
    await glue.deleteDatabase({ Name: DatabaseName });
    const asked = { tables: ['customers'], onConflict: 'force' as const };
    expect((await plan(good, asked)).plan.changes).toMatchObject([
      { action: 'skip', reason: 'The database sales is not there, and is not made.' },
    ]);
  });

  it('tables of Iceberg, whose older definition would turn their data back', async () => {
    const iceberg = (metadata_location: string) =>
      table('facts', { Parameters: { table_type: 'ICEBERG', metadata_location } });
    await glue.createTable({ DatabaseName, TableInput: iceberg('s3://lake/facts/1.json') });
    const good = await take();
    await glue.updateTable({ DatabaseName, TableInput: iceberg('s3://lake/facts/2.json') });
    await take();
    expect(await lines(good)).toEqual(['skip table sales.facts']);
  });

  it('resource links, for what is written to them is written to what they lead to', async () => {
    // With the members of the table that it leads to, as AWS answers it.
    const link = (Owner: string) =>
      table('link', {
        ...{ Owner, TargetTable: { DatabaseName: 'other', Name: 'facts' } },
        PartitionKeys: [{ Name: 'day', Type: 'int' }],
      });
    const place = { DatabaseName, TableName: 'link' };
    const statistics = (NumberOfNulls: number) => ({
      ...{ ColumnName: 'id', ColumnType: 'bigint', AnalyzedTime: new Date(0) },
      StatisticsData: {
        Type: 'LONG' as const,
        LongColumnStatisticsData: { NumberOfNulls, NumberOfDistinctValues: 1 },
      },
    });
    const analyze = (nulls: number) =>
      glue.updateColumnStatisticsForTable({ ...place, ColumnStatisticsList: [statistics(nulls)] });
    const TargetDatabase = { CatalogId: '210987654321', DatabaseName: 'shared' };
    await glue.createTable({ DatabaseName, TableInput: link('one') });
    await glue.createDatabase({ DatabaseInput: { Name: 'ours', TargetDatabase } });
    await glue.createTable({ DatabaseName: 'ours', TableInput: table('theirs') });
    await analyze(1);
    const good = await take({ statistics: 'all' });
    await glue.updateTable({ DatabaseName, TableInput: link('two') });
    await glue.createPartition({ ...place, PartitionInput: { Values: ['1'] } });
    await glue.createPartitionIndex({ ...place, PartitionIndex: { IndexName: 'i', Keys: ['day'] } });
    await analyze(2);
    await glue.updateDatabase({
      Name: 'ours',
      DatabaseInput: { Name: 'ours', TargetDatabase, Description: 'new' },
    });
    await glue.deleteTable({ DatabaseName: 'ours', Name: 'theirs' });
    await take({ statistics: 'all' });
    const { changes } = (await plan(good)).plan;
    expect(changes.map(({ action, key }) => `${action} ${keyLabel(key)}`)).toEqual([
      'skip database ours',
      'skip table sales.link',
    ]);
    for (const { reason } of changes) expect(reason).toContain('It is a resource link');
  });

  it('a table that was moving when it was read', async () => {
    const disturbed = embedded.clients();
    disturbed.glue.middlewareStack.add(
      (next, { commandName }) =>
        async (call) => {
          const result = await next(call);
          if (commandName === 'GetPartitionsCommand') {
            const TableInput = table('orders', {
              PartitionKeys: [{ Name: 'day', Type: 'int' }],
              Owner: `${Math.random()}`,
            });
            await glue.updateTable({ DatabaseName, TableInput });
          }
          return result;
        },
      { step: 'initialize' },
    );
    const options = { store: folder, version: '1' };
    const moving = (await snapshotCatalog(disturbed, options)).manifest;
    expect(moving.counts.moving).toBe(1);
    expect((await plan(moving.id)).plan.changes).toMatchObject([
      { action: 'skip', reason: expect.stringContaining('its table was being changed') as unknown },
    ]);
  });
});

it('refuses a snapshot of another catalog, and one that is not there', async () => {
  const id = await take();
  await expect(
    planRestore({ glue }, { ...HOME, region: 'eu-west-1' }, store, { snapshotId: id }),
  ).rejects.toMatchObject({ kind: 'usage', message: expect.stringContaining('in eu-west-1') as unknown });
  await expect(plan('20240501T100000.000Z-aaaaaaaa-bbbbbb')).rejects.toMatchObject({ kind: 'usage' });
});

// Snapshots through the SDK's client and both kinds of stores: whole, cheap where nothing changed, honest where something moves.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Glue } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../embedded.js';
import type { CatalogObject } from '../catalog-object.js';
import { openDocumentStore, type DocumentStore } from '../document-store.js';
import { observeObject, observePartitions, observeTables } from '../observe-catalog.js';
import {
  diffSnapshots,
  readSnapshot,
  takeSnapshot,
  type ObjectDifference,
  type Snapshot,
  type SnapshotScope,
} from './index.js';

let embedded: Embedded;
let glue: Glue;
let folder: string;
let store: DocumentStore;

const HOME = { accountId: '123456789012', region: 'us-east-1' };
const DatabaseName = 'sales';

beforeEach(async () => {
  embedded = await openEmbedded();
  glue = embedded.clients().glue;
  folder = mkdtempSync(join(tmpdir(), 'gluepot-snapshot-'));
  store = openDocumentStore(folder, embedded.clients());
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName, Description: 'd' } });
});

afterEach(async () => {
  await embedded.close();
  rmSync(folder, { recursive: true, force: true });
});

function take(scope: SnapshotScope = {}, options: { into?: DocumentStore; with?: Glue } = {}) {
  const tool = { name: 'gluepot', version: '1' };
  const access = { glue: options.with ?? glue };
  return takeSnapshot(access, HOME, options.into ?? store, { scope, reason: 'manual', tool });
}

async function makeTable(Name: string, partitionCount = 0, database = DatabaseName) {
  await glue.createTable({
    DatabaseName: database,
    TableInput: {
      Name,
      StorageDescriptor: { Columns: [{ Name: 'id', Type: 'bigint' }], Location: `s3://lake/${Name}/` },
      PartitionKeys: partitionCount > 0 ? [{ Name: 'day', Type: 'int' }] : [],
    },
    PartitionIndexes: partitionCount > 0 ? [{ IndexName: 'by_day', Keys: ['day'] }] : [],
  });
  await addPartitions(Name, 0, partitionCount, database);
}

async function addPartitions(TableName: string, from: number, to: number, database = DatabaseName) {
  for (let start = from; start < to; start += 100) {
    await glue.batchCreatePartition({
      DatabaseName: database,
      TableName,
      PartitionInputList: Array.from({ length: Math.min(100, to - start) }, (_, index) => ({
        Values: [String(start + index)],
        StorageDescriptor: {
          Columns: [{ Name: 'id', Type: 'bigint' }],
          Location: `s3://lake/${TableName}/day=${start + index}/`,
        },
      })),
    });
  }
}

async function collect<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

async function differences(before: Snapshot, after: Snapshot): Promise<ObjectDifference[]> {
  const found: ObjectDifference[] = [];
  for await (const difference of diffSnapshots(before, after)) found.push(difference);
  return found;
}

const idsOf = (found: readonly ObjectDifference[]) =>
  found.map(({ action, key }) => {
    const { kind, DatabaseName: database, ...rest } = key;
    return [action, kind, database, ...Object.values(rest)].join(' ');
  });

const STATISTICS = {
  ColumnName: 'id',
  ColumnType: 'bigint',
  AnalyzedTime: new Date('2024-05-01T10:00:00Z'),
  StatisticsData: {
    Type: 'LONG' as const,
    LongColumnStatisticsData: { NumberOfNulls: 0, NumberOfDistinctValues: 3 },
  },
};

it('has what the catalog has: databases, tables, partitions, indexes, statistics', async () => {
  await makeTable('plain');
  await makeTable('days', 1200);
  const ColumnStatisticsList = [STATISTICS];
  await glue.updateColumnStatisticsForTable({ DatabaseName, TableName: 'plain', ColumnStatisticsList });
  await glue.updateColumnStatisticsForPartition({
    DatabaseName,
    TableName: 'days',
    PartitionValues: ['7'],
    ColumnStatisticsList,
  });
  const { manifest, written } = await take({ statistics: 'all' });
  expect(manifest.counts).toEqual({ databases: 1, tables: 2, partitions: 1200, moving: 0 });
  expect(written.objects).toBe(3 + (manifest.databases[0]?.tables[0]?.chunks.length ?? 0));
  const snapshot = await readSnapshot(store, manifest.id);

  for (const table of await collect(observeTables({ glue }, DatabaseName))) {
    const kept = await snapshot.table(DatabaseName, table.key.TableName);
    expect(kept?.table).toEqual(table);
    const partitions = await collect(observePartitions({ glue }, DatabaseName, table.key.TableName));
    const keptPartitions = kept ? await collect(kept.partitions()) : [];
    const inOrder = (list: readonly { key: { Values: readonly string[] } }[]) =>
      [...list].sort((one, other) => Number(one.key.Values[0]) - Number(other.key.Values[0]));
    expect(inOrder(keptPartitions.map(({ partition }) => partition))).toEqual(inOrder(partitions));
  }
  const keys: CatalogObject['key'][] = [
    { kind: 'database', DatabaseName },
    { kind: 'table', DatabaseName, TableName: 'days' },
    { kind: 'partition', DatabaseName, TableName: 'days', Values: ['999'] },
    { kind: 'partition-index', DatabaseName, TableName: 'days', IndexName: 'by_day' },
    { kind: 'table-statistics', DatabaseName, TableName: 'plain' },
    { kind: 'partition-statistics', DatabaseName, TableName: 'days', Values: ['7'] },
    { kind: 'partition-statistics', DatabaseName, TableName: 'days', Values: ['8'] },
    { kind: 'partition', DatabaseName, TableName: 'days', Values: ['1200'] },
    { kind: 'table', DatabaseName, TableName: 'absent' },
    { kind: 'database', DatabaseName: 'absent' },
  ];
  for (const key of keys) {
    expect(snapshot.covers(key)).toBe(true);
    expect(await snapshot.object(key)).toEqual(await observeObject({ glue }, key));
  }
});

it('writes no object again when nothing changed, and few when one partition came', async () => {
  await makeTable('plain');
  await makeTable('days', 3000);
  const first = await take();
  const second = await take();
  expect(second.written).toEqual({ objects: 0, bytes: 0 });
  expect(second.manifest.parent).toBe(first.manifest.id);
  expect(second.manifest.databases).toEqual(first.manifest.databases);
  await addPartitions('days', 9000, 9001);
  const third = await take();
  expect(third.written.objects).toBeGreaterThan(0);
  expect(third.written.objects).toBeLessThanOrEqual(2);
});

it.each([5, 50])(
  'costs two calls a partitioned table and two a hundred tables, of %i tables',
  async (count) => {
    for (let index = 0; index < count; index++) await makeTable(`t${index}`, 2);
    const counting = embedded.clients().glue;
    const calls: Record<string, number> = {};
    counting.middlewareStack.add(
      (next, { commandName = '' }) =>
        (call) => {
          calls[commandName] = (calls[commandName] ?? 0) + 1;
          return next(call);
        },
      { step: 'initialize' },
    );
    await take({}, { with: counting });
    expect(calls).toEqual({
      GetDatabasesCommand: 1,
      GetDatabaseCommand: 1,
      GetTablesCommand: 2,
      GetPartitionIndexesCommand: count,
      GetPartitionsCommand: count,
    });
  },
);

it('says nothing of what was not asked for', async () => {
  await glue.createDatabase({ DatabaseInput: { Name: 'other' } });
  await makeTable('orders_2024');
  await makeTable('customers');
  await makeTable('orders_2024', 0, 'other');
  const { manifest } = await take({ databases: ['SALES', 'absent'], tables: 'Orders_*' });
  expect(manifest.databases.map(({ DatabaseName: name }) => name)).toEqual([DatabaseName]);
  expect(manifest.databases[0]?.tables.map(({ TableName }) => TableName)).toEqual(['orders_2024']);
  const snapshot = await readSnapshot(store, manifest.id);
  expect(snapshot.covers({ kind: 'table', DatabaseName, TableName: 'orders_9' })).toBe(true);
  expect(snapshot.covers({ kind: 'database', DatabaseName: 'absent' })).toBe(true);
  expect(snapshot.covers({ kind: 'table', DatabaseName, TableName: 'customers' })).toBe(false);
  expect(snapshot.covers({ kind: 'table', DatabaseName: 'other', TableName: 'orders_2024' })).toBe(false);
  expect(snapshot.covers({ kind: 'table-statistics', DatabaseName, TableName: 'orders_9' })).toBe(false);
  await expect(take({ tables: 'a[' })).rejects.toMatchObject({ kind: 'usage' });
});

describe('while somebody changes the catalog', () => {
  /** Calls `act` after each answer to `command`, `times` times. */
  function after(command: string, times: number, act: () => Promise<unknown>): Glue {
    const disturbed = embedded.clients().glue;
    disturbed.middlewareStack.add(
      (next, { commandName }) =>
        async (call) => {
          const result = await next(call);
          if (commandName === command && times-- > 0) await act();
          return result;
        },
      { step: 'initialize' },
    );
    return disturbed;
  }

  const update = () =>
    glue.updateTable({
      DatabaseName,
      TableInput: {
        Name: 'days',
        PartitionKeys: [{ Name: 'day', Type: 'int' }],
        Owner: String(Math.random()),
      },
    });

  it('reads a table again that moved, and one that came, and lets go of one that went', async () => {
    await makeTable('days', 3);
    await makeTable('goes');
    const disturbed = after('GetPartitionsCommand', 1, async () => {
      await update();
      await makeTable('comes', 2);
      await glue.deleteTable({ DatabaseName, Name: 'goes' });
    });
    const { manifest } = await take({}, { with: disturbed });
    expect(manifest.counts).toEqual({ databases: 1, tables: 2, partitions: 5, moving: 0 });
    expect(manifest.databases[0]?.tables).toMatchObject([
      { TableName: 'comes', VersionId: '0' },
      { TableName: 'days', VersionId: '1' },
    ]);
  });

  it('marks a table that moves whenever it is looked at', async () => {
    await makeTable('days', 3);
    const { manifest } = await take({}, { with: after('GetPartitionsCommand', Infinity, update) });
    expect(manifest.counts.moving).toBe(1);
    expect(manifest.databases[0]?.tables[0]).toMatchObject({ TableName: 'days', isMoving: true });
  });

  it('has nothing of a database that went', async () => {
    await makeTable('days', 3);
    const disturbed = after('GetPartitionsCommand', 1, () => glue.deleteDatabase({ Name: DatabaseName }));
    expect((await take({}, { with: disturbed })).manifest.databases).toEqual([]);
  });
});

it('is compared object by object and member by member', async () => {
  await makeTable('stays', 3);
  await makeTable('days', 2500);
  await makeTable('goes', 1);
  const before = await readSnapshot(store, (await take()).manifest.id);
  expect(await differences(before, before)).toEqual([]);
  await glue.deleteTable({ DatabaseName, Name: 'goes' });
  await makeTable('comes', 1);
  await glue.deletePartition({ DatabaseName, TableName: 'days', PartitionValues: ['17'] });
  await glue.updatePartition({
    DatabaseName,
    TableName: 'days',
    PartitionValueList: ['18'],
    PartitionInput: { Values: ['18'], StorageDescriptor: { Location: 's3://moved/' } },
  });
  await addPartitions('days', 5000, 5001);
  await glue.updateTable({
    DatabaseName,
    TableInput: { Name: 'stays', PartitionKeys: [{ Name: 'day', Type: 'int' }], Owner: 'me' },
  });
  await glue.updateDatabase({ Name: DatabaseName, DatabaseInput: { Name: DatabaseName, Description: 'e' } });
  const after = await readSnapshot(store, (await take()).manifest.id);
  const found = await differences(before, after);
  expect(idsOf(found)).toEqual([
    'update database sales',
    'create table sales comes',
    'create partition-index sales comes by_day',
    'create partition sales comes 0',
    'delete partition sales days 17',
    'update partition sales days 18',
    'create partition sales days 5000',
    'delete table sales goes',
    'delete partition-index sales goes by_day',
    'delete partition sales goes 0',
    'update table sales stays',
  ]);
  expect(found.find(({ key }) => key.kind === 'partition' && key.Values[0] === '18')?.differences).toEqual([
    { path: 'StorageDescriptor.Columns', before: [{ Name: 'id', Type: 'bigint' }], after: undefined },
    { path: 'StorageDescriptor.Location', before: 's3://lake/days/day=18/', after: 's3://moved/' },
  ]);
});

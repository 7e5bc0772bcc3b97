// Reading a catalog through the SDK's client: everything, in pages, whatever happens meanwhile.
import type { Glue, PartitionInput } from '@aws-sdk/client-glue';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../embedded.js';
import type { CatalogObjectKey } from './catalog-object.js';
import {
  observeDatabase,
  observeDatabases,
  observeObject,
  observePartitionIndexes,
  observePartitions,
  observePartitionsByValues,
  observePartitionStatistics,
  observeTable,
  observeTables,
  observeTableStatistics,
} from './observe-catalog.js';

let embedded: Embedded;
let glue: Glue;
let calls: string[];

const DatabaseName = 'sales';
const TableName = 'orders';
const COLUMNS = Array.from({ length: 150 }, (_, index) => ({ Name: `c${index}`, Type: 'bigint' }));

beforeEach(async () => {
  embedded = await openEmbedded();
  glue = embedded.clients().glue;
  calls = [];
  glue.middlewareStack.add(
    (next, { commandName = '' }) =>
      (call) => {
        calls.push(commandName);
        return next(call);
      },
    { step: 'initialize' },
  );
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
});

afterEach(() => embedded.close());

const createTable = (Name: string) =>
  glue.createTable({
    DatabaseName,
    TableInput: {
      Name,
      PartitionKeys: [{ Name: 'day', Type: 'int' }],
      StorageDescriptor: { Columns: COLUMNS, Location: `s3://lake/${Name}/` },
    },
  });

async function createPartitions(count: number) {
  const inputs: PartitionInput[] = Array.from({ length: count }, (_, day) => ({ Values: [String(day)] }));
  for (let start = 0; start < count; start += 100) {
    await glue.batchCreatePartition({
      DatabaseName,
      TableName,
      PartitionInputList: inputs.slice(start, start + 100),
    });
  }
}

const statisticsOf = (ColumnName: string) => ({
  ColumnName,
  ColumnType: 'bigint',
  AnalyzedTime: new Date('2024-05-01T10:00:00Z'),
  StatisticsData: {
    Type: 'LONG' as const,
    LongColumnStatisticsData: { NumberOfNulls: 0, NumberOfDistinctValues: 3 },
  },
});

async function collect<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

it('reads databases and tables with the evidence of who made them and when', async () => {
  await createTable('Orders');
  expect(await observeDatabase({ glue }, DatabaseName)).toMatchObject({
    key: { kind: 'database', DatabaseName },
    definition: { Name: DatabaseName },
    provenance: { CreateTime: expect.any(Date) as unknown },
  });
  expect(await observeTable({ glue }, DatabaseName, TableName)).toMatchObject({
    key: { kind: 'table', DatabaseName, TableName },
    definition: { Name: TableName, StorageDescriptor: { Location: 's3://lake/Orders/' } },
    provenance: {
      VersionId: '0',
      CreateTime: expect.any(Date) as unknown,
      UpdateTime: expect.any(Date) as unknown,
      CreatedBy: `arn:aws:iam::${embedded.accountId}:root`,
    },
  });
});

it('reads all pages of databases and tables', async () => {
  for (let index = 0; index < 120; index++) {
    await glue.createDatabase({ DatabaseInput: { Name: `d${index}` } });
    await createTable(`t${index}`);
  }
  expect(await collect(observeDatabases({ glue }))).toHaveLength(121);
  expect(await collect(observeTables({ glue }, DatabaseName))).toHaveLength(120);
});

it.each([1, 3, 10])('reads every partition once in %i segments', async (segments) => {
  await createTable(TableName);
  await createPartitions(1250);
  const found = await collect(observePartitions({ glue }, DatabaseName, TableName, { segments }));
  const days = found.map(({ key }) => Number(key.Values[0])).sort((one, other) => one - other);
  expect(days).toEqual(Array.from({ length: 1250 }, (_, day) => day));
});

it('reads only the partitions that an expression or a list of values asks for', async () => {
  await createTable(TableName);
  await createPartitions(20);
  const some = await collect(
    observePartitions({ glue }, DatabaseName, TableName, { Expression: 'day < 3', segments: 2 }),
  );
  expect(some).toHaveLength(3);
  const wanted = [['5'], ['99'], ['7']];
  const found = await observePartitionsByValues({ glue }, DatabaseName, TableName, wanted);
  expect(found.map(({ key }) => key.Values)).toEqual([['5'], ['7']]);
});

it('asks again for partitions that AWS left unread, and gives up when it never gets any', async () => {
  await createTable(TableName);
  await createPartitions(3);
  let answersLeft = 2;
  glue.middlewareStack.add(
    (next, { commandName }) =>
      async (call) => {
        const result = await next(call);
        if (commandName !== 'BatchGetPartitionCommand' || answersLeft-- > 0) return result;
        const { PartitionsToGet } = call.input as { PartitionsToGet: { Values: string[] }[] };
        return { ...result, output: { ...result.output, Partitions: [], UnprocessedKeys: PartitionsToGet } };
      },
    { step: 'initialize' },
  );
  const sleeps: number[] = [];
  const clock = { now: () => new Date(), sleep: async (ms: number) => void sleeps.push(ms) };
  const read = () => observePartitionsByValues({ glue, clock }, DatabaseName, TableName, [['1']]);
  expect(await read()).toHaveLength(1);
  answersLeft = 0;
  await expect(read()).rejects.toThrow('AWS left 1 partitions of sales.orders unread 9 times in a row');
  expect(sleeps).toHaveLength(8);
});

it('has no partitions of another number of values than the table has keys', async () => {
  await createTable(TableName);
  await createPartitions(2);
  const read = async (values: string[][]) => {
    const found = await observePartitionsByValues({ glue }, DatabaseName, TableName, values);
    return found.map(({ key }) => key.Values).sort();
  };
  expect(await read([['0'], ['1', '2'], ['1'], []])).toEqual([['0'], ['1']]);
  await glue.deleteTable({ DatabaseName, Name: TableName });
  await glue.createTable({ DatabaseName, TableInput: { Name: TableName } });
  expect(await read([['0'], ['1']])).toEqual([]);
  // What AWS refuses for another reason is said.
  glue.middlewareStack.add(
    (next, { commandName }) =>
      (call) => {
        if (commandName !== 'BatchGetPartitionCommand') return next(call);
        throw Object.assign(new Error('Not so.'), { name: 'InvalidInputException' });
      },
    { step: 'initialize' },
  );
  await createTable('other');
  const other = observePartitionsByValues({ glue }, DatabaseName, 'other', [['0']]);
  await expect(other).rejects.toThrow('Not so.');
});

it('reads indexes that are not being deleted', async () => {
  await createTable(TableName);
  await glue.createPartitionIndex({
    DatabaseName,
    TableName,
    PartitionIndex: { IndexName: 'by_day', Keys: ['day'] },
  });
  expect(await observePartitionIndexes({ glue }, DatabaseName, TableName)).toMatchObject([
    {
      key: { kind: 'partition-index', IndexName: 'by_day' },
      definition: { IndexName: 'by_day', Keys: ['day'] },
    },
  ]);
});

it('reads statistics a hundred columns a call, and nothing where there are none', async () => {
  await createTable(TableName);
  await createPartitions(1);
  const table = await observeTable({ glue }, DatabaseName, TableName);
  if (!table) throw new Error('The table is there.');
  expect(await observeTableStatistics({ glue }, table)).toBeUndefined();
  const ColumnStatisticsList = [statisticsOf('c149'), statisticsOf('c3')];
  await glue.updateColumnStatisticsForTable({ DatabaseName, TableName, ColumnStatisticsList });
  await glue.updateColumnStatisticsForPartition({
    DatabaseName,
    TableName,
    PartitionValues: ['0'],
    ColumnStatisticsList,
  });
  calls = [];
  const ofTable = await observeTableStatistics({ glue }, table);
  expect(calls).toEqual(['GetColumnStatisticsForTableCommand', 'GetColumnStatisticsForTableCommand']);
  expect(ofTable?.definition).toEqual(ColumnStatisticsList);
  expect((await observePartitionStatistics({ glue }, table, ['0']))?.definition).toEqual(
    ColumnStatisticsList,
  );
});

it('finds one object by its key, and nothing where nothing is', async () => {
  await createTable(TableName);
  await createPartitions(2);
  const ColumnStatisticsList = [statisticsOf('c1')];
  await glue.updateColumnStatisticsForTable({ DatabaseName, TableName, ColumnStatisticsList });
  const PartitionIndex = { IndexName: 'by_day', Keys: ['day'] };
  await glue.createPartitionIndex({ DatabaseName, TableName, PartitionIndex });
  const there: CatalogObjectKey[] = [
    { kind: 'database', DatabaseName },
    { kind: 'table', DatabaseName, TableName },
    { kind: 'partition', DatabaseName, TableName, Values: ['1'] },
    { kind: 'partition-index', DatabaseName, TableName, IndexName: 'by_day' },
    { kind: 'table-statistics', DatabaseName, TableName },
  ];
  for (const key of there) expect((await observeObject({ glue }, key))?.key).toEqual(key);
  const absent: CatalogObjectKey[] = [
    { kind: 'database', DatabaseName: 'x' },
    { kind: 'table', DatabaseName: 'x', TableName },
    { kind: 'table', DatabaseName, TableName: 'x' },
    { kind: 'partition', DatabaseName, TableName, Values: ['9'] },
    { kind: 'partition', DatabaseName, TableName: 'x', Values: ['1'] },
    { kind: 'partition-index', DatabaseName, TableName, IndexName: 'x' },
    { kind: 'table-statistics', DatabaseName, TableName: 'x' },
    { kind: 'partition-statistics', DatabaseName, TableName, Values: ['1'] },
  ];
  for (const key of absent) expect(await observeObject({ glue }, key)).toBeUndefined();
});

it('ends quietly when the table goes away between two pages', async () => {
  await createTable(TableName);
  await createPartitions(1100);
  const found = [];
  for await (const page of observePartitions({ glue }, DatabaseName, TableName)) {
    found.push(...page);
    await glue.deleteTable({ DatabaseName, Name: TableName });
  }
  expect(found).toHaveLength(1000);
  expect(await collect(observeTables({ glue }, 'nowhere'))).toEqual([]);
});

it('ends at once when it is interrupted', async () => {
  await createTable(TableName);
  await createPartitions(10);
  const controller = new AbortController();
  controller.abort();
  const access = { glue, signal: controller.signal };
  await expect(
    collect(observePartitions(access, DatabaseName, TableName, { segments: 4 })),
  ).rejects.toThrow();
});

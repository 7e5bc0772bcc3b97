// Whatever a catalog has, a snapshot of it is enough to make the same catalog elsewhere.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Column, Glue, PartitionInput, StorageDescriptor, TableInput } from '@aws-sdk/client-glue';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { openFolderDocuments } from '../document-store/folder-documents.js';
import { diffSnapshots, readSnapshot, takeSnapshot, type Snapshot } from './index.js';
import { byChance } from '../../../test/law.js';

const HOME = { accountId: '123456789012', region: 'us-east-1' };
const folder = mkdtempSync(join(tmpdir(), 'gluepot-elsewhere-'));
const store = openFolderDocuments(folder);
let here: Embedded;
let there: Embedded;

beforeAll(async () => {
  [here, there] = await Promise.all([openEmbedded(), openEmbedded()]);
});

afterAll(async () => {
  await Promise.all([here.close(), there.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const text = fc.string({ unit: fc.constantFrom(...'abcXYZ019 _-./:=é日'), minLength: 1, maxLength: 12 });
const parameters = fc.dictionary(text, fc.oneof(text, fc.constant('')), { maxKeys: 4 });
const time = fc
  .integer({ min: 1_600_000_000, max: 1_800_000_000 })
  .map((seconds) => new Date(seconds * 1000));

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const columns = fc.uniqueArray(
  fc.record({
    Name: fc.string({ unit: fc.constantFrom(...'abcdef_0'), minLength: 1, maxLength: 6 }),
    Type: fc.constantFrom('string', 'bigint', 'decimal(10,2)', 'array<struct<a:int>>'),
    Comment: maybe(fc.oneof(text, fc.constant(''))),
    Parameters: maybe(parameters),
  }),
  { selector: (column: Column) => column.Name, maxLength: 5 },
);

const descriptor: fc.Arbitrary<StorageDescriptor> = fc.record({
  Columns: maybe(columns),
  Location: maybe(text.map((one) => `s3://lake/${one}`)),
  InputFormat: maybe(text),
  OutputFormat: maybe(text),
  Compressed: maybe(fc.boolean()),
  NumberOfBuckets: maybe(fc.integer({ min: -1, max: 8 })),
  SerdeInfo: maybe(
    fc.record({ Name: maybe(text), SerializationLibrary: maybe(text), Parameters: maybe(parameters) }),
  ),
  BucketColumns: maybe(fc.array(text, { maxLength: 2 })),
  SortColumns: maybe(
    fc.array(fc.record({ Column: text, SortOrder: fc.constantFrom(0, 1) }), { maxLength: 2 }),
  ),
  Parameters: maybe(parameters),
  StoredAsSubDirectories: maybe(fc.boolean()),
});

const table: fc.Arbitrary<TableInput> = fc.record({
  Name: fc.string({ unit: fc.constantFrom(...'abcdefghij'), minLength: 3, maxLength: 8 }),
  Description: maybe(text),
  Owner: maybe(text),
  LastAccessTime: maybe(time),
  Retention: maybe(fc.nat(9)),
  StorageDescriptor: maybe(descriptor),
  PartitionKeys: fc.constantFrom(
    [],
    [{ Name: 'k', Type: 'string' }],
    [
      { Name: 'k', Type: 'string' },
      { Name: 'n', Type: 'int', Comment: 'number' },
    ],
  ),
  ViewOriginalText: maybe(text),
  ViewExpandedText: maybe(text),
  TableType: maybe(fc.constantFrom('EXTERNAL_TABLE', 'VIRTUAL_VIEW')),
  Parameters: maybe(parameters),
});

interface TablePlan {
  table: TableInput;
  partitions: PartitionInput[];
  withIndex: boolean;
  distinctValues: number;
}

const plan: fc.Arbitrary<TablePlan> = fc.record({
  table,
  partitions: fc.array(
    fc.record({
      Values: fc.tuple(text, fc.nat(999).map(String)),
      StorageDescriptor: maybe(descriptor),
      Parameters: maybe(parameters),
      LastAccessTime: maybe(time),
    }),
    { maxLength: 5 },
  ),
  withIndex: fc.boolean(),
  distinctValues: fc.nat(50),
});

async function make(
  glue: Glue,
  DatabaseName: string,
  { table: TableInput, ...rest }: TablePlan,
): Promise<void> {
  const keys = TableInput.PartitionKeys ?? [];
  await glue.createTable({ DatabaseName, TableInput });
  const TableName = TableInput.Name as string;
  const named = new Map(
    rest.partitions.map((one) => {
      const Values = one.Values?.slice(0, keys.length) ?? [];
      return [Values.join('\n'), { ...one, Values }];
    }),
  );
  if (keys.length > 0 && named.size > 0) {
    const PartitionInputList = [...named.values()];
    const { Errors } = await glue.batchCreatePartition({ DatabaseName, TableName, PartitionInputList });
    expect(Errors).toEqual([]);
  }
  if (keys.length > 0 && rest.withIndex) {
    await glue.createPartitionIndex({
      DatabaseName,
      TableName,
      PartitionIndex: { IndexName: 'i', Keys: ['k'] },
    });
  }
  const [column] = TableInput.StorageDescriptor?.Columns ?? [];
  if (!column) return;
  const statistics = {
    ColumnName: column.Name,
    ColumnType: 'string',
    AnalyzedTime: new Date('2024-05-01T10:00:00Z'),
    StatisticsData: {
      Type: 'STRING' as const,
      StringColumnStatisticsData: {
        MaximumLength: 9,
        AverageLength: 2.5,
        NumberOfNulls: 0,
        NumberOfDistinctValues: rest.distinctValues,
      },
    },
  };
  await glue.updateColumnStatisticsForTable({ DatabaseName, TableName, ColumnStatisticsList: [statistics] });
}

/** By the words of the API alone, as anybody could with what the snapshot says. */
async function remake(glue: Glue, DatabaseName: string, snapshot: Snapshot): Promise<void> {
  const database = await snapshot.database(DatabaseName);
  await glue.createDatabase({ DatabaseInput: database?.definition });
  for await (const kept of snapshot.tables(DatabaseName)) {
    const { TableName } = kept.table.key;
    const PartitionIndexes = kept.indexes.map(({ definition }) => definition);
    await glue.createTable({ DatabaseName, TableInput: kept.table.definition, PartitionIndexes });
    for await (const partitions of kept.partitions()) {
      const PartitionInputList = partitions.map(({ partition }) => partition.definition);
      const { Errors } = await glue.batchCreatePartition({ DatabaseName, TableName, PartitionInputList });
      expect(Errors).toEqual([]);
    }
    const ColumnStatisticsList = kept.statistics?.definition;
    if (ColumnStatisticsList) {
      await glue.updateColumnStatisticsForTable({ DatabaseName, TableName, ColumnStatisticsList });
    }
  }
}

async function take(glue: Glue, DatabaseName: string): Promise<Snapshot> {
  const { manifest } = await takeSnapshot({ glue }, HOME, store, {
    scope: { databases: [DatabaseName], statistics: 'tables' },
    reason: 'manual',
    tool: { name: 'gluepot', version: '1' },
  });
  return readSnapshot(store, manifest.id);
}

it('is the same when it is made anew from its snapshot', async () => {
  const [glue, otherGlue] = [here.clients().glue, there.clients().glue];
  let run = 0;
  const plans = fc.uniqueArray(plan, { selector: (one) => one.table.Name, minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(plans, maybe(parameters), async (tables, Parameters) => {
      const DatabaseName = `d${run++}`;
      await glue.createDatabase({ DatabaseInput: { Name: DatabaseName, Parameters } });
      for (const one of tables) await make(glue, DatabaseName, one);
      const original = await take(glue, DatabaseName);
      expect(original.manifest.counts.tables).toBe(tables.length);
      await remake(otherGlue, DatabaseName, original);
      const found = [];
      for await (const difference of diffSnapshots(original, await take(otherGlue, DatabaseName))) {
        found.push(difference);
      }
      expect(found).toEqual([]);
    }),
    byChance({ numRuns: 12, seed: 20_261_122 }),
  );
});

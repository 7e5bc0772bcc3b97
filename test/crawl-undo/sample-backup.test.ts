// Backups of AWS's sample script as evidence: read whole or refused, redone from, and a side of an undo.
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PartitionInput, Table, TableInput } from '@aws-sdk/client-glue';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isSameDefinition, openDocumentStore, type Plan } from '../../src/change/index.js';
import {
  planFromBackup,
  readSampleBackup,
  type BackupScope,
  type RedoAsked,
} from '../../src/toolkit/crawl-undo/index.js';
import { DATABASE } from '../conformance/crawl-fixture.js';
import { gluepot } from '../journeys/gluepot-process.js';
import { CRAWLER, csv, linesOf, openUndoFixture, type UndoFixture } from './undo-fixture.js';
import { backupLine } from './backup-line.js';
import { byChance } from '../law.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-sample-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = () => readSampleBackup(openDocumentStore(folder, { s3: undefined as never }));

/** What the script writes: one line for all tables, one for the partitions of each. */
function writeBackup(
  name: string,
  tables: readonly (TableInput | Table)[],
  partitions: Record<string, PartitionInput[]>,
) {
  const lines = Object.entries(partitions).map(([table, items]) =>
    backupLine(
      DATABASE,
      'partition',
      table,
      items.map((item) => ({ ...item, tableName: table })),
    ),
  );
  writeFileSync(join(folder, name), [backupLine(DATABASE, 'table', 'empty', tables), ...lines].join(''));
}

const text = fc.stringMatching(/^[a-z][a-z0-9 _é"']{0,8}$/);
const map = fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z._]{0,8}$/), text, { maxKeys: 3 });
const column = fc.record({ Name: text, Type: text, Comment: text }, { requiredKeys: ['Name', 'Type'] });
const storage = fc.record(
  {
    Columns: fc.array(column, { maxLength: 3 }),
    Location: text,
    InputFormat: text,
    Compressed: fc.boolean(),
    NumberOfBuckets: fc.integer({ min: -1, max: 9 }),
    SerdeInfo: fc.record({ Name: text, SerializationLibrary: text, Parameters: map }, { requiredKeys: [] }),
    SortColumns: fc.array(fc.record({ Column: text, SortOrder: fc.constantFrom(0, 1) }), { maxLength: 2 }),
    SkewedInfo: fc.record({ SkewedColumnNames: fc.array(text, { maxLength: 2 }) }, { requiredKeys: [] }),
    Parameters: map,
  },
  { requiredKeys: [] },
);
const table = fc.record(
  {
    Name: fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/),
    Description: text,
    Owner: text,
    LastAccessTime: fc.date({ min: new Date(1e12), max: new Date(2e12), noInvalidDate: true }),
    Retention: fc.integer({ min: 0, max: 9 }),
    StorageDescriptor: storage,
    PartitionKeys: fc.array(column, { maxLength: 2 }),
    TableType: text,
    ViewOriginalText: text,
    Parameters: map,
  },
  { requiredKeys: ['Name'] },
);
const partition = fc.record(
  { Values: fc.array(text, { minLength: 1, maxLength: 2 }), StorageDescriptor: storage, Parameters: map },
  { requiredKeys: ['Values'] },
);

it('whatever the script can have written is read as the API takes it back', async () => {
  const some = fc.uniqueArray(table, { selector: ({ Name }) => Name, minLength: 1, maxLength: 3 });
  const parts = fc.uniqueArray(partition, { selector: ({ Values }) => JSON.stringify(Values), maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(some, parts, async (tables, partitions) => {
      const [first] = tables;
      writeBackup('part-0', tables, partitions.length > 0 ? { [first?.Name ?? '']: partitions } : {});
      const backup = await read();
      expect(backup.tables.map(({ table: { key } }) => key.TableName)).toEqual(
        tables.map(({ Name }) => Name),
      );
      for (const [index, { table: found }] of backup.tables.entries()) {
        expect(isSameDefinition('table', found.definition, tables[index])).toBe(true);
      }
      const found = [...(backup.tables[0]?.partitions.values() ?? [])];
      expect(found).toHaveLength(partitions.length);
      for (const [index, { definition }] of found.entries()) {
        expect(isSameDefinition('partition', definition, partitions[index])).toBe(true);
      }
    }),
    byChance({ numRuns: 60, seed: 20_241_121 }),
  );
});

it('values that the script left out are read from the location', async () => {
  const Location = 's3://bucket/orders/day=1/hour=a%3Ab/';
  writeBackup('part-0', [{ Name: 'orders' }], { orders: [{ StorageDescriptor: { Location } }] });
  const [orders] = (await read()).tables;
  expect([...(orders?.partitions.keys() ?? [])]).toEqual(['["1","a:b"]']);
});

const good = { table: 'empty', items: [{ name: 'a' }], database: 'lake', type: 'table' };

describe('runs in one place', () => {
  it('are kept apart: the newest is read, and the others are named', async () => {
    writeBackup('run-1700000000-part-0', [{ Name: 'orders', Owner: 'old' }], {});
    const past = new Date(Date.now() - 60_000);
    utimesSync(join(folder, 'run-1700000000-part-0'), past, past);
    writeBackup('run-1700000060-part-0', [{ Name: 'orders', Owner: 'new' }], {});
    const { run, otherRuns, tables } = await read();
    expect({ run, otherRuns, owners: tables.map(({ table: { definition } }) => definition.Owner) }).toEqual({
      run: 'run-1700000060',
      otherRuns: ['run-1700000000'],
      owners: ['new'],
    });
  });

  it('are read without what is beside them: documents of gluepot’s own, and partitions of nobody’s table', async () => {
    writeBackup('run-1700000000-part-0', [{ Name: 'orders' }], {});
    const orphan = { ...good, type: 'partition', table: 'users', items: [{ values: ['1'] }] };
    writeFileSync(join(folder, 'run-1700000000-part-1'), JSON.stringify(orphan));
    for (const own of ['manifests', 'objects', 'journals', 'plans', 'writing', 'applying']) {
      mkdirSync(join(folder, own));
      writeFileSync(join(folder, own, 'x.json'), '{}');
    }
    writeFileSync(join(folder, 'pruning.json'), '{}');
    const { otherRuns, tables } = await read();
    expect(otherRuns).toEqual([]);
    expect(tables.map(({ table: { key }, partitions }) => [key.TableName, partitions.size])).toEqual([
      ['orders', 0],
    ]);
  });

  it('without names that tell them apart are refused when they contradict each other', async () => {
    writeBackup('part-0', [{ Name: 'orders', Owner: 'old' }], {});
    writeBackup('part-1', [{ Name: 'orders', Owner: 'new' }], {});
    await expect(read()).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(
        'has the table lake.orders for a second time, and not alike',
      ) as unknown,
    });
  });
});

it.each([
  ['nothing', '', 'There is no backup in'],
  [
    'a torn file',
    `${JSON.stringify(good)}\n${JSON.stringify(good).slice(0, 40)}`,
    'part-0 is no line of a backup',
  ],
  ['no JSON', 'a,b\n1,2\n', 'it is no JSON, or not all of it'],
  ['foreign JSON', '{"TableList":[]}', 'its type is undefined, and "table" and "partition" can be read'],
  ['a list', '[1]', 'it is no JSON object'],
  ['another type', JSON.stringify({ ...good, type: 'tableToDelete' }), 'its type is "tableToDelete"'],
  ['no database', JSON.stringify({ ...good, database: '' }), 'its database is not named'],
  ['no items', JSON.stringify({ ...good, items: 'x' }), 'it has no list of items'],
  ['an item that is none', JSON.stringify({ ...good, items: [1] }), 'items.0 is no JSON object'],
  ['a table without a name', JSON.stringify({ ...good, items: [{ owner: 'x' }] }), 'items.0.name is missing'],
  [
    'columns of a wrong type',
    JSON.stringify({ ...good, items: [{ name: 'a', storageDescriptor: { columns: { name: 'x' } } }] }),
    'items.0.storageDescriptor.columns is no list',
  ],
  [
    'a column whose name is a number',
    JSON.stringify({ ...good, items: [{ name: 'a', partitionKeys: [{ name: 7 }] }] }),
    'items.0.partitionKeys.0.name is no text',
  ],
  [
    'a text for a number',
    JSON.stringify({ ...good, items: [{ name: 'a', retention: 'x' }] }),
    'retention is no number',
  ],
  [
    'no time',
    JSON.stringify({ ...good, items: [{ name: 'a', lastAccessTime: 'soon' }] }),
    'lastAccessTime is no time',
  ],
  [
    'parameters that are none',
    JSON.stringify({ ...good, items: [{ name: 'a', parameters: [] }] }),
    'parameters is no',
  ],
  [
    'a partition without values',
    JSON.stringify({
      ...good,
      type: 'partition',
      table: 'a',
      items: [{ storageDescriptor: { location: 's3://b/c' } }],
    }),
    'items.0.values is missing',
  ],
  [
    'a partition of no table',
    JSON.stringify({ ...good, type: 'partition', table: null, items: [{ values: ['1'] }] }),
    'items.0: its table is not named',
  ],
])('%s is refused, with its place and reason', async (_, content, message) => {
  writeFileSync(join(folder, 'part-0'), content);
  await expect(read()).rejects.toMatchObject({
    kind: 'usage',
    message: expect.stringContaining(message) as unknown,
  });
});

describe('of a crawl', () => {
  let lake: UndoFixture;
  const ORDERS = csv('id,amount,city', '1,10.5,Oslo', '2,11.5,Rome', '3,12.5,Lima');
  const backUp = async (name = 'run-1700000000-part-0') => {
    const tables = await lake.tables();
    const ofTables = tables.map(async ({ Name = '' }) => [Name, await lake.partitions(Name)] as const);
    writeBackup(name, tables, Object.fromEntries(await Promise.all(ofTables)));
    const now = lake.clock.now();
    utimesSync(join(folder, name), now, now);
    lake.later();
  };
  const fromBackup = async (
    asked: RedoAsked = {},
    scope: BackupScope = { crawlerName: CRAWLER },
  ): Promise<Plan> => planFromBackup(lake.scope, lake.home, await read(), scope, asked);

  beforeEach(async () => {
    lake = await openUndoFixture();
    await lake.glue.createDatabase({ DatabaseInput: { Name: DATABASE } });
    for (const day of [1, 2]) lake.put({ [`orders/day=${day}/part.csv`]: ORDERS });
    await lake.create({
      Targets: { S3Targets: [{ Path: 's3://bucket/orders/' }, { Path: 's3://bucket/users/' }] },
    });
    await lake.crawlLater();
  });
  afterEach(() => lake.close());

  it('is no older than its records, and says on what its time rests', async () => {
    await backUp();
    const past = new Date(0);
    utimesSync(join(folder, 'run-1700000000-part-0'), past, past);
    const [{ UpdateTime } = {}] = await lake.tables();
    const found = await read();
    expect(found.newestRecord?.getTime()).toBeGreaterThanOrEqual(UpdateTime?.getTime() ?? Infinity);
    expect(found.takenAt).toEqual(found.newestRecord);
    await lake.crawlLater();
    // Of a copy that is made now, that is now.
    const now = lake.clock.now();
    utimesSync(join(folder, 'run-1700000000-part-0'), now, now);
    const { subject } = await lake.plan({ backup: await read() });
    expect(subject.resolved).toMatchObject({
      'backup after': folder,
      backupTaken: `${now.toISOString()}, as its files say; those of a copy say when that was made. Its newest record is of ${found.takenAt.toISOString()}.`,
    });
  });

  /** What the script's undo does: writes the version from before, deletes tables and partitions. */
  const undoAsTheScript = async () => {
    const { TableVersions = [] } = await lake.glue.getTableVersions({
      DatabaseName: DATABASE,
      TableName: 'orders',
    });
    const { Name, Parameters, StorageDescriptor, PartitionKeys, TableType, Owner, Retention } =
      TableVersions.at(-2)?.Table ?? {};
    const TableInput = { Name, Parameters, StorageDescriptor, PartitionKeys, TableType, Owner, Retention };
    await lake.glue.updateTable({ DatabaseName: DATABASE, TableInput });
    await lake.glue.deletePartition({ DatabaseName: DATABASE, TableName: 'orders', PartitionValues: ['1'] });
    await lake.glue.deleteTable({ DatabaseName: DATABASE, Name: 'users' });
    lake.later();
  };

  /** A second crawl widened a table and made another; the script kept a backup and undid it, in its way. */
  const movedOver = async () => {
    lake.put({
      'orders/day=3/part.csv': csv('id,amount,city,zip', '1,10.5,Oslo,0150', '2,1.5,Rome,0118'),
      'users/u.csv': csv('id,name', '1,Ann', '2,Bob'),
    });
    await lake.crawlLater();
    const crawled = await lake.content();
    await backUp();
    await undoAsTheScript();
    return crawled;
  };
  const withoutIndexes = (content: Record<string, string>) =>
    Object.fromEntries(Object.entries(content).filter(([key]) => !key.includes('partition-index')));

  it('what the script undid comes back, and nothing the second time; undo takes that back in turn', async () => {
    const crawled = await movedOver();
    const undone = await lake.content();
    const plan = await fromBackup();
    expect(linesOf(plan).filter((one) => !one.startsWith('skip'))).toEqual([
      'update table lake.orders',
      'recreate table lake.users',
      'recreate partition lake.orders [1]',
    ]);
    const { journalId } = await lake.apply(plan);
    expect(withoutIndexes(await lake.content())).toEqual(withoutIndexes(crawled));
    expect(linesOf(await fromBackup()).filter((one) => !one.startsWith('skip'))).toEqual([]);
    lake.later();
    await lake.apply(await lake.inverse(journalId));
    expect(await lake.content()).toEqual(undone);
  });

  it('it is of what is named, whatever the case, and says which runs were not read', async () => {
    await movedOver();
    const plan = await fromBackup({}, { DatabaseName: DATABASE.toUpperCase() });
    expect(linesOf(plan)).toEqual(linesOf(await fromBackup()));
    expect(plan.subject.resolved).not.toHaveProperty('runsNotRead');
    expect(linesOf(await fromBackup({}, { DatabaseName: 'other' }))).toEqual([]);
    expect(linesOf(await fromBackup({}, { crawlerName: 'other' }))).toEqual([]);
    const some = await fromBackup({ tables: ['Users'] });
    expect(linesOf(some)).toEqual(['recreate table lake.users']);
    expect(some.subject.resolved).toMatchObject({ tables: 'Users', tablesLeftOut: '1' });
    await expect(fromBackup({ except: ['user'] })).rejects.toThrow(
      `There is no table user in the backup ${folder}. Did you mean users?`,
    );
    for (const [at, run] of ['run-1600000000', 'run-1600000001'].entries()) {
      const file = join(folder, `${run}-part-0`);
      copyFileSync(join(folder, 'run-1700000000-part-0'), file);
      const past = new Date(Date.now() - 60_000 * (2 - at));
      utimesSync(file, past, past);
    }
    const { resolved } = (await fromBackup()).subject;
    expect(resolved).toMatchObject({
      backup: `${folder} run-1700000000`,
      runsNotRead: 'run-1600000001, run-1600000000',
    });
  });

  it('what people changed since is a conflict', async () => {
    await movedOver();
    await lake.edit('orders', (input) => (input.Description = 'ours'));
    await lake.glue.updatePartition({
      ...{ DatabaseName: DATABASE, TableName: 'orders', PartitionValueList: ['2'] },
      PartitionInput: { Values: ['2'], StorageDescriptor: { Location: 's3://ours/' } },
    });
    expect(linesOf(await fromBackup())).toEqual(
      expect.arrayContaining(['conflict table lake.orders', 'conflict partition lake.orders [2]']),
    );
    const { changes } = await fromBackup();
    expect(changes.find(({ key }) => key.kind === 'partition' && key.Values[0] === '2')?.reason).toContain(
      'Somebody else changed the partition lake.orders [2]: ',
    );
    expect(linesOf(await fromBackup({ onConflict: 'force' }))).toContain('update table lake.orders');
  });

  it('the command takes the script’s flags', async () => {
    const crawled = await movedOver();
    const { endpoint } = await lake.aws.listen({ port: 0 });
    const redo = (...args: string[]) =>
      gluepot(
        { cwd: folder },
        ...[
          '--endpoint-url',
          endpoint,
          'crawl',
          'redo',
          '--crawler-name',
          CRAWLER,
          '--backup-location',
          folder,
        ],
        ...['--database-name', DATABASE.toUpperCase(), '--yes', ...args],
      );
    const done = await redo();
    expect(done.code, done.stderr).toBe(0);
    expect(done.stdout).toContain(`backup: ${folder} run-1700000000`);
    expect(withoutIndexes(await lake.content())).toEqual(withoutIndexes(crawled));
    // Now the last undo or redo in that place is gluepot's own.
    expect((await redo()).stdout).toContain('inverseOf:');
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['journals', 'run-1700000000-part-0']));
  });

  it('it tells what the crawl left of a partition, or what one was before', async () => {
    await lake.snapshot();
    lake.put({ 'orders/day=1/more.csv': ORDERS });
    await lake.crawlLater();
    const update = 'update partition lake.orders [1]';
    expect(linesOf(await lake.plan())).not.toContain(update);
    await backUp();
    expect(linesOf(await lake.plan({ backup: await read() }))).toContain(update);
    const recreate = 'recreate partition lake.orders [2]';
    await lake.glue.updateCrawler({
      Name: CRAWLER,
      SchemaChangePolicy: { DeleteBehavior: 'DELETE_FROM_DATABASE', UpdateBehavior: 'UPDATE_IN_DATABASE' },
    });
    rmSync(join(lake.folder, 'manifests'), { recursive: true });
    lake.remove('orders/day=2');
    await lake.crawlLater();
    expect(linesOf(await lake.plan())).not.toContain(recreate);
    expect(linesOf(await lake.plan({ backup: await read() }))).toContain(recreate);
  });
});

// gluepot catalog snapshot: what somebody does who wants their catalog back, through the built command line.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Glue } from '@aws-sdk/client-glue';
import { S3 } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { emptyFolder, gluepot, gluepotJson, startUp } from './gluepot-process.js';

const asResult = (document: { result: unknown }) => document.result as Record<string, unknown>;
const snapshot = (folder: string, ...args: string[]) => gluepot(folder, 'catalog', 'snapshot', ...args);

async function snapshotJson(folder: string, ...args: string[]) {
  const finished = await gluepotJson(folder, 'catalog', 'snapshot', ...args);
  return { ...finished, result: asResult(finished.document) };
}

/** A server with a catalog in it, and clients that change it from outside. */
async function catalogServer(folder: string) {
  const up = await startUp(folder);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const config = { endpoint: up.endpoint, region: 'us-east-1', credentials };
  const glue = new Glue(config);
  const s3 = new S3({ ...config, forcePathStyle: true });
  onTestFinished(() => {
    glue.destroy();
    s3.destroy();
  });
  await glue.createDatabase({ DatabaseInput: { Name: 'sales' } });
  const StorageDescriptor = {
    Columns: [
      { Name: 'id', Type: 'bigint' },
      { Name: 'price', Type: 'double' },
    ],
    Location: 's3://lake/orders/',
  };
  const PartitionKeys = [{ Name: 'day', Type: 'int' }];
  const TableInput = { Name: 'orders', StorageDescriptor, PartitionKeys };
  await glue.createTable({ DatabaseName: 'sales', TableInput });
  await glue.createTable({ DatabaseName: 'sales', TableInput: { Name: 'customers', StorageDescriptor } });
  const PartitionInputList = Array.from({ length: 30 }, (_, day) => ({ Values: [String(day)] }));
  await glue.batchCreatePartition({ DatabaseName: 'sales', TableName: 'orders', PartitionInputList });
  return { glue, s3, TableInput };
}

describe('gluepot catalog snapshot', () => {
  it('keeps the catalog, shows what is kept, and what has changed since', async () => {
    const folder = emptyFolder();
    const { glue, TableInput } = await catalogServer(folder);
    const created = await snapshotJson(folder, 'create', '--label', 'for=test');
    expect(created.code).toBe(0);
    expect(created.result).toMatchObject({
      store: join(folder, '.gluepot', 'snapshots'),
      written: { objects: 4 },
      counts: { databases: 1, tables: 2, partitions: 30, moving: 0 },
      reason: 'manual',
      labels: { for: 'test' },
      tool: { name: 'gluepot' },
    });
    const id = created.result.id as string;

    const again = await snapshot(folder, 'create');
    expect(again.stdout).toMatch(
      /^Snapshot \S+ in \S+: 1 database, 2 tables, 30 partitions; nothing new to keep\.\n$/,
    );
    const list = await snapshot(folder, 'list');
    expect(list.stdout).toMatch(/snapshot\s+│ reason\s+│ scope\s+│ tables\s+│ partitions/);
    expect(list.stdout).toMatch(new RegExp(`${id} │ manual │ all databases │ 2\\s+│ 30`));
    expect((await snapshotJson(folder, 'list', '--limit', '1')).result.snapshots).toHaveLength(1);

    const shown = await snapshot(folder, 'show', 'latest');
    expect(shown.stdout).toContain(`after    ${id}`);
    expect(shown.stdout).toMatch(/sales\s+│ orders\s+│ 0\s+│ \S+\s+│ 30/);
    const table = await snapshotJson(folder, 'show', id, 'sales.orders', '--partitions');
    expect(table.result).toMatchObject({ definition: TableInput, indexes: [], partitionCount: 30 });
    expect(table.result.partitions).toHaveLength(30);
    expect(JSON.parse((await snapshot(folder, 'show', id, 'sales')).stdout)).toMatchObject({
      definition: { Name: 'sales' },
    });

    const same = await snapshot(folder, 'diff', id, '@now', '--detailed-exitcode');
    expect(same).toMatchObject({ code: 0, stdout: `From ${id} to @now:\nNo differences.\n` });
    const Columns = [
      { Name: 'id', Type: 'string' },
      { Name: 'price', Type: 'double' },
    ];
    await glue.updateTable({
      DatabaseName: 'sales',
      TableInput: { ...TableInput, StorageDescriptor: { ...TableInput.StorageDescriptor, Columns } },
    });
    await glue.deleteTable({ DatabaseName: 'sales', Name: 'customers' });
    const PartitionInput = { Values: ['99'] };
    await glue.createPartition({ DatabaseName: 'sales', TableName: 'orders', PartitionInput });
    const diff = await snapshot(folder, 'diff', id, '@now', '--detailed-exitcode');
    expect(diff.code).toBe(2);
    expect(diff.stdout.split('\n')).toEqual([
      `From ${id} to @now:`,
      '  - table sales.customers',
      '  ~ table sales.orders',
      '      StorageDescriptor.Columns[id].Type: "bigint" → "string"',
      '  + partition sales.orders [99]',
      '1 new, 1 changed, 1 gone.',
      '',
    ]);
    const back = await snapshotJson(folder, 'diff', '@now', id);
    expect(back).toMatchObject({
      code: 0,
      result: {
        before: '@now',
        after: id,
        counts: { create: 1, update: 1, delete: 1 },
        differences: [
          { action: 'create', key: { kind: 'table', TableName: 'customers' } },
          {
            action: 'update',
            differences: [{ path: 'StorageDescriptor.Columns[id].Type', before: 'string', after: 'bigint' }],
          },
          { action: 'delete', key: { kind: 'partition', Values: ['99'] } },
        ],
      },
    });
  });

  it('says what of two snapshots it does not compare, for only one of them covers it', async () => {
    const folder = emptyFolder();
    const { glue } = await catalogServer(folder);
    await glue.createDatabase({ DatabaseInput: { Name: 'marts' } });
    await glue.createTable({ DatabaseName: 'marts', TableInput: { Name: 'daily' } });
    const idOf = async (...scope: string[]) =>
      (await snapshotJson(folder, 'create', ...scope)).result.id as string;
    const all = await idOf();
    const orders = await idOf('--database', 'sales', '--table', 'orders', '--include-statistics');
    const diff = await snapshot(folder, 'diff', all, orders);
    expect(diff.stdout.split('\n')).toEqual([
      `From ${all} to ${orders}:`,
      `Not compared, for only ${all} covers it: database marts; table sales.customers.`,
      `Not compared, for only ${orders} covers it: column statistics of tables.`,
      'No differences.',
      '',
    ]);
    expect((await snapshotJson(folder, 'diff', orders, all)).result).toMatchObject({
      leftOut: [
        { knownTo: 'before', databases: [], tables: [], partsOfTables: ['table-statistics'] },
        { knownTo: 'after', databases: ['marts'], tables: ['sales.customers'], partsOfTables: [] },
      ],
    });
    expect((await snapshotJson(folder, 'diff', orders, '@now')).result.leftOut).toEqual([]);
  });

  it('puts the catalog back as it was in a snapshot, after showing it and asking', async () => {
    const folder = emptyFolder();
    const { glue, TableInput } = await catalogServer(folder);
    const id = (await snapshotJson(folder, 'create')).result.id as string;
    await glue.deleteTable({ DatabaseName: 'sales', Name: 'orders' });
    const refused = await snapshot(folder, 'restore', id, '--yes');
    expect(refused.code).toBe(5);
    expect(refused.stdout).toContain('! table sales.orders (Somebody else removed the table sales.orders)');
    expect(refused.stderr).toContain('or take a snapshot first, which then knows them');
    await snapshot(folder, 'create');

    const planned = await snapshot(folder, 'restore', id, '--dry-run');
    expect(planned.code).toBe(0);
    expect(planned.stdout).toContain('+ table sales.orders (It is gone, and was there before)');
    expect(planned.stdout).toContain('+ … 20 more of sales.orders');
    expect(planned.stdout).toContain('31 to create, 0 to change, 0 to delete, 0 to leave.');
    expect((await snapshot(folder, 'restore', id)).code).toBe(6);
    const guarded = await snapshot(folder, 'restore', id, '--yes', '--max-changes', '30');
    expect(guarded.code).toBe(6);
    expect(guarded.stderr).toContain('The plan has 31 changes, and at most 30 are allowed.');

    const restored = await snapshotJson(folder, 'restore', id, '--yes');
    expect(restored).toMatchObject({
      code: 0,
      result: { counts: { recreate: 31 }, report: { applied: 31, failed: [], verified: true } },
    });
    const { Table } = await glue.getTable({ DatabaseName: 'sales', Name: 'orders' });
    expect(Table).toMatchObject(TableInput);
    expect((await snapshot(folder, 'diff', id, '@now', '--detailed-exitcode')).code).toBe(0);
    const { beforeId, journalId } = restored.result.report as { beforeId: string; journalId: string };
    expect((await snapshot(folder, 'restore', '--resume', journalId, '--yes')).stdout).toContain(
      'read back and verified',
    );
    expect((await snapshot(folder, 'restore', 'latest', '--yes')).stdout).toContain('Nothing to do.');
    // What a rollback or a resume made is nobody else's: the next restore knows it.
    expect((await snapshot(folder, 'restore', '--rollback', journalId, '--yes')).code).toBe(0);
    expect((await snapshot(folder, 'restore', id, '--yes')).code).toBe(0);

    expect((await snapshot(folder, 'restore', beforeId, '--yes', '--max-deletes', '100')).code).toBe(0);
    await expect(glue.getTable({ DatabaseName: 'sales', Name: 'orders' })).rejects.toThrow('not found');
  });

  it('prunes what is not to be kept, after showing it and asking, and checks what is', async () => {
    const folder = emptyFolder();
    const { glue } = await catalogServer(folder);
    const first = await snapshotJson(folder, 'create');
    await glue.deleteTable({ DatabaseName: 'sales', Name: 'customers' });
    await snapshot(folder, 'create');
    const planned = await snapshotJson(folder, 'prune', '--keep-last', '1', '--dry-run');
    expect(planned.result).toMatchObject({ dryRun: true, remove: [first.result.id] });
    const unasked = await snapshot(folder, 'prune', '--keep-last', '1');
    expect(unasked.code).toBe(6);
    expect(unasked.stderr).toContain('add --yes');
    expect((await snapshotJson(folder, 'list')).result.snapshots).toHaveLength(2);
    const pruned = await snapshot(folder, 'prune', '--keep-last', '1', '--yes');
    expect(pruned.stdout).toMatch(/Removed 1 snapshot and 1 object, \d+ bytes\.\n$/);

    const whole = await snapshotJson(folder, 'verify');
    expect(whole).toMatchObject({ code: 0, result: { snapshots: 1, problems: [], unreferenced: 0 } });
    const objects = join(folder, '.gluepot', 'snapshots', 'objects');
    rmSync(join(objects, readdirSync(objects)[0] as string));
    const damaged = await snapshot(folder, 'verify', 'latest');
    expect(damaged.code).toBe(1);
    expect(damaged.stdout).toContain('is missing. It is needed by');
  });

  it('keeps them in S3, where the environment says', async () => {
    const folder = emptyFolder();
    const { s3 } = await catalogServer(folder);
    await s3.createBucket({ Bucket: 'kept' });
    const env = { GLUEPOT_SNAPSHOT_STORE: 's3://kept/snapshots' };
    const args = ['catalog', 'snapshot', 'create', '--database', 'sales', '--table', 'ord*'];
    const created = await gluepot({ cwd: folder, env }, '--quiet', ...args, '--include-statistics');
    expect(created).toMatchObject({ code: 0, stderr: '' });
    expect(created.stdout).toContain('in s3://kept/snapshots: 1 database, 1 table, 30 partitions');
    expect(existsSync(join(folder, '.gluepot', 'snapshots'))).toBe(false);
    const list = await gluepotJson(folder, 'catalog', 'snapshot', 'list', '--store', 's3://kept/snapshots');
    expect(asResult(list.document).snapshots).toMatchObject([
      { scope: { databases: ['sales'], tables: 'ord*', statistics: 'tables' } },
    ]);
  });

  it.each<[args: string[], code: number, message: string]>([
    [['create', '--store', 's3://nowhere/x'], 3, 'There is no bucket nowhere'],
    [['create', '--store', 'http://x'], 3, 'is no place for documents'],
    [['create', '--table', '['], 3, 'it is no pattern'],
    [['create', '--label', 'x'], 3, 'NAME=VALUE'],
    [['show', 'latest'], 3, 'There is no snapshot in'],
    [['diff', '@now', '@now'], 3, 'name a snapshot'],
    [['restore'], 3, 'Which snapshot is to be restored?'],
    [['restore', '--resume', 'x'], 3, 'There is no journal x'],
    [['restore', 'x', '--max-deletes', 'some'], 3, 'limits no deletions'],
    [['show', 'latest', '--partitions'], 3, 'say which, as DATABASE.TABLE'],
    [['prune'], 3, 'What is to stay?'],
    [['prune', '--keep-last', '0'], 3, 'whole number from 1'],
    [['--target', 'aws', '--region', 'us-east-1', 'list'], 3, 'Where are snapshots of this account kept?'],
  ])('answers %j with exit code %i', async (args, code, message) => {
    const finished = await snapshot(emptyFolder(), ...args);
    expect(finished.code).toBe(code);
    expect(finished.stderr).toContain(message);
  });

  it('says so when a database that was named is not there, or no table of the name', async () => {
    const asked = ['--database', 'nowhere', '--table', 'nowhere.orders'];
    const { code, stderr } = await snapshot(emptyFolder(), 'create', ...asked);
    expect(code).toBe(0);
    expect(stderr).toContain('warning: There is no database nowhere in local');
    expect(stderr).toContain('warning: No table has a name like nowhere.orders');
  });
});

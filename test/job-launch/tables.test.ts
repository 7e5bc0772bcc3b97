// Tables redefined by a launch, through the embedded Athena: readers always find one, and without a run it is the old one.
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { undoPreparation } from '../../src/toolkit/job-launch/index.js';
import { batchEvent, JOB, openLaunchFixture, type LaunchFixture } from './launch-fixture.js';

let fixture: LaunchFixture;
afterEach(() => fixture.close());

const DatabaseName = 'lake';
const ENTRY = `
  tables:
    - database: lake
      table: counts
      sql: |
        CREATE EXTERNAL TABLE IF NOT EXISTS \${table} (\`collection\` string, \`total\` bigint)
        PARTITIONED BY (\`day\` string) STORED AS PARQUET LOCATION \${place}
      parameters:
        place: { type: location, value: s3://lake/counts/ }
`;

async function open(change: (spec: string) => string = (spec) => spec) {
  fixture = await openLaunchFixture((spec) => change(spec.replace('prepare:', `prepare:${ENTRY.trimEnd()}`)));
  await fixture.aws.clients().athena.updateWorkGroup({
    WorkGroup: 'primary',
    ConfigurationUpdates: { ResultConfigurationUpdates: { OutputLocation: 's3://lake/athena/' } },
  });
  return fixture;
}

const old = (change: object = {}) => ({
  Name: 'counts',
  TableType: 'EXTERNAL_TABLE',
  PartitionKeys: [{ Name: 'day', Type: 'string' }],
  StorageDescriptor: { Columns: [{ Name: 'collection', Type: 'string' }], Location: 's3://lake/counts/' },
  ...change,
});

const tables = async () =>
  ((await fixture.glue.getTables({ DatabaseName })).TableList ?? []).map(({ Name = '', StorageDescriptor }) =>
    [Name, ...(StorageDescriptor?.Columns ?? []).map((column) => column.Name)].join(' '),
  );

it('makes a table that is not there, and leaves nothing of its own behind', async () => {
  const { launcher, glue, runs } = await open();
  const { run } = await launcher().launch(batchEvent());
  expect(run?.tables).toEqual(['lake.counts']);
  expect(await tables()).toEqual(['counts collection total']);
  const { Table } = await glue.getTable({ DatabaseName, Name: 'counts' });
  expect(Table?.StorageDescriptor).toMatchObject({
    Location: 's3://lake/counts',
    InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  });
  expect(await runs()).toHaveLength(1);
});

it('redefines a table that readers always find, with its partitions', async () => {
  const { launcher, glue } = await open();
  await glue.createTable({ DatabaseName, TableInput: old() });
  await glue.createPartition({
    DatabaseName,
    TableName: 'counts',
    PartitionInput: { Values: ['1'], StorageDescriptor: { Location: 's3://lake/counts/1/' } },
  });
  const one = launcher({ delayTurns: () => 3 });
  let isOver = false;
  const seen = new Set<string>();
  const reading = (async () => {
    while (!isOver) {
      const { Table } = await glue.getTable({ DatabaseName, Name: 'counts' });
      seen.add((Table?.StorageDescriptor?.Columns ?? []).map(({ Name }) => Name).join(' '));
      await turn();
    }
  })();
  await one.launch(batchEvent());
  isOver = true;
  await reading;
  expect([...seen].sort()).toEqual(['collection', 'collection total']);
  const { Partitions } = await glue.getPartitions({ DatabaseName, TableName: 'counts' });
  expect(Partitions?.map(({ Values }) => Values)).toEqual([['1']]);
});

it('leaves a table alone whose definition is the same already', async () => {
  const { launcher, glue } = await open();
  await launcher().launch(batchEvent());
  const version = async () => (await glue.getTable({ DatabaseName, Name: 'counts' })).Table?.VersionId;
  const before = await version();
  expect((await launcher().launch(batchEvent())).run?.tables).toEqual([]);
  expect(await version()).toBe(before);
});

it('gives the old definition back, and takes a new table away, when the launch is restored', async () => {
  const { launcher, glue } = await open((spec) =>
    spec.replace(
      ENTRY.trim(),
      `${ENTRY.trim()}\n${ENTRY.trimEnd().split('\n').slice(2).join('\n')}`.replace(
        'table: counts',
        'table: fresh',
      ),
    ),
  );
  await glue.createTable({ DatabaseName, TableInput: old() });
  const { scope, records, ...one } = launcher();
  const { run } = await one.launch(batchEvent());
  expect(await tables()).toEqual(['counts collection total', 'fresh collection total']);
  const undone = await undoPreparation(scope, records, run?.runKey ?? '');
  expect(undone).toMatchObject({ swappedBack: 2, kept: [] });
  expect(await tables()).toEqual(['counts collection']);
});

it('keeps what somebody has made of the table since', async () => {
  const { launcher, glue } = await open();
  await glue.createTable({ DatabaseName, TableInput: old() });
  const { scope, records, ...one } = launcher();
  const { run } = await one.launch(batchEvent());
  await glue.updateTable({ DatabaseName, TableInput: old({ Description: 'mine' }) });
  const undone = await undoPreparation(scope, records, run?.runKey ?? '');
  expect(undone).toMatchObject({ swappedBack: 0, kept: [expect.stringContaining('Somebody else changed')] });
  const { Table } = await glue.getTable({ DatabaseName, Name: 'counts' });
  expect(Table?.Description).toBe('mine');
});

it.each([
  ['a view', old({ TableType: 'VIRTUAL_VIEW', PartitionKeys: [] }), 'guard-refused', 'VIRTUAL_VIEW'],
  [
    'an Iceberg table',
    old({ Parameters: { table_type: 'ICEBERG', metadata_location: 's3://lake/m.json' } }),
    'guard-refused',
    'iceberg',
  ],
  ['a protected table', old({ Parameters: { 'gluepot.protected': 'true' } }), 'guard-refused', 'protected'],
  [
    'partitions that would not fit',
    old({ PartitionKeys: [{ Name: 'month', Type: 'string' }] }),
    'guard-refused',
    'by (month string)',
  ],
])('refuses %s before anything is cleared', async (_, TableInput, kind, message) => {
  const { launcher, glue, put, keys, runs } = await open();
  await put('results/yesterday');
  await glue.createTable({ DatabaseName, TableInput });
  await glue.createPartition({
    DatabaseName,
    TableName: 'counts',
    PartitionInput: { Values: TableInput.PartitionKeys.map(() => '1'), StorageDescriptor: {} },
  });
  const { records, launch } = launcher();
  await expect(launch(batchEvent())).rejects.toMatchObject({
    kind,
    message: expect.stringContaining(message) as string,
  });
  expect(await keys('results/')).toEqual(['results/yesterday']);
  expect(await tables()).toEqual(['counts collection']);
  expect(await runs()).toEqual([]);
  expect((await records.lease())?.content.phase).toBe('free');
});

it('clears nothing when Athena cannot make a table, and says why', async () => {
  const { launcher, put, keys, runs } = await open((spec) => spec.replace('bigint', 'no_such_type'));
  await put('results/yesterday');
  await expect(launcher().launch(batchEvent())).rejects.toThrow(/could not make lake\.counts.*no_such_type/);
  expect(await keys('results/')).toEqual(['results/yesterday']);
  expect(await tables()).toEqual([]);
  expect(await runs()).toEqual([]);
});

it('gives tables and objects back when Glue has another run at work by then', async () => {
  const { launcher, glue, put, keys } = await open();
  await put('results/yesterday');
  await glue.createTable({ DatabaseName, TableInput: old() });
  const { scope, records, launch } = launcher();
  scope.clients.glue.middlewareStack.add(
    (next, { commandName }) =>
      (call) => {
        if (commandName !== 'StartJobRunCommand') return next(call);
        throw Object.assign(new Error(`${JOB} is at work.`), { name: 'ConcurrentRunsExceededException' });
      },
    { step: 'initialize' },
  );
  expect(await launch(batchEvent())).toMatchObject({ decision: 'wait', reason: 'run-at-work' });
  expect(await keys('results/')).toEqual(['results/yesterday']);
  expect(await tables()).toEqual(['counts collection']);
  expect((await records.lease())?.content.phase).toBe('free');
});

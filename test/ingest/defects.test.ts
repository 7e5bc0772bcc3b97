// The original job's thirteen defects, by their numbers: what it loses or hides, this keeps or says.
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  verifyTables,
  resetTables,
  compactTables,
  ingestStatus,
  planIngest,
} from '../../src/toolkit/ingest/index.js';
import { openIngestFixture, ORDERS, type IngestFixture } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

let count = 0;
async function ordersTable(...rows: ReturnType<typeof order>[]): Promise<string> {
  const name = `orders${++count}`;
  await lake.defineTable(name);
  await lake.setRows(name, rows);
  return name;
}
const order = (id: number | null, name: string, updated_at: string | null) => ({ id, name, updated_at });
const run = async (name: string, more: object = {}) => {
  const { tables } = await lake.run({ include: [name], key: ['id'], ...more });
  expect(tables).toHaveLength(1);
  return tables[0]!;
};

it('1: an increment keeps the rows that were there', async () => {
  const name = await ordersTable(
    order(1, 'one', '2024-01-01 00:00:00'),
    order(2, 'two', '2024-01-02 00:00:00'),
  );
  expect(await run(name)).toMatchObject({ status: 'loaded', load: 'full', rows: 2 });
  await lake.setRows(name, [
    order(2, 'two again', '2024-01-03 00:00:00'),
    order(3, 'three', '2024-01-03 00:00:00'),
  ]);
  expect(await run(name)).toMatchObject({ load: 'incremental', rows: 3, counts: { added: 1, updated: 1 } });
  expect(await lake.read(name)).toEqual([
    order(1, 'one', '2024-01-01 00:00:00'),
    order(2, 'two again', '2024-01-03 00:00:00'),
    order(3, 'three', '2024-01-03 00:00:00'),
  ]);
});

it('2: of rows with one key the newest is taken; equally new ones are settled by their order, and told', async () => {
  const name = await ordersTable(
    order(1, 'newest', '2024-01-09 00:00:00.000001'),
    order(1, 'older', '2024-01-09 00:00:00'),
    order(2, 'first', '2024-01-05 00:00:00'),
    order(2, 'last', '2024-01-05 00:00:00'),
    order(1, 'no time', null),
  );
  const report = await run(name);
  expect(report.counts).toMatchObject({ read: 5, added: 2, ties: 1 });
  expect(report.warnings.join()).toContain('equally new');
  expect(await lake.read(name)).toEqual([
    order(1, 'newest', '2024-01-09 00:00:00.000001'),
    order(2, 'last', '2024-01-05 00:00:00'),
  ]);
});

it('3: rows with the very time of the high-water mark are found later; late rows within the lookback', async () => {
  const name = await ordersTable(order(1, 'one', '2024-01-02 10:00:00.5'));
  await run(name, { lookback: '1h' });
  await lake.setRows(name, [
    order(1, 'one', '2024-01-02 10:00:00.5'),
    order(2, 'same time', '2024-01-02 10:00:00.5'),
    order(3, 'late', '2024-01-02 09:30:00'),
    order(4, 'too late', '2024-01-02 08:00:00'),
  ]);
  expect((await run(name, { lookback: '1h' })).counts).toMatchObject({ added: 2 });
  expect((await lake.read(name)).map(({ id }) => id)).toEqual([1, 2, 3]);
});

it('4: a tracker that cannot be read is an error, and nothing is loaded', async () => {
  const name = await ordersTable(order(1, 'one', '2024-01-02 00:00:00'));
  await run(name);
  const whole = await lake.store.get(`${name}.json`);
  await lake.store.put(`${name}.json`, new TextEncoder().encode('{"schemaVersion": 1'));
  await lake.setRows(name, [order(9, 'nine', '2024-02-01 00:00:00')]);
  expect(await run(name)).toMatchObject({
    status: 'failed',
    reason: expect.stringContaining('cannot be read') as unknown,
  });
  expect((await lake.read(name)).map(({ id }) => id)).toEqual([1]);

  await lake.store.delete(`${name}.json`);
  await lake.store.put(`${name}.json`, whole!.bytes);
  await run(name);
  await lake.store.delete(`${name}.json`);
  const gone = await run(name);
  expect(gone).toMatchObject({ status: 'failed', reason: expect.stringContaining('--rebuild') as unknown });
  await resetTables(lake.spec(), lake.clients, 'rebuild', { only: [name] });
  expect(await run(name)).toMatchObject({ status: 'unchanged', rows: 2 });
});

it('5: the high-water mark is never past what was written, nor past the start of the run', async () => {
  const name = await ordersTable(
    order(1, 'one', '2024-01-02 00:00:00'),
    order(2, 'in the future', '2030-01-01 00:00:00'),
  );
  expect(await run(name)).toMatchObject({ rows: 2, watermark: '2024-01-02T00:00:00.000000Z' });
  await lake.setRows(name, [
    order(2, 'in the future', '2030-01-01 00:00:00'),
    order(3, 'now', '2024-01-03 00:00:00'),
  ]);
  expect(await run(name)).toMatchObject({ rows: 3, counts: { added: 1, updated: 0 } });
});

it('6: a table without cursor or key is loaded whole with a warning, skipped or failed: as the policy says', async () => {
  await lake.defineTable('plain', [{ Name: 'code', Type: 'string' }]);
  await lake.setRows('plain', [{ code: 'a' }, { code: 'b' }]);
  const whole = await run('plain', { key: undefined });
  expect(whole).toMatchObject({ status: 'loaded', disposition: 'replace', rows: 2 });
  expect(whole.warnings.join()).toContain('no cursor column updated_at');
  expect(await run('plain', { key: undefined, noCursor: 'skip' })).toMatchObject({ status: 'skipped' });
  expect(await run('plain', { key: undefined, noCursor: 'fail' })).toMatchObject({
    status: 'failed',
    kind: 'usage',
  });
  const keyless = await ordersTable(order(1, 'one', '2024-01-01 00:00:00'));
  expect(await run(keyless, { key: undefined, noKey: 'fail' })).toMatchObject({
    status: 'failed',
    kind: 'usage',
  });
});

it('7: keys may have several columns, in any case, and must have values', async () => {
  const name = await ordersTable(
    order(1, 'a', '2024-01-01 00:00:00'),
    order(1, 'b', '2024-01-01 00:00:00'),
    order(null, 'c', '2024-01-01 00:00:00'),
  );
  await lake.put('keys/2024-01-01.csv', 'table_name,primary_key_column\nother,x\n');
  await lake.put(
    'keys/2024-02-01.csv',
    `table_name,primary_key_column\n${name.toUpperCase()},ID\n${name},"Name"\n`,
  );
  const more = { key: undefined, keysPath: 's3://lake/keys' };
  expect(await run(name, more)).toMatchObject({
    status: 'failed',
    reason: expect.stringContaining('1 rows') as unknown,
  });
  expect(await run(name, { ...more, nullKey: 'exclude' })).toMatchObject({ rows: 2, counts: { ties: 0 } });
});

it('8: views are skipped and said, many tables are paged through, one that fails stops no other', async () => {
  await lake.clients.glue.createDatabase({ DatabaseInput: { Name: 'many' } });
  const create = (Name: string, input: object) =>
    lake.clients.glue.createTable({ DatabaseName: 'many', TableInput: { Name, ...input } });
  await create('a_view', { TableType: 'VIRTUAL_VIEW' });
  await create('b_odd', {
    StorageDescriptor: { Location: 's3://lake/x/', SerdeInfo: { SerializationLibrary: 'an.Unknown' } },
  });
  const SerdeInfo = { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' };
  const StorageDescriptor = {
    Location: 's3://lake/raw/plain/',
    Columns: [{ Name: 'code', Type: 'string' }],
    SerdeInfo,
  };
  for (let index = 0; index < 103; index++)
    await create(`t${String(index).padStart(3, '0')}`, { StorageDescriptor });
  const { tables } = await lake.run({ database: 'many', exclude: ['t0*'] });
  expect(tables.filter(({ status }) => status === 'loaded').map(({ table }) => table)).toEqual([
    't100',
    't101',
    't102',
  ]);
  expect(tables.slice(0, 2)).toMatchObject([
    { table: 'a_view', status: 'skipped', reason: 'it is a view' },
    { table: 'b_odd', status: 'failed', kind: 'unsupported' },
  ]);
});

it('9: what was done is recorded: range, counts, columns and files, in a tracker and a manifest of every run', async () => {
  const name = await ordersTable(order(1, 'one', '2024-01-02 00:00:00'));
  const first = await run(name);
  const [status] = await ingestStatus(lake.spec(), lake.clients, { only: [name] });
  expect(status?.last).toMatchObject({
    runId: first.runId,
    sequence: 1,
    rows: 1,
    files: 1,
    counts: { read: 1, added: 1 },
  });
  const manifest = await lake.store.get(`${name}/manifests/0000000001.json`);
  expect(new TextDecoder().decode(manifest?.bytes)).toContain(first.runId);
});

it.each([
  ['string', '"2024-01-02T10:00:00+02:00"', '"2024-01-02T09:00:00Z"', '2024-01-02T08:00:00.000000Z'],
  ['date', '"2024-01-02"', '"2024-01-03"', '2024-01-02'],
  ['bigint', '1704189600', '1704189601', '1704189600'],
  [
    'timestamp',
    '"2024-01-02 10:00:00.123456"',
    '"2024-01-02 10:00:00.123457"',
    '2024-01-02T10:00:00.123456Z',
  ],
])(
  '10: a cursor of type %s is compared exactly; rows without one are taken',
  async (type, early, later, mark) => {
    const name = `cursor_${type}`;
    await lake.defineTable(name, [
      { Name: 'id', Type: 'int' },
      { Name: 'updated_at', Type: type },
    ]);
    const line = (id: number, at: string) => `{"id":${id},"updated_at":${at}}\n`;
    await lake.put(`raw/${name}/rows.json`, line(1, early));
    expect(await run(name)).toMatchObject({ rows: 1, watermark: mark });
    await lake.put(`raw/${name}/rows.json`, line(2, later) + line(3, 'null') + line(4, early));
    expect((await run(name)).counts).toMatchObject({ read: 3, added: 3 });
  },
);

it('11: hard deletes are found by their keys, up to a maximum; small files are made few', async () => {
  const rows = [1, 2, 3, 4].map((id) => order(id, 'x', '2024-01-01 00:00:00'));
  const name = await ordersTable(...rows);
  await run(name);
  await lake.setRows(name, [...rows.slice(0, 3), order(5, 'y', '2024-01-02 00:00:00')]);
  expect(await run(name, { reconcileDeletes: { maxPercent: 20 } })).toMatchObject({
    status: 'failed',
    kind: 'guard-refused',
  });
  expect(await run(name)).toMatchObject({ rows: 5 });
  const [compacted] = await compactTables(lake.spec(), lake.clients, { only: [name] });
  expect(compacted).toMatchObject({ status: 'compacted', filesBefore: 2, filesAfter: 1 });
  expect(await run(name, { reconcileDeletes: { maxPercent: 20 } })).toMatchObject({
    rows: 4,
    counts: { deleted: 1 },
  });
  expect((await lake.read(name)).map(({ id }) => id)).toEqual([1, 2, 3, 5]);
  expect(await verifyTables(lake.spec(), lake.clients, { only: [name] })).toMatchObject([{ problems: [] }]);
});

it('12: tables are loaded at a time, each with a tracker of its own, and failures are not successes', async () => {
  const names = [
    await ordersTable(order(1, 'a', '2024-01-01 00:00:00')),
    await ordersTable(order(1, 'a', 'no time')),
  ];
  const { tables } = await lake.run({ include: names, key: ['id'], parallelTables: 2 });
  expect(tables.map(({ status }) => status)).toEqual(['loaded', 'failed']);
  const plan = await planIngest(lake.spec({ include: names, key: ['id'] }), lake.clients);
  expect(plan.tables.map(({ action }) => action)).toEqual(['incremental', 'full']);
});

it('13: the output is a table of its own, unpartitioned by time, and its source is left as it was', async () => {
  const name = await ordersTable(order(1, 'a', '2024-01-01 00:00:00'), order(2, 'b', '2024-01-02 00:00:00'));
  await run(name);
  const of = async (DatabaseName: string) =>
    (await lake.clients.glue.getTable({ DatabaseName, Name: name })).Table!;
  expect(await of('shop_parquet')).toMatchObject({
    PartitionKeys: [],
    Parameters: { classification: 'parquet', recordCount: '2' },
    StorageDescriptor: { Columns: ORDERS },
  });
  expect(await of('shop')).toMatchObject({ VersionId: '0' });
});

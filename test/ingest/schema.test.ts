// What becomes of an output when the columns of its source change.
import type { Column } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IngestSpec } from '../../src/toolkit/ingest/index.js';
import { openIngestFixture, type IngestFixture, type Row } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

const columns = (types: Record<string, string>): Column[] =>
  Object.entries({ id: 'int', updated_at: 'timestamp', ...types }).map(([Name, Type]) => ({ Name, Type }));
const entry = (id: number, day: number, values: Row): Row => ({
  id,
  updated_at: `2024-01-0${day} 00:00:00`,
  ...values,
});
const run = async (name: string, more: Partial<IngestSpec> = {}) => {
  const { tables } = await lake.run({ include: [name], key: ['id'], ...more });
  return tables[0]!;
};
const change = async (name: string, types: Record<string, string>, rows: Row[]) => {
  const { Table } = await lake.clients.glue.getTable({ DatabaseName: 'shop', Name: name });
  const StorageDescriptor = { ...Table?.StorageDescriptor, Columns: columns(types) };
  await lake.clients.glue.updateTable({
    DatabaseName: 'shop',
    TableInput: { Name: name, StorageDescriptor },
  });
  await lake.setRows(name, rows);
};
const start = async (
  name: string,
  types: Record<string, string>,
  rows: Row[],
  more: Partial<IngestSpec> = {},
) => {
  await lake.defineTable(name, columns(types));
  await lake.setRows(name, rows);
  expect(await run(name, more)).toMatchObject({ status: 'loaded' });
};
const outputTypes = async (name: string) => {
  const { Table } = await lake.clients.glue.getTable({ DatabaseName: 'shop_parquet', Name: name });
  return Object.fromEntries(
    (Table?.StorageDescriptor?.Columns ?? []).map(({ Name = '', Type = '' }) => [Name, Type]),
  );
};

it.each([
  ['int', 'bigint', 7, 8_000_000_000, '8000000000'],
  ['int', 'double', 7, 0.5, 0.5],
  ['float', 'double', 0.5, 0.1, 0.1],
  ['decimal(6,2)', 'decimal(12,4)', '1.25', '123456.7891', '123456.7891'],
  ['int', 'decimal(12,2)', 7, '9.75', '9.75'],
  ['varchar(3)', 'string', 'abc', 'abcdef', 'abcdef'],
])(
  'a column of type %s that becomes %s is widened in the rows that are there',
  async (from, to, old, now, read) => {
    const name = `wide_${from}_${to}`.replace(/\W/g, '_');
    await start(name, { v: from }, [entry(1, 1, { v: old }), entry(2, 1, { v: old })]);
    await change(name, { v: to }, [entry(2, 2, { v: now })]);
    const report = await run(name);
    expect(report).toMatchObject({ load: 'incremental', counts: { updated: 1, added: 0 } });
    expect(report.warnings.join()).toContain(`v was ${from} and is ${to}`);
    expect(await outputTypes(name)).toMatchObject({ v: to });
    const rows = await lake.read(name);
    expect(String(rows[1]?.v)).toBe(String(read));
    expect(Number(rows[0]?.v) || rows[0]?.v).toBe(Number(old) || old);
  },
);

it('an append widens what is stored, too, and adds no row twice', async () => {
  const append = { key: undefined, disposition: 'append' } as const;
  await start('appended', { v: 'int' }, [entry(1, 1, { v: 7 })], append);
  await change('appended', { v: 'bigint' }, [entry(1, 1, { v: 7 }), entry(2, 1, { v: 8_000_000_000 })]);
  expect(await run('appended', append)).toMatchObject({
    rows: 2,
    counts: { read: 2, added: 1, unchanged: 1 },
  });
  expect((await lake.read('appended')).map(({ v }) => Number(v))).toEqual([7, 8_000_000_000]);
});

it('a column that is narrower than before is stored as wide as before', async () => {
  await start('narrow', { v: 'bigint' }, [entry(1, 1, { v: 8_000_000_000 })]);
  await change('narrow', { v: 'int' }, [entry(2, 2, { v: 7 })]);
  expect((await run('narrow')).warnings.join()).toContain('v was bigint and is int');
  expect(await outputTypes('narrow')).toMatchObject({ v: 'bigint' });
  expect((await lake.read('narrow')).map(({ v }) => Number(v))).toEqual([8_000_000_000, 7]);
});

it('a column that is gone stays as nulls until a full load drops it, one that is new is null before', async () => {
  await start('moved', { old: 'string' }, [entry(1, 1, { old: 'x' })]);
  await change('moved', { fresh: 'string' }, [entry(2, 2, { fresh: 'y' })]);
  const report = await run('moved');
  expect(report.warnings.join()).toMatch(/old string is gone; fresh string is new/);
  expect((await lake.read('moved')).map(({ old, fresh }) => [old, fresh])).toEqual([
    ['x', null],
    [null, 'y'],
  ]);
  await run('moved', { load: 'full' });
  expect(await outputTypes('moved')).toEqual({ id: 'int', updated_at: 'timestamp', fresh: 'string' });
});

it('a type that became another is refused until the table is loaded fully', async () => {
  await start('other', { v: 'string' }, [entry(1, 1, { v: 'x' })]);
  await change('other', { v: 'int' }, [entry(1, 2, { v: 1 })]);
  expect(await run('other')).toMatchObject({
    status: 'failed',
    kind: 'conflict',
    reason: expect.stringContaining('v was string and is int') as unknown,
  });
  expect(await lake.read('other')).toMatchObject([{ v: 'x' }]);
  expect(await run('other', { load: 'full' })).toMatchObject({ status: 'loaded', rows: 1 });
  expect(await outputTypes('other')).toMatchObject({ v: 'int' });
});

it.each([
  ['one more column', { v: 'int', w: 'int' }],
  ['one column less', {}],
  ['a wider column', { v: 'bigint' }],
])(
  'with schema freeze %s fails the table, and nothing is loaded',
  async (what, types: Record<string, string>) => {
    const name = `frozen_${what.replaceAll(' ', '_')}`;
    await start(name, { v: 'int' }, [entry(1, 1, { v: 1 })]);
    await change(name, types, [entry(2, 2, { v: 2 })]);
    for (const load of ['incremental', 'full'] as const) {
      expect(await run(name, { schema: 'freeze', load })).toMatchObject({
        status: 'failed',
        kind: 'conflict',
        reason: expect.stringContaining('schema is frozen') as unknown,
      });
    }
    expect((await lake.read(name)).map(({ id }) => id)).toEqual([1]);
  },
);

it('a cursor that counts otherwise than before is refused, not compared with a mark of another unit', async () => {
  await lake.defineTable('unit', columns({ d: 'date' }));
  await lake.setRows('unit', [entry(1, 1, { d: '2024-01-01' })]);
  await run('unit', { cursorExpression: 'coalesce(d, d)' });
  await change('unit', { d: 'date' }, [entry(1, 2, { d: '2024-01-02' })]);
  const { Table } = await lake.clients.glue.getTable({ DatabaseName: 'shop', Name: 'unit' });
  expect(Table?.StorageDescriptor?.Columns).toHaveLength(3);
  const tracker = await lake.store.get('unit.json');
  const text = new TextDecoder().decode(tracker?.bytes).replace('"kind": "date"', '"kind": "timestamp"');
  await lake.store.put('unit.json', new TextEncoder().encode(text));
  expect(await run('unit', { cursorExpression: 'coalesce(d, d)' })).toMatchObject({
    status: 'failed',
    kind: 'conflict',
    reason: expect.stringContaining('was a timestamp and is a date') as unknown,
  });
});

// Append, soft deletes, cursors that are expressions, backfills and set high-water marks: which rows an output ends with.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IngestSpec } from '../../src/toolkit/ingest/index.js';
import { resetTables, verifyTables } from '../../src/toolkit/ingest/index.js';
import { openIngestFixture, type IngestFixture, type Row } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

const row = (id: number, name: string, updated_at: string | null): Row => ({ id, name, updated_at });
const run = async (name: string, more: Partial<IngestSpec> = {}, options = {}) => {
  const { tables } = await lake.run({ include: [name], ...more }, options);
  expect(tables).toHaveLength(1);
  return tables[0]!;
};

describe('append', () => {
  const APPEND = { disposition: 'append', lookback: '1d' } as const;

  it('adds rows that are new, each as often as the source has it, and takes none twice that it reads again', async () => {
    await lake.defineTable('events');
    const first = [row(1, 'a', '2024-01-02 00:00:00'), row(1, 'a', '2024-01-02 00:00:00')];
    await lake.setRows('events', first);
    expect(await run('events', APPEND)).toMatchObject({ load: 'full', disposition: 'append', rows: 2 });
    const second = [...first, row(1, 'a', '2024-01-02 00:00:00'), row(2, 'b', '2024-01-02 12:00:00')];
    await lake.setRows('events', second);
    expect(await run('events', APPEND)).toMatchObject({
      load: 'incremental',
      counts: { read: 4, added: 2, unchanged: 2, updated: 0 },
    });
    expect(await lake.read('events')).toEqual(second);
    expect(await run('events', APPEND)).toMatchObject({ status: 'unchanged', rows: 4 });
  });

  it('lets a changed row stand beside what it was, also without a key when noKey says so', async () => {
    await lake.defineTable('log');
    await lake.setRows('log', [row(1, 'a', '2024-01-01 00:00:00')]);
    const first = await run('log', { noKey: 'append' });
    expect(first.warnings.join()).toContain('changed rows stand beside the rows they were');
    await lake.setRows('log', [row(1, 'b', '2024-01-02 00:00:00')]);
    await run('log', { noKey: 'append' });
    expect(await lake.read('log')).toEqual([
      row(1, 'a', '2024-01-01 00:00:00'),
      row(1, 'b', '2024-01-02 00:00:00'),
    ]);
  });

  it('leaves out rows that are marked as deleted, and says that it removes none', async () => {
    await lake.defineTable('marks', [
      { Name: 'id', Type: 'int' },
      { Name: 'gone', Type: 'boolean' },
      { Name: 'updated_at', Type: 'date' },
    ]);
    const mark = (id: number, gone: boolean) => ({ id, gone, updated_at: '2024-01-01' });
    await lake.setRows('marks', [mark(1, false), mark(2, true)]);
    const report = await run('marks', { disposition: 'append', softDelete: 'gone' });
    expect(report).toMatchObject({ rows: 1 });
    expect(report.warnings.join()).toContain('append removes nothing');
  });
});

describe('soft deletes', () => {
  it.each([
    ['boolean', true, false],
    ['timestamp', '2024-01-05 00:00:00', null],
    ['int', 1, 0],
    ['decimal(3,1)', 0.5, 0],
    ['double', -1, null],
    ['string', 'True', 'False'],
    ['varchar(1)', 'Y', 'N'],
    ['char(4)', 'gone', ' '],
  ])(
    'a row whose column of type %s says so leaves the output, and comes back when it does no more',
    async (Type, yes, no) => {
      const name = `soft_${Type.replace(/\W/g, '_')}`;
      await lake.defineTable(name, [
        { Name: 'id', Type: 'int' },
        { Name: 'Deleted', Type },
        { Name: 'updated_at', Type: 'timestamp' },
      ]);
      const entry = (id: number, deleted: Row[string], day: number) => ({
        id,
        deleted,
        updated_at: `2024-01-0${day} 00:00:00`,
      });
      const merge = { key: ['id'], softDelete: 'deleted' };
      await lake.setRows(name, [entry(1, no, 1), entry(2, yes, 1), entry(3, no, 1)]);
      expect(await run(name, merge)).toMatchObject({ rows: 2, counts: { read: 3, added: 2 } });
      // 4 was never there, so that it is deleted changes nothing.
      await lake.setRows(name, [entry(1, yes, 2), entry(2, no, 2), entry(3, no, 1), entry(4, yes, 2)]);
      expect(await run(name, merge)).toMatchObject({ counts: { added: 1, updated: 0, deleted: 1 } });
      expect((await lake.read(name)).map(({ id }) => id)).toEqual([2, 3]);
      await lake.setRows(name, [entry(1, no, 3)]);
      await run(name, merge);
      expect((await lake.read(name)).map(({ id }) => id)).toEqual([1, 2, 3]);
    },
  );

  it('an older version of a row that is deleted does not bring it back', async () => {
    await lake.defineTable('late', [
      { Name: 'id', Type: 'int' },
      { Name: 'gone', Type: 'boolean' },
      { Name: 'updated_at', Type: 'timestamp' },
    ]);
    const at = (gone: boolean, hour: number) => ({ id: 1, gone, updated_at: `2024-01-01 0${hour}:00:00` });
    const merge = { key: ['id'], softDelete: 'gone', lookback: '1d' };
    await lake.setRows('late', [at(false, 1)]);
    await run('late', merge);
    await lake.setRows('late', [at(false, 1), at(true, 3), at(false, 2)]);
    await run('late', merge);
    expect(await lake.read('late')).toEqual([]);
    expect(await run('late', merge)).toMatchObject({ status: 'unchanged', rows: 0 });
  });
});

describe('a row without a cursor value, and an older mark of deletion that increments no longer read', () => {
  const columns = [
    { Name: 'id', Type: 'int' },
    { Name: 'line', Type: 'string' },
    { Name: 'gone', Type: 'boolean' },
    { Name: 'updated_at', Type: 'timestamp' },
  ];
  const entry = (id: number, gone: boolean, day: number | null): Row => ({
    ...{ id, line: 'a', gone },
    updated_at: day === null ? null : `2024-01-0${day} 00:00:00`,
  });
  const merge = { key: ['id', 'line'], softDelete: 'gone' };
  const start = [entry(1, true, 1), entry(1, false, null), entry(2, false, null), entry(3, false, 4)];
  const ids = async (name: string) => (await lake.read(name)).map(({ id }) => id);

  const sources = {
    json: {
      define: (name: string) => lake.defineTable(name, columns),
      write: (name: string, rows: Row[]) => lake.setRows(name, rows),
    },
    parquet: {
      define: (name: string) =>
        lake.defineTable(name, columns, {
          StorageDescriptor: {
            Location: `s3://lake/raw/${name}/`,
            Columns: columns,
            SerdeInfo: {
              SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
            },
          },
        }),
      write: (name: string, rows: Row[]) => {
        const values = rows.map(({ id, line, gone, updated_at }) => {
          const time = updated_at === null ? 'NULL' : `'${updated_at}'`;
          return `(CAST(${id} AS INTEGER), '${line}', ${gone}, CAST(${time} AS TIMESTAMP))`;
        });
        return lake.putParquet(
          `raw/${name}/rows.parquet`,
          `SELECT * FROM (VALUES ${values.join(', ')}) AS t(id, line, gone, updated_at)`,
        );
      },
    },
  };

  it.each(Object.entries(sources))('stay deleted in %s', async (format, { define, write }) => {
    const name = `timeless_${format}`;
    await define(name);
    await write(name, start);
    await run(name, merge);
    expect(await ids(name)).toEqual([2, 3]);
    const later = [...start, entry(4, false, 5)];
    await write(name, later);
    expect(await run(name, merge)).toMatchObject({ load: 'incremental', counts: { added: 1, deleted: 0 } });
    expect(await ids(name)).toEqual([2, 3, 4]);
    // Without the mark nothing says any more that it is deleted.
    await write(name, later.slice(1));
    expect(await run(name, merge)).toMatchObject({ counts: { added: 1 } });
    expect(await ids(name)).toEqual([1, 2, 3, 4]);
  });

  it('a backfill does not bring back what was deleted behind its range', async () => {
    await lake.defineTable('filled', columns);
    const rows = [entry(1, false, 2), entry(1, true, 4), entry(2, false, 2), entry(2, false, 5)];
    await lake.setRows('filled', rows);
    await run('filled', merge);
    await lake.setRows('filled', [...rows, entry(3, false, 2)]);
    const backfill = { from: '2024-01-01', to: '2024-01-03' };
    expect(await run('filled', merge, { backfill })).toMatchObject({ counts: { added: 1, deleted: 0 } });
    expect(await ids('filled')).toEqual([2, 3]);
  });
});

describe('a cursor that is an expression', () => {
  const columns = [
    { Name: 'id', Type: 'int' },
    { Name: 'name', Type: 'string' },
    { Name: 'changed', Type: 'timestamp' },
    { Name: 'shipped', Type: 'timestamp' },
  ];
  const entry = (id: number, name: string, changed: string | null, shipped: string | null) => ({
    id,
    name,
    changed,
    shipped,
  });
  const cursorExpression = 'greatest(changed, shipped)';

  it('orders rows and bounds increments like a column', async () => {
    await lake.defineTable('parcels', columns);
    const merge = { key: ['id'], cursorExpression };
    await lake.setRows('parcels', [
      entry(1, 'older', '2024-01-01 00:00:00', '2024-01-02 00:00:00'),
      entry(1, 'newest', '2024-01-03 00:00:00', null),
      entry(2, 'two', '2024-01-01 00:00:00', null),
    ]);
    expect(await run('parcels', merge)).toMatchObject({ rows: 2, watermark: '2024-01-03T00:00:00.000000Z' });
    await lake.setRows('parcels', [
      entry(1, 'too old', '2024-01-02 00:00:00', null),
      entry(2, 'shipped', '2024-01-01 00:00:00', '2024-01-04 00:00:00'),
    ]);
    expect(await run('parcels', merge)).toMatchObject({ counts: { read: 1, updated: 1, added: 0 } });
    expect((await lake.read('parcels')).map(({ name }) => name)).toEqual(['newest', 'shipped']);
  });

  it('fails with what is wrong in it, and is a full load when it is another one', async () => {
    await lake.defineTable('faulty', columns);
    await lake.setRows('faulty', [entry(1, 'a', '2024-01-01 00:00:00', null)]);
    expect(
      await run('faulty', { key: ['id'], cursorExpression: 'greatest(changed, nowhere)' }),
    ).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('nowhere') as unknown,
    });
    expect(await run('faulty', { key: ['id'], cursorExpression: 'name = name' })).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('BOOLEAN') as unknown,
    });
    await run('faulty', { key: ['id'], cursorExpression });
    const other = await run('faulty', { key: ['id'], cursor: 'changed' });
    expect(other).toMatchObject({ load: 'full' });
    expect(other.warnings.join()).toContain(`The cursor was ${cursorExpression} and is changed`);
  });
});

describe('backfill and reset', () => {
  const merge = { key: ['id'] };

  it('a backfill reads its range again, both ends included, and leaves the high-water mark and newer rows', async () => {
    await lake.defineTable('days');
    await lake.setRows('days', [row(1, 'one', '2024-01-01 00:00:00'), row(5, 'five', '2024-01-05 00:00:00')]);
    await run('days', merge);
    await lake.setRows('days', [
      row(1, 'one, again', '2024-01-01 00:00:00'),
      row(2, 'two', '2024-01-02 00:00:00'),
      row(3, 'three', '2024-01-03 00:00:00'),
      row(4, 'four', '2024-01-03 00:00:00.000001'),
      row(5, 'five, before it changed', '2024-01-02 00:00:00'),
      row(6, 'no time', null),
    ]);
    const filled = await run('days', merge, { backfill: { from: '2024-01-02', to: '2024-01-03' } });
    expect(filled).toMatchObject({
      load: 'backfill',
      counts: { read: 3, added: 2, updated: 0 },
      watermark: '2024-01-05T00:00:00.000000Z',
    });
    expect((await lake.read('days')).map(({ name }) => name)).toEqual(['one', 'two', 'three', 'five']);
  });

  it('a backfill needs a first load and a range that has both ends in order', async () => {
    await lake.defineTable('never');
    const range = { from: '2024-01-02', to: '2024-01-03' };
    expect(await run('never', merge, { backfill: range })).toMatchObject({ status: 'failed', kind: 'usage' });
    for (const backfill of [
      { from: '2024-01-03', to: '2024-01-02' },
      { from: 'yesterday', to: '2024-01-02' },
    ]) {
      expect(await run('days', merge, { backfill })).toMatchObject({ status: 'failed', kind: 'usage' });
    }
  });

  it('after a reset the next run goes on from there, back or forth', async () => {
    await lake.defineTable('back');
    await lake.setRows('back', [row(1, 'a', '2024-01-05 00:00:00')]);
    await run('back', merge);
    await lake.setRows('back', [
      row(2, 'b', '2024-01-02 00:00:00'),
      row(3, 'c', '2024-01-03 00:00:00'),
      row(4, 'd', '2024-01-08 00:00:00'),
    ]);
    const to = (position: string) =>
      resetTables(lake.spec(), lake.clients, { to: position }, { only: ['back'], clock: lake.clock });
    expect(await to('2024-01-09')).toEqual([
      { table: 'back', from: '2024-01-05T00:00:00.000000Z', to: '2024-01-09T00:00:00.000000Z' },
    ]);
    const ahead = await run('back', merge);
    expect(ahead).toMatchObject({ status: 'unchanged' });
    expect(ahead.warnings.join()).toContain('went backwards');
    await to('2024-01-03T00:00:00+00:00');
    expect(await run('back', merge)).toMatchObject({ counts: { read: 2, added: 2 } });
    expect((await lake.read('back')).map(({ id }) => id)).toEqual([1, 3, 4]);
    expect(await verifyTables(lake.spec(), lake.clients, { only: ['back'] })).toMatchObject([
      { problems: [] },
    ]);
  });

  it('a reset needs a cursor and a position of it', async () => {
    await lake.defineTable('nocursor', [{ Name: 'a', Type: 'int' }]);
    await lake.setRows('nocursor', [{ a: 1 }]);
    await run('nocursor');
    const reset = (table: string, to: string) =>
      resetTables(lake.spec(), lake.clients, { to }, { only: [table] });
    await expect(reset('nocursor', '2024-01-01')).rejects.toThrow('it has no cursor');
    await expect(reset('never', '2024-01-01')).rejects.toThrow('it was never ingested');
    await expect(reset('back', 'soon')).rejects.toThrow('"soon" is no position of a timestamp cursor');
  });
});

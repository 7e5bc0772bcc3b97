// Increments of Parquet files, of which only row groups that can hold wanted rows are read: none may be missed for that.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IngestSpec } from '../../src/toolkit/ingest/index.js';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';

/** Positions in order, as SQL of the type; the third is the high-water mark of a first load. */
const KINDS = [
  {
    type: 'timestamp',
    positions: [1, 2, 3, 4].map((day) => `TIMESTAMP '2024-01-0${day} 00:00:00.000001'`),
    none: ['NULL', `TIMESTAMP '-infinity'`],
  },
  {
    type: 'date',
    positions: [1, 2, 3, 4].map((day) => `DATE '2024-01-0${day}'`),
    none: ['NULL', `DATE '-infinity'`],
  },
  { type: 'bigint', positions: ['-5', '0', '7', '8'], none: ['NULL'] },
  {
    type: 'string',
    positions: [1, 2, 3, 4].map((day) => `'2024-01-0${day}T00:00:00Z'`),
    none: ['NULL', `''`],
  },
] as const;

let tables = 0;
async function defineTable(type: string) {
  const name = `t${++tables}`;
  const Columns = [
    { Name: 'id', Type: 'int' },
    { Name: 'name', Type: 'string' },
    { Name: 'updated_at', Type: type },
  ];
  await lake.defineTable(name, Columns, {
    StorageDescriptor: {
      Location: `s3://lake/raw/${name}/`,
      Columns,
      SerdeInfo: { SerializationLibrary: PARQUET },
    },
  });
  const duckdbType = type === 'string' ? 'VARCHAR' : type.toUpperCase();
  return {
    name,
    put: (file: string, rows: readonly string[]) =>
      lake.putParquet(
        `raw/${name}/${file}.parquet`,
        `SELECT CAST(id AS INTEGER) AS id, name, CAST(pos AS ${duckdbType}) AS updated_at ` +
          `FROM (VALUES ${rows.map((row) => `(${row})`).join(', ')}) AS r(id, name, pos)`,
      ),
    async run(more: Partial<IngestSpec>) {
      const report = await lake.run({ include: [name], ...more });
      return report.tables[0];
    },
    names: async () => (await lake.read(name)).map((row) => row.name),
  };
}

it.each(KINDS)('appends each row once by a cursor of type $type, those without one too', async (kind) => {
  const { positions, none } = kind;
  const table = await defineTable(kind.type);
  const stored = [...positions.slice(0, 3), ...none].map((at, id) => `${id}, 'first', ${at}`);
  await table.put('part-0', stored);
  const append = { disposition: 'append', noKey: 'append' } as const;
  expect(await table.run(append)).toMatchObject({ status: 'loaded', rows: stored.length });
  // Twice what is stored already, once more of what is at the mark, and what is new.
  await table.put('part-1', [
    `2, 'first', ${positions[2]}`,
    `2, 'late', ${positions[2]}`,
    `9, 'new', ${positions[3]}`,
    `9, 'new', ${positions[3]}`,
    ...none.map((at) => `9, 'nowhere', ${at}`),
  ]);
  expect(await table.run(append)).toMatchObject({
    status: 'loaded',
    counts: { added: 4 + none.length, unchanged: 1 + none.length },
  });
  expect((await table.names()).sort()).toEqual(
    [...stored.map(() => 'first'), 'first', 'late', 'new', 'new', ...none.map(() => 'nowhere')].sort(),
  );
  expect(await table.run(append)).toMatchObject({ status: 'unchanged' });
});

it.each(KINDS)(
  'merges the newest rows by a cursor of type $type, and warns of those without one',
  async (kind) => {
    const { positions, none } = kind;
    const table = await defineTable(kind.type);
    await table.put('part-0', [
      `1, 'first', ${positions[0]}`,
      `2, 'first', ${positions[2]}`,
      ...none.map((at, index) => `${10 + index}, 'nowhere', ${at}`),
    ]);
    const key = { key: ['id'] };
    await table.run(key);
    await table.put('part-1', [
      `1, 'newer', ${positions[3]}`,
      `2, 'at the mark', ${positions[2]}`,
      ...none.map((at, index) => `${20 + index}, 'nowhere too', ${at}`),
    ]);
    const second = await table.run(key);
    expect(second).toMatchObject({ status: 'loaded', counts: { added: none.length, updated: 2 } });
    expect(second?.warnings).toContainEqual(
      expect.stringContaining(`${2 * none.length} rows of ${table.name} have no value`),
    );
    expect(await table.names()).toEqual([
      'newer',
      'at the mark',
      ...none.map(() => 'nowhere'),
      ...none.map(() => 'nowhere too'),
    ]);
  },
);

it.each(['exclude', 'fail'] as const)(
  'counts rows without a cursor beyond the range, too: %s',
  async (nullCursor) => {
    const table = await defineTable('timestamp');
    await table.put('part-0', [`1, 'first', TIMESTAMP '2024-01-01'`]);
    const settings = { key: ['id'], nullCursor };
    await table.run(settings);
    await table.put('part-1', [`2, 'nowhere', NULL`, `3, 'new', TIMESTAMP '2024-01-02'`]);
    const second = await table.run(settings);
    const what = `1 rows of ${table.name} have no value in the cursor updated_at`;
    if (nullCursor === 'fail')
      expect(second).toMatchObject({ status: 'failed', reason: expect.stringContaining(what) as string });
    else expect(second?.warnings).toContainEqual(expect.stringContaining(what));
    expect(await table.names()).toEqual(nullCursor === 'fail' ? ['first'] : ['first', 'new']);
  },
);

it('warns of a source that ends before the high-water mark, and not of one without rows', async () => {
  const table = await defineTable('timestamp');
  await table.put('part-0', [`1, 'first', TIMESTAMP '2024-01-02'`]);
  await table.run({ key: ['id'] });
  await table.put('part-0', [`1, 'before', TIMESTAMP '2024-01-01'`]);
  expect((await table.run({ key: ['id'] }))?.warnings).toContainEqual(
    expect.stringContaining('went backwards'),
  );
  await table.put('part-0', [`1, 'nowhere', NULL`]);
  expect((await table.run({ key: ['id'] }))?.warnings).not.toContainEqual(
    expect.stringContaining('went backwards'),
  );
  expect(await table.names()).toEqual(['first']);
});

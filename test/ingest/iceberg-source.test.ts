// Iceberg tables as sources: columns by ids, deletes of places, files that an increment need not read, what is refused.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planIngest, runIngest, type IngestSpec } from '../../src/toolkit/ingest/index.js';
import { longBound, putIcebergTable, type IcebergTable } from './iceberg-table.js';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

const FIELDS = [
  { id: 1, name: 'id', required: true, type: 'long' },
  { id: 3, name: 'city', required: false, type: 'string' },
  { id: 4, name: 'updated_at', required: false, type: 'timestamptz' },
];
const COLUMNS = { id: 'bigint', city: 'string', updated_at: 'timestamp' };
const IDS = ', FIELD_IDS {id: 1, city: 3, updated_at: 4}';

/** An object below the table's data/. */
async function putData(table: string, file: string, sql: string, options = ''): Promise<void> {
  const path = join(lake.trackers, '..', 'data.parquet');
  await lake.query(`COPY (${sql}) TO '${path}' (FORMAT parquet${options})`);
  await lake.put(`ice/${table}/data/${file}`, readFileSync(path));
}
const rowsFrom = (first: number, count: number, day: string, city = 'Oslo') =>
  `SELECT CAST(${first} + range AS BIGINT) AS id, '${city}' AS city, TIMESTAMPTZ '${day} 10:00:00+02' AS updated_at FROM range(${count})`;
const define = (name: string, entries: IcebergTable['entries'], more: Partial<IcebergTable> = {}) =>
  putIcebergTable(lake, { name, fields: FIELDS, columns: COLUMNS, entries, ...more });
const run = async (name: string, more: Partial<IngestSpec> = {}) => {
  const { tables } = await lake.run({ include: [name], key: ['id'], ...more });
  return tables[0]!;
};

it('has the rows of its current files, and columns by their ids, whatever they were called', async () => {
  await putData('named', 'old.parquet', `SELECT 1 AS id, 'Oslo' AS town`, ', FIELD_IDS {id: 1, town: 3}');
  await putData('named', 'new.parquet', rowsFrom(2, 1, '2024-01-02'), IDS);
  await putData('named', 'gone.parquet', rowsFrom(9, 1, '2024-01-09'), IDS);
  await putData('named', 'unknown.parquet', rowsFrom(10, 1, '2024-01-09'), IDS);
  await define('named', [
    { file: 'old.parquet', status: 0 },
    { file: 'new.parquet' },
    { file: 'gone.parquet', status: 2 },
  ]);
  expect(await run('named')).toMatchObject({ status: 'loaded', rows: 2 });
  expect(await lake.read('named')).toEqual([
    { id: '1', city: 'Oslo', updated_at: null },
    { id: '2', city: 'Oslo', updated_at: '2024-01-02 08:00:00' },
  ]);
});

it('has members of structs, lists and maps by their ids, too', async () => {
  const point = (id: number, names: [string, string]) => ({
    type: 'struct',
    fields: [
      { id, name: names[0], required: false, type: 'int' },
      { id: id + 1, name: names[1], required: false, type: 'string' },
    ],
  });
  const fields = [
    { id: 1, name: 'id', required: true, type: 'int' },
    { id: 2, name: 'spot', required: false, type: point(10, ['lat', 'label']) },
    {
      id: 3,
      name: 'stops',
      required: false,
      type: {
        type: 'list',
        'element-id': 20,
        'element-required': false,
        element: point(21, ['lat', 'label']),
      },
    },
    {
      id: 4,
      name: 'named',
      required: false,
      type: {
        type: 'map',
        'key-id': 30,
        key: 'string',
        'value-id': 31,
        value: point(32, ['lat', 'label']),
        'value-required': false,
      },
    },
  ];
  const columns = {
    id: 'int',
    spot: 'struct<lat:int,label:string>',
    stops: 'array<struct<lat:int,label:string>>',
    named: 'map<string,struct<lat:int,label:string>>',
  };
  // The file is from before lat, which was x, and has no label.
  await putData(
    'nested',
    'a.parquet',
    `SELECT 1 AS id, {'x': 5} AS spot, [{'x': 6}, NULL] AS stops, MAP {'k': {'x': 7}} AS named
     UNION ALL SELECT 2, NULL, NULL, NULL`,
    `, FIELD_IDS {id: 1, spot: {__duckdb_field_id: 2, x: 10}, stops: {__duckdb_field_id: 3, element: {__duckdb_field_id: 20, x: 21}},
       named: {__duckdb_field_id: 4, key: 30, value: {__duckdb_field_id: 31, x: 32}}}`,
  );
  await putIcebergTable(lake, { name: 'nested', fields, columns, entries: [{ file: 'a.parquet' }] });
  expect(await run('nested', { disposition: 'replace' })).toMatchObject({ status: 'loaded', rows: 2 });
  const point1 = (lat: number) => ({ lat, label: null });
  expect(await lake.read('nested')).toEqual([
    { id: 1, spot: point1(5), stops: [point1(6), null], named: [{ key: 'k', value: point1(7) }] },
    { id: 2, spot: null, stops: null, named: null },
  ]);
});

it('is without the rows that deletes name by file and place, and an increment takes rows that came back', async () => {
  await putData('deleted', 'a.parquet', rowsFrom(0, 5, '2024-01-01'), IDS);
  await putData('deleted', 'b.parquet', rowsFrom(5, 5, '2024-01-01', 'Lima'), IDS);
  await putData(
    'deleted',
    'd.parquet',
    `SELECT 's3://lake/ice/deleted/data/' || f AS file_path, CAST(p AS BIGINT) AS pos
     FROM (VALUES ('a.parquet', 1), ('b.parquet', 4), ('b.parquet', 0), ('other.parquet', 2)) t(f, p)`,
  );
  const entries: IcebergTable['entries'] = [
    { file: 'a.parquet', rowCount: 5 },
    { file: 'b.parquet', rowCount: 5 },
    { file: 'd.parquet', content: 1, rowCount: 4 },
  ];
  await define('deleted', entries);
  expect(await run('deleted')).toMatchObject({ rows: 7, counts: { read: 7 } });
  const ids = async () => (await lake.read('deleted')).map(({ id }) => Number(id));
  expect(await ids()).toEqual([0, 2, 3, 4, 6, 7, 8]);
  await putData('deleted', 'c.parquet', rowsFrom(1, 1, '2024-01-03', 'Rome'), IDS);
  await define('deleted', [...entries, { file: 'c.parquet' }]);
  expect(await run('deleted')).toMatchObject({ counts: { added: 1, updated: 0 }, rows: 8 });
  // What is deleted in the table leaves the output where that is asked for.
  await putData(
    'deleted',
    'e.parquet',
    `SELECT 's3://lake/ice/deleted/data/a.parquet' AS file_path, 0::BIGINT AS pos`,
  );
  await define('deleted', [...entries, { file: 'c.parquet' }, { file: 'e.parquet', content: 1 }]);
  expect(await run('deleted', { reconcileDeletes: { maxPercent: 20 } })).toMatchObject({
    counts: { deleted: 1 },
    rows: 7,
  });
  expect(await ids()).toEqual([1, 2, 3, 4, 6, 7, 8]);
});

it('is read by an increment only where the bounds of its manifests allow for a wanted row', async () => {
  const micros = (day: string) => BigInt(Date.parse(`${day}T08:00:00Z`)) * 1000n;
  const entry = (file: string, day: string, nulls = 0) => ({
    file,
    rowCount: 1,
    upperBounds: { 4: longBound(micros(day)) },
    nullCounts: { 4: nulls },
  });
  await putData('pruned', '1.parquet', rowsFrom(1, 1, '2024-01-01'), IDS);
  await putData('pruned', '2.parquet', rowsFrom(2, 1, '2024-01-02'), IDS);
  const first = [entry('1.parquet', '2024-01-01'), entry('2.parquet', '2024-01-02')];
  await define('pruned', first);
  expect(await run('pruned')).toMatchObject({ rows: 2, watermark: '2024-01-02T08:00:00.000000Z' });
  await putData('pruned', '3.parquet', rowsFrom(3, 1, '2024-01-03'), IDS);
  await lake.clients.s3.deleteObject({ Bucket: 'lake', Key: 'ice/pruned/data/1.parquet' });
  await define('pruned', [...first, entry('3.parquet', '2024-01-03')]);
  // The first file is gone, which would fail the run if it were read.
  expect(await run('pruned')).toMatchObject({ rows: 3, counts: { read: 2, added: 1 } });
  // One that has a row without a cursor is wanted by every run.
  await define('pruned', [entry('1.parquet', '2024-01-01', 1), ...first.slice(1)]);
  expect(await run('pruned')).toMatchObject({
    status: 'failed',
    reason: expect.stringContaining('ice/pruned/data/1.parquet') as unknown,
  });
  expect(await run('pruned', { nullCursor: 'exclude' })).toMatchObject({ status: 'unchanged' });
});

it('is read whole where a row without a cursor may be deleted by what an older file says', async () => {
  const fields = [...FIELDS, { id: 5, name: 'gone', required: false, type: 'boolean' }];
  const columns = { ...COLUMNS, gone: 'boolean' };
  const put = (file: string, id: number, time: string | null, gone: boolean) =>
    putData(
      'marked',
      file,
      `SELECT CAST(${id} AS BIGINT) AS id, 'Oslo' AS city, CAST(${time === null ? 'NULL' : `'${time}'`} AS TIMESTAMPTZ) AS updated_at, ${gone} AS gone`,
      ', FIELD_IDS {id: 1, city: 3, updated_at: 4, gone: 5}',
    );
  const entry = (file: string, day: string | null) => ({
    file,
    rowCount: 1,
    ...(day === null
      ? {}
      : { upperBounds: { 4: longBound(BigInt(Date.parse(`${day}T00:00:00Z`)) * 1000n) } }),
    nullCounts: { 4: day === null ? 1 : 0 },
  });
  await put('mark.parquet', 1, '2024-01-01 00:00:00Z', true);
  await put('timeless.parquet', 1, null, false);
  await put('other.parquet', 2, '2024-01-05 00:00:00Z', false);
  const entries = [
    entry('mark.parquet', '2024-01-01'),
    entry('timeless.parquet', null),
    entry('other.parquet', '2024-01-05'),
  ];
  await putIcebergTable(lake, { name: 'marked', fields, columns, entries });
  expect(await run('marked', { softDelete: 'gone' })).toMatchObject({ load: 'full', rows: 1 });
  expect(await run('marked', { softDelete: 'gone' })).toMatchObject({ status: 'unchanged', rows: 1 });
});

/** A commit by somebody else at each reading of a table's files, whose old ones are expired at once. */
async function committing(name: string, commits: number) {
  const { glue, s3 } = lake.aws.clients();
  let count = 0;
  s3.middlewareStack.add(
    (next) => async (call) => {
      const { Key = '' } = call.input as { Key?: string };
      if (Key === `ice/${name}/data/${count}.parquet` && count < commits) {
        await lake.clients.s3.deleteObject({ Bucket: 'lake', Key });
        await putData(name, `${++count}.parquet`, rowsFrom(count, 1, '2024-01-02'), IDS);
        await define(name, [{ file: `${count}.parquet` }]);
      }
      return next(call);
    },
    { step: 'initialize', name: 'commit' },
  );
  await putData(name, '0.parquet', rowsFrom(0, 1, '2024-01-02'), IDS);
  await define(name, [{ file: '0.parquet' }]);
  return { glue, s3 };
}

it('is read as it is now when it moves on while it is read, and its old files are expired', async () => {
  const clients = await committing('moving', 2);
  const { tables } = await runIngest(lake.spec({ include: ['moving'], key: ['id'] }), clients, {
    clock: lake.clock,
  });
  expect(tables).toMatchObject([{ status: 'loaded', rows: 1 }]);
  expect((await lake.read('moving')).map(({ id }) => id)).toEqual(['2']);
});

it('says so when it never rests, and writes nothing', async () => {
  const clients = await committing('restless', 3);
  const { tables } = await runIngest(lake.spec({ include: ['restless'], key: ['id'] }), clients, {
    clock: lake.clock,
  });
  expect(tables).toMatchObject([
    {
      status: 'failed',
      kind: 'conflict',
      reason: expect.stringMatching(
        /shop\.restless was changed 3 times while it was read.*2\.parquet.*Run it again/,
      ) as unknown,
    },
  ]);
  expect(await lake.keys('parquet/restless/')).toEqual([]);
});

it('says before the run how many rows it has', async () => {
  await define('counted', [{ file: 'gone.parquet', status: 2 }], {
    summary: {
      'total-records': '120',
      'total-position-deletes': '20',
      'total-data-files': '3',
      'total-files-size': '5000',
    },
  });
  const plan = await planIngest(lake.spec({ include: ['counted'], key: ['id'] }), lake.clients);
  expect(plan.tables).toMatchObject([{ action: 'full', rows: 100, files: 3, bytes: 5000, seconds: 1 }]);
  expect(await run('counted')).toMatchObject({ status: 'loaded', rows: 0 });
});

it('of files that Iceberg did not write is read by the names that it says, and refused without', async () => {
  await putData('adopted', 'a.parquet', rowsFrom(1, 1, '2024-01-01'));
  const names = [
    { 'field-id': 1, names: ['id'] },
    { 'field-id': 3, names: ['CITY', 'town'] },
  ];
  await define('adopted', [{ file: 'a.parquet' }], {
    properties: { 'schema.name-mapping.default': JSON.stringify(names) },
  });
  expect(await run('adopted')).toMatchObject({ rows: 1 });
  expect(await lake.read('adopted')).toEqual([{ id: '1', city: 'Oslo', updated_at: null }]);
});

it.each<[string, Partial<IcebergTable>, IcebergTable['entries'], RegExp]>([
  [
    'bare',
    {},
    [{ file: 'a.parquet' }],
    /shop\.bare cannot be read: .*data\/a\.parquet was not written by Iceberg/,
  ],
  [
    'puffin',
    {},
    [{ file: 'd.puffin', content: 1, format: 'PUFFIN' }],
    /shop\.puffin cannot be read: .*d\.puffin is of the format PUFFIN/,
  ],
  [
    'other',
    {},
    [{ file: 'a.orc', format: 'ORC' }],
    /shop\.other cannot be read: .*a\.orc is of the format ORC/,
  ],
  ['later', { version: 4 }, [], /shop\.later cannot be read: its format-version is 4; 1, 2, 3 are read/],
  [
    'lost',
    {},
    [{ file: 'a.parquet' }],
    /s3:\/\/lake\/ice\/lost\/data\/a\.parquet cannot be read: .*does not exist/,
  ],
  [
    'strange',
    { columns: { ...COLUMNS, extra: 'int' } },
    [{ file: 'a.parquet' }],
    /has the column extra in the catalog, and its Iceberg metadata has not/,
  ],
])('%s is refused by name, and nothing is taken for nothing', async (name, more, entries, message) => {
  if (name === 'bare') await putData('bare', 'a.parquet', rowsFrom(1, 1, '2024-01-01'));
  await define(name, entries, more);
  expect(await run(name)).toMatchObject({
    status: 'failed',
    reason: expect.stringMatching(message) as unknown,
  });
  await expect(lake.read(name)).rejects.toThrow();
});

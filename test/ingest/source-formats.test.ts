// Sources in every format that is read, partitioned or not, end as the same rows; what is not read is said.
import { gzipSync } from 'node:zlib';
import type { Column, StorageDescriptor, TableInput } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IngestSpec } from '../../src/toolkit/ingest/index.js';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';

let lake: IngestFixture;
beforeAll(async () => {
  lake = await openIngestFixture();
});
afterAll(() => lake.close());

const COLUMNS: Column[] = [
  { Name: 'id', Type: 'bigint' },
  { Name: 'name', Type: 'string' },
  { Name: 'price', Type: 'decimal(10,2)' },
  { Name: 'sold', Type: 'boolean' },
  { Name: 'updated_at', Type: 'timestamp' },
];
const ROWS = [
  { id: '1', name: 'tea, "green"', price: '2.50', sold: true, updated_at: '2024-01-01 10:00:00' },
  { id: '2', name: null, price: null, sold: null, updated_at: '2024-01-02 00:00:00.123456' },
  { id: '9007199254740993', name: 'Zoë\tñ', price: '-0.01', sold: false, updated_at: '2024-01-03 00:00:00' },
];

const LAZY = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';
const QUOTED = 'org.apache.hadoop.hive.serde2.OpenCSVSerde';
const JSON_LINES = 'org.openx.data.jsonserde.JsonSerDe';
const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
const GROK = 'com.amazonaws.glue.serde.GrokSerDe';

const serde = (SerializationLibrary: string, Parameters: Record<string, string> = {}): StorageDescriptor => ({
  SerdeInfo: { SerializationLibrary, Parameters },
});
const define = (name: string, descriptor: StorageDescriptor, input: Partial<TableInput> = {}) =>
  lake.clients.glue.createTable({
    DatabaseName: 'shop',
    TableInput: {
      Name: name,
      StorageDescriptor: { Location: `s3://lake/raw/${name}/`, Columns: COLUMNS, ...descriptor },
      ...input,
    },
  });
const run = async (name: string, more: Partial<IngestSpec> = {}) => {
  const { tables } = await lake.run({ include: [name], key: ['id'], ...more });
  return tables[0]!;
};
const readIds = async (name: string) => (await lake.read(name)).map(({ id }) => Number(id));

const pipes = ROWS.map(({ id, name, price, sold, updated_at }) =>
  [id, name ?? '\\N', price ?? '\\N', sold ?? '\\N', updated_at].join('|'),
).join('\n');
const quoted = ROWS.map(({ id, name, price, sold, updated_at }) =>
  [id, name, price, sold, updated_at]
    .map((cell) => `"${String(cell ?? '').replaceAll('"', '""')}"`)
    .join(','),
).join('\n');
// Numbers of more than 53 bits stand as they are in JSON.
const json = ROWS.map((row) => JSON.stringify(row).replace(/"id":"(\d+)"/, '"id":$1'));

describe.each([
  ['text with delimiters', serde(LAZY, { 'field.delim': '|' }), () => pipes],
  ['gzip', serde(LAZY, { 'field.delim': '|' }), () => gzipSync(pipes)],
  [
    'quoted csv',
    serde(QUOTED, { 'skip.header.line.count': '1' }),
    () => `id,name,price,sold,updated_at\n${quoted}`,
  ],
  ['json lines', serde(JSON_LINES), () => `${json.join('\n')}\n`],
  ['json with blank lines', serde(JSON_LINES), () => `\n${json.join('\n\n')}\n\n`],
  ['a json list', serde(JSON_LINES), () => `[${json.join(',\n')}]`],
])('%s', (what, descriptor, content) => {
  it('ends as the rows that it holds', async () => {
    const name = what.replaceAll(' ', '_');
    await define(name, descriptor);
    await lake.put(`raw/${name}/rows`, content());
    expect(await run(name)).toMatchObject({ status: 'loaded', rows: 3 });
    const read = await lake.read(name);
    // An empty quoted field is an empty text to Hive, not null.
    const wanted = what === 'quoted csv' ? ROWS.map((row) => ({ ...row, name: row.name ?? '' })) : ROWS;
    expect(read).toEqual(wanted);
  });
});

it('Parquet files of different columns, order and case are read by name', async () => {
  await define('mixed', serde(PARQUET));
  await lake.putParquet(
    'raw/mixed/a.parquet',
    `SELECT TIMESTAMP '2024-01-01' AS "Updated_At", 1::BIGINT AS "ID", 'a' AS name, 1.5::DECIMAL(10,2) AS price, true AS sold`,
  );
  await lake.putParquet(
    'raw/mixed/b.parquet',
    `SELECT 2::INTEGER AS id, 'b'::BLOB AS name, TIMESTAMP '2024-01-02' AS updated_at`,
  );
  expect(await run('mixed')).toMatchObject({ rows: 2, watermark: '2024-01-02T00:00:00.000000Z' });
  expect(await lake.read('mixed')).toMatchObject([
    { id: '1', name: 'a', price: '1.50', sold: true },
    { id: '2', name: 'b', price: null, sold: null },
  ]);
});

it('lists and structs of JSON stay what they are, and merge by value', async () => {
  await lake.defineTable('nested', [
    { Name: 'id', Type: 'int' },
    { Name: 'tags', Type: 'array<string>' },
    { Name: 'at', Type: 'struct<city:string,point:array<double>>' },
    { Name: 'updated_at', Type: 'timestamp' },
  ]);
  const row = (id: number, city: string) => ({
    id,
    tags: ['a', null, 'b'],
    at: { city, point: [1.5, 2] },
    updated_at: '2024-01-01 00:00:00',
  });
  const lines = (...cities: string[]) =>
    cities.map((city, index) => `${JSON.stringify(row(index + 1, city))}\n`).join('');
  await lake.put('raw/nested/rows.json', lines('Rome', 'Oslo'));
  await run('nested');
  expect(await lake.read('nested')).toEqual([row(1, 'Rome'), row(2, 'Oslo')]);
  await lake.put('raw/nested/rows.json', lines('Rome', 'Bergen'));
  expect(await run('nested')).toMatchObject({ counts: { updated: 1, unchanged: 1 } });
});

describe('partitions', () => {
  it('give their values, each with its own place and format; a new one is read by the next run', async () => {
    const keys = [
      { Name: 'country', Type: 'string' },
      { Name: 'day', Type: 'date' },
    ];
    await define('parts', serde(JSON_LINES), { PartitionKeys: keys });
    const partition = (Values: string[], Location: string, descriptor = serde(JSON_LINES)) =>
      lake.clients.glue.createPartition({
        DatabaseName: 'shop',
        TableName: 'parts',
        PartitionInput: { Values, StorageDescriptor: { Location, Columns: COLUMNS, ...descriptor } },
      });
    await partition(['de', '2024-01-01'], 's3://lake/raw/parts/country=de/day=2024-01-01/');
    await lake.put('raw/parts/country=de/day=2024-01-01/a.json', json[0] ?? '');
    await partition(
      ['fr', '__HIVE_DEFAULT_PARTITION__'],
      's3://lake/elsewhere/fr',
      serde(LAZY, { 'field.delim': '|' }),
    );
    await lake.put('elsewhere/fr/a.txt', pipes.split('\n')[1] ?? '');
    await partition(['it', '2024-01-03'], 's3://lake/raw/parts/empty/');
    // Not registered, so no reader sees it.
    await lake.put('raw/parts/country=xx/day=2024-01-01/a.json', json[2] ?? '');
    const merge = { key: ['country', 'id'] };
    expect(await run('parts', merge)).toMatchObject({ rows: 2 });
    await partition(['es', '2024-01-04'], 's3://lake/raw/parts/country=es/');
    await lake.put('raw/parts/country=es/a.json', json[2] ?? '');
    expect(await run('parts', merge)).toMatchObject({ rows: 3, counts: { added: 1 } });
    expect((await lake.read('parts')).map(({ id, country, day }) => [id, country, day])).toEqual([
      ['1', 'de', '2024-01-01'],
      ['2', 'fr', null],
      ['9007199254740993', 'es', '2024-01-04'],
    ]);
  });

  it('may be the cursor and part of the key', async () => {
    await lake.defineTable('by_day', [{ Name: 'id', Type: 'int' }], {
      PartitionKeys: [{ Name: 'day', Type: 'date' }],
    });
    const add = async (day: string, ...ids: number[]) => {
      const Location = `s3://lake/raw/by_day/day=${day}/`;
      await lake.clients.glue.createPartition({
        DatabaseName: 'shop',
        TableName: 'by_day',
        PartitionInput: { Values: [day], StorageDescriptor: { ...serde(JSON_LINES), Location } },
      });
      await lake.put(`raw/by_day/day=${day}/a.json`, ids.map((id) => `{"id":${id}}\n`).join(''));
    };
    await add('2024-01-01', 1, 2);
    const settings = { key: ['id'], cursor: 'day' };
    expect(await run('by_day', settings)).toMatchObject({ rows: 2, watermark: '2024-01-01' });
    await add('2024-01-02', 2, 3);
    expect(await run('by_day', settings)).toMatchObject({ counts: { read: 4, added: 1, updated: 1 } });
    expect(await readIds('by_day')).toEqual([1, 2, 3]);
  });
});

describe('what cannot be read fails its table, and nothing is taken for nothing', () => {
  it.each<[string, StorageDescriptor, Partial<TableInput>, string, string]>([
    ['grok', serde(GROK), {}, '', 'GrokSerDe'],
    ['delta', serde(PARQUET), { Parameters: { table_type: 'DELTA' } }, '', 'type delta'],
    ['half_gzip', serde(JSON_LINES), {}, 'gzip', 'gzip'],
    ['not_json', serde(JSON_LINES), {}, '{"id": 1', 'JSON'],
    ['no_object', serde(JSON_LINES), {}, '{"id": 1}\n"two"\n', 'A record of a JSON file is no object: "two"'],
    ['no_number', serde(JSON_LINES), {}, '{"id": "one", "updated_at": "2024-01-01"}\n', 'one'],
    [
      'not_s3',
      { ...serde(JSON_LINES), Location: 'hdfs://there/' },
      {},
      '',
      '"hdfs://there/", which cannot be read',
    ],
  ])('%s', async (name, descriptor, input, content, message) => {
    await define(name, descriptor, input);
    if (content === 'gzip') await lake.put(`raw/${name}/a.gz`, gzipSync(json.join('\n')).subarray(0, 60));
    else if (content !== '') await lake.put(`raw/${name}/a`, content);
    expect(await run(name)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining(message) as unknown,
    });
    await expect(lake.read(name)).rejects.toThrow();
  });
});

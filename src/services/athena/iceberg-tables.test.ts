// Iceberg tables whose files are made here by the letter of the specification; those of a real writer: test/clients/pyiceberg.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import avsc from 'avsc';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openQueryRunner, type QueryRunner } from '../../../test/query/query-runner.js';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { openDuckdb, type Duckdb } from '../../tabular/duckdb.js';

let aws: Embedded;
let runner: QueryRunner;
let duckdb: Duckdb;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-iceberg-'));
  duckdb = openDuckdb({ folders: [folder], temporaryDirectory: join(folder, 'spill') });
  aws = await openEmbedded();
  const { athena, glue, s3 } = aws.clients();
  await s3.createBucket({ Bucket: 'lake' });
  await glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  runner = openQueryRunner(athena, { Database: 'shop', OutputLocation: 's3://lake/results/' });
});

afterAll(async () => {
  await duckdb.close();
  await aws.close();
  rmSync(folder, { recursive: true });
});

const put = (Key: string, Body: Buffer | string) => aws.clients().s3.putObject({ Bucket: 'lake', Key, Body });

async function avro(fields: object[], records: object[]): Promise<Buffer> {
  const encoder = new avsc.streams.BlockEncoder({ type: 'record', name: 'r', fields } as avsc.Schema);
  for (const record of records) encoder.write(record);
  encoder.end();
  return Buffer.concat((await encoder.toArray()) as Buffer[]);
}

async function parquet(select: string, options: string): Promise<Buffer> {
  const path = join(folder, 'a.parquet');
  await duckdb.run(`COPY (${select}) TO '${path}' (FORMAT parquet${options})`);
  return readFileSync(path);
}

interface Entry {
  status?: number;
  content?: number;
  file: string;
  format?: string;
  sequence?: number;
  equalityIds?: number[];
  /** The table is parted by city when one has it. */
  city?: string;
}

const FIELDS = [
  { id: 1, name: 'Id', required: false, type: 'long' },
  { id: 3, name: 'city', required: false, type: 'string' },
];

/** A table of the columns id (field 1) and city (field 3), with one snapshot of these files. */
async function table(name: string, entries: Entry[], version = 2): Promise<void> {
  const root = `s3://lake/${name}`;
  const file = { type: 'record', name: 'f', fields: [] as object[] };
  file.fields = [
    { name: 'content', type: 'int' },
    { name: 'file_path', type: 'string' },
    { name: 'file_format', type: 'string' },
    { name: 'record_count', type: 'long' },
    { name: 'file_size_in_bytes', type: 'long' },
    { name: 'equality_ids', type: ['null', { type: 'array', items: 'int' }] },
    {
      name: 'partition',
      type: {
        type: 'record',
        name: 'p',
        fields: entries.some(({ city }) => city !== undefined) ? [{ name: 'city', type: 'string' }] : [],
      },
    },
  ];
  const manifest = await avro(
    [
      { name: 'status', type: 'int' },
      { name: 'sequence_number', type: ['null', 'long'] },
      { name: 'data_file', type: file },
    ],
    entries.map(
      ({ status = 1, content = 0, file: key, format = 'PARQUET', sequence, equalityIds, city }) => ({
        status,
        sequence_number: sequence ?? null,
        data_file: {
          content,
          file_path: `${root}/data/${key}`,
          file_format: format,
          record_count: 1,
          file_size_in_bytes: 1,
          equality_ids: equalityIds ?? null,
          partition: city === undefined ? {} : { city },
        },
      }),
    ),
  );
  await put(`${name}/metadata/m.avro`, manifest);
  const list = await avro(
    [
      { name: 'manifest_path', type: 'string' },
      { name: 'sequence_number', type: 'long' },
    ],
    [{ manifest_path: `${root}/metadata/m.avro`, sequence_number: 9 }],
  );
  await put(`${name}/metadata/list.avro`, list);
  // Two snapshots whose ids are the same number when they are rounded.
  await put(
    `${name}/metadata/1.metadata.json`,
    `{"format-version": ${version}, "location": "${root}", "current-schema-id": 1, "current-snapshot-id": 9007199254740993,
      "schemas": [{"schema-id": 0, "fields": []}, {"schema-id": 1, "fields": ${JSON.stringify(FIELDS)}}],
      "snapshots": [{"snapshot-id": 9007199254740992, "manifest-list": "${root}/metadata/none.avro"},
                    {"snapshot-id": 9007199254740993, "manifest-list": "${root}/metadata/list.avro"}]}`,
  );
  await aws.clients().glue.createTable({
    DatabaseName: 'shop',
    TableInput: {
      Name: name,
      TableType: 'EXTERNAL_TABLE',
      Parameters: { table_type: 'ICEBERG', metadata_location: `${root}/metadata/1.metadata.json` },
      StorageDescriptor: {
        Location: root,
        Columns: [
          { Name: 'id', Type: 'bigint' },
          { Name: 'city', Type: 'string' },
          { Name: 'town', Type: 'string', Parameters: { 'iceberg.field.current': 'false' } },
        ],
      },
    },
  });
}

test('the files of the current snapshot are read, their columns by ids, and nothing that lies beside them', async () => {
  await put(
    'good/data/old.parquet',
    await parquet(`SELECT 1 AS id, 'Oslo' AS town`, ', FIELD_IDS {id: 1, town: 3}'),
  );
  await put(
    'good/data/new.parquet',
    await parquet(`SELECT 'Lima' AS city, 2 AS id`, ', FIELD_IDS {city: 3, id: 1}'),
  );
  await put('good/data/short.parquet', await parquet('SELECT 3 AS id', ', FIELD_IDS {id: 1}'));
  await put('good/data/gone.parquet', await parquet('SELECT 9 AS id', ', FIELD_IDS {id: 1}'));
  await table('good', [
    { file: 'old.parquet', status: 0 },
    { file: 'new.parquet' },
    { file: 'short.parquet' },
    { file: 'gone.parquet', status: 2 },
  ]);
  expect(await runner.rows('SELECT * FROM good ORDER BY id')).toEqual([
    ['1', 'Oslo'],
    ['2', 'Lima'],
    ['3', null],
  ]);
});

test('other formats and versions, and files without ids are refused by name', async () => {
  const data = await parquet('SELECT 1 AS id', '');
  await put('bare/data/a.parquet', data);
  await table('bare', [{ file: 'a.parquet' }]);
  expect(await runner.failure('SELECT id FROM bare')).toContain(
    'NOT_SUPPORTED: Table shop.bare cannot be read: s3://lake/bare/data/a.parquet was not written by Iceberg',
  );
  await table('erased', [{ file: 'a.parquet' }, { file: 'd.avro', content: 1, format: 'AVRO' }]);
  expect(await runner.failure('SELECT id FROM erased')).toContain(
    'Table shop.erased cannot be read: s3://lake/erased/data/d.avro is of the format AVRO',
  );
  await table('other', [{ file: 'a.orc', format: 'ORC' }]);
  expect(await runner.failure('SELECT id FROM other')).toContain(
    'Table shop.other cannot be read: s3://lake/other/data/a.orc is of the format ORC',
  );
  await table('later', [], 4);
  expect(await runner.failure('SELECT id FROM later')).toBe(
    'ICEBERG_INVALID_METADATA: Table shop.later cannot be read: its format-version is 4; 1, 2, 3 are read',
  );
});

test('a file that is not there fails the query with its name', async () => {
  await table('lost', [{ file: 'a.parquet' }]);
  expect(await runner.failure('SELECT id FROM lost')).toContain('lost/data/a.parquet');
});

const IDS = ', FIELD_IDS {id: 1, city: 3}';
const rowsOf = (ids: string, city: string) =>
  parquet(`SELECT unnest([${ids}]) AS id, '${city}' AS city`, IDS);
const places = (name: string, file: string, ...positions: number[]) =>
  parquet(
    `SELECT 's3://lake/${name}/data/${file}' AS file_path, unnest([${positions.join(', ')}])::BIGINT AS pos`,
    ', FIELD_IDS {file_path: 2147483546, pos: 2147483545}',
  );
const idsLeft = async (name: string) => (await runner.rows(`SELECT id FROM ${name} ORDER BY id`)).flat();

test('rows whose places are deleted are gone, in that file alone, and not from a file of a later commit', async () => {
  await put('places/data/a.parquet', await rowsOf('10, 11, 12', 'Oslo'));
  await put('places/data/b.parquet', await rowsOf('20, 21', 'Oslo'));
  await put('places/data/late.parquet', await rowsOf('30, 31', 'Oslo'));
  await put('places/data/d1.parquet', await places('places', 'a.parquet', 0, 2));
  await put('places/data/d2.parquet', await places('places', 'late.parquet', 0));
  await put('places/data/d3.parquet', await places('places', 'b.parquet', 1));
  await table('places', [
    { file: 'a.parquet', sequence: 1 },
    { file: 'b.parquet', sequence: 3 },
    { file: 'late.parquet', sequence: 5 },
    { file: 'd1.parquet', content: 1, sequence: 2 },
    { file: 'd2.parquet', content: 1, sequence: 4 },
    // Its commit is the list's: the same as that of the data, or later.
    { file: 'd3.parquet', content: 1 },
  ]);
  expect(await idsLeft('places')).toEqual(['11', '20', '30', '31']);
  expect(await runner.rows('SELECT count(*), count(DISTINCT "$path") FROM places')).toEqual([['4', '3']]);
});

test('rows with deleted values are gone from files of earlier commits, null being a value', async () => {
  await put('values_/data/a.parquet', await rowsOf('1, 2, NULL, 4', 'Oslo'));
  await put('values_/data/new.parquet', await rowsOf('2, 5', 'Lima'));
  await put('values_/data/short.parquet', await parquet('SELECT 6 AS id', ', FIELD_IDS {id: 1}'));
  // The delete knows the column by the name that it had.
  await put(
    'values_/data/d1.parquet',
    await parquet('SELECT unnest([2, NULL]) AS number', ', FIELD_IDS {number: 1}'),
  );
  await put(
    'values_/data/d2.parquet',
    await parquet(`SELECT 4 AS id, 'Lima' AS city UNION ALL SELECT 6, NULL`, IDS),
  );
  await table('values_', [
    { file: 'a.parquet', sequence: 1 },
    { file: 'short.parquet', sequence: 1 },
    { file: 'new.parquet', sequence: 2 },
    { file: 'd1.parquet', content: 2, sequence: 2, equalityIds: [1] },
    { file: 'd2.parquet', content: 2, sequence: 3, equalityIds: [1, 3] },
  ]);
  // 4 stays, as its city is another; 6 has no city, which the delete asks for.
  expect(await idsLeft('values_')).toEqual(['1', '2', '4', '5']);
});

test('deleted values hold for their partition alone', async () => {
  await put('parts/data/a.parquet', await rowsOf('1, 2', 'Oslo'));
  await put('parts/data/b.parquet', await rowsOf('1, 2', 'Lima'));
  await put('parts/data/d.parquet', await parquet('SELECT 2 AS id', ', FIELD_IDS {id: 1}'));
  await table('parts', [
    { file: 'a.parquet', sequence: 1, city: 'Oslo' },
    { file: 'b.parquet', sequence: 1, city: 'Lima' },
    { file: 'd.parquet', content: 2, sequence: 2, equalityIds: [1], city: 'Lima' },
  ]);
  expect(await runner.rows('SELECT city, id FROM parts ORDER BY 1, 2')).toEqual([
    ['Lima', '1'],
    ['Oslo', '1'],
    ['Oslo', '2'],
  ]);
});

test('deletes by a column that their file does not have are refused by name', async () => {
  await put('vague/data/a.parquet', await rowsOf('1', 'Oslo'));
  await put('vague/data/d.parquet', await parquet('SELECT 1 AS id', ', FIELD_IDS {id: 1}'));
  await table('vague', [
    { file: 'a.parquet', sequence: 1 },
    { file: 'd.parquet', content: 2, sequence: 2, equalityIds: [3] },
  ]);
  expect(await runner.failure('SELECT id FROM vague')).toContain(
    'Table shop.vague cannot be read: s3://lake/vague/data/d.parquet deletes rows by the field 3',
  );
});

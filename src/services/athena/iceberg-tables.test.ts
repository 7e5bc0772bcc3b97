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
  ];
  const manifest = await avro(
    [
      { name: 'status', type: 'int' },
      { name: 'data_file', type: file },
    ],
    entries.map(({ status = 1, content = 0, file: key, format = 'PARQUET' }) => ({
      status,
      data_file: {
        content,
        file_path: `${root}/data/${key}`,
        file_format: format,
        record_count: 1,
        file_size_in_bytes: 1,
      },
    })),
  );
  await put(`${name}/metadata/m.avro`, manifest);
  const list = await avro(
    [{ name: 'manifest_path', type: 'string' }],
    [{ manifest_path: `${root}/metadata/m.avro` }],
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

test('row-level deletes, other formats and versions, and files without ids are refused by name', async () => {
  const data = await parquet('SELECT 1 AS id', '');
  await put('bare/data/a.parquet', data);
  await table('bare', [{ file: 'a.parquet' }]);
  expect(await runner.failure('SELECT id FROM bare')).toContain(
    'NOT_SUPPORTED: s3://lake/bare/data/a.parquet has no field ids',
  );
  await table('erased', [{ file: 'a.parquet' }, { file: 'd.parquet', content: 1 }]);
  expect(await runner.failure('SELECT id FROM erased')).toBe(
    'NOT_SUPPORTED: shop.erased has row-level deletes, which queries cannot apply here; rewrite its data files',
  );
  await table('other', [{ file: 'a.orc', format: 'ORC' }]);
  expect(await runner.failure('SELECT id FROM other')).toContain(
    's3://lake/other/data/a.orc of shop.other is of the format ORC',
  );
  await table('later', [], 3);
  expect(await runner.failure('SELECT id FROM later')).toBe(
    'ICEBERG_INVALID_METADATA: Table shop.later cannot be read: its format-version is 3; 1 and 2 are read',
  );
});

test('a file that is not there fails the query with its name', async () => {
  await table('lost', [{ file: 'a.parquet' }]);
  expect(await runner.failure('SELECT id FROM lost')).toContain('lost/data/a.parquet');
});

// Files as people have them: what they hold is in the output as it is, and what cannot be is said, never left out in silence.
import { gzipSync } from 'node:zlib';
import type { Column, PartitionInput, StorageDescriptor } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TableReport } from '../../src/toolkit/ingest/index.js';
import { openIngestFixture, type IngestFixture } from './ingest-fixture.js';

const LAZY = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';
const QUOTED = 'org.apache.hadoop.hive.serde2.OpenCSVSerde';
const JSON_SERDE = 'org.openx.data.jsonserde.JsonSerDe';
const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
const COMMA = { 'field.delim': ',' };

interface Case {
  serde: string;
  serdeParameters?: Record<string, string>;
  /** `name type; name type` */
  columns: string;
  files?: Record<string, string | Uint8Array>;
  /** A query whose rows are a file of Parquet. */
  parquet?: string;
  parameters?: Record<string, string>;
}

const columnsOf = (text: string): Column[] =>
  text.split('; ').map((column) => {
    const at = column.indexOf(' ');
    return { Name: column.slice(0, at), Type: column.slice(at + 1) };
  });

const CASES: Record<string, Case> = {
  windows_lines: {
    serde: LAZY,
    serdeParameters: COMMA,
    columns: 'id int; name string',
    files: { 'a.csv': '\ufeff1,Ann\r\n2,Bob' },
  },
  headers: {
    serde: LAZY,
    serdeParameters: COMMA,
    columns: 'id int; name string',
    files: {
      'a.csv': 'id,name\n1,Ann\n',
      'header-only.csv': 'id,name\n',
      'empty.csv': '',
      _SUCCESS: '',
      '.b.csv': '9,x\n',
      '_tmp/c.csv': '8,y\n',
      'below/d.csv': 'id,name\n2,Bob\n',
    },
    parameters: { 'skip.header.line.count': '1' },
  },
  short_and_long: {
    serde: LAZY,
    serdeParameters: COMMA,
    columns: 'id int; name string; note string',
    files: { 'a.csv': '1\n2,Bob,x,more\n' },
  },
  escaped: {
    serde: LAZY,
    serdeParameters: { ...COMMA, 'escape.delim': '\\' },
    columns: 'id int; name string',
    files: { 'a.csv': '1,Ann\\, B\n2,c\\\\d\n' },
  },
  collections: {
    serde: LAZY,
    serdeParameters: { ...COMMA, 'colelction.delim': '|', 'mapkey.delim': ':' },
    columns: 'id int; tags array<int>; counts map<string,int>; spot struct<x:int,label:string>; raw binary',
    files: { 'a.csv': '1,1|2,k:1|l:2,5|x,QUJD\n' },
  },
  packed: {
    serde: LAZY,
    serdeParameters: COMMA,
    columns: 'id int; name string',
    files: { 'a.csv.gz': Buffer.concat([gzipSync('1,Ann\n'), gzipSync('2,Bob\n')]), 'b.csv': '3,Cid\n' },
  },
  lost_values: {
    serde: LAZY,
    serdeParameters: COMMA,
    columns: 'id int; price double; sold boolean; day date; at timestamp; amount decimal(5,2)',
    files: {
      'a.csv':
        '1,1.5,TRUE,2024-01-01,2024-01-01 10:00:00,1.25\n1.5,dear,yes,2024-13-01,noon,12345.6\nx,2,,,,\n',
    },
  },
  quoted: {
    serde: QUOTED,
    columns: 'id string; name string',
    files: { 'a.csv': '"1","Ann, ""B"""\n2,"two\nlines"\n3,\n' },
  },
  quoted_numbers: {
    serde: QUOTED,
    columns: 'id int; at timestamp',
    files: { 'a.csv': '"1","1700000000000"\n"","x"\n' },
  },
  any_case: {
    serde: JSON_SERDE,
    columns:
      'id bigint; name string; spot struct<a:int,b:string>; list array<struct<x:int>>; counts map<string,int>',
    files: {
      'a.json':
        '{"ID":9007199254740993,"Name":"A","Spot":{"A":1,"B":"q"},"list":[{"X":1},{}],"counts":{"K":1},"extra":1}\n{}\n',
    },
  },
  json_list: {
    serde: JSON_SERDE,
    columns: 'id int; name string',
    files: { 'a.json': '[{"id":1,"name":"a"},{"id":2.0}]' },
  },
  json_scalars: {
    serde: JSON_SERDE,
    columns: 'text string; flag boolean; amount decimal(20,3); at timestamp',
    files: {
      'a.json':
        '{"text":[1,2],"flag":"true","amount":12345678901234567.891,"at":"2024-01-01T10:00:00+02:00"}\n{"amount":"12345678901234567.892","text":1}\n',
    },
  },
  json_rounded: { serde: JSON_SERDE, columns: 'id int', files: { 'a.json': '{"id":1}\n{"id":1.5}\n' } },
  json_other: {
    serde: JSON_SERDE,
    columns: 'id int; flag boolean',
    files: { 'a.json': '{"id":1,"flag":"perhaps"}\n' },
  },
  json_no_list: { serde: JSON_SERDE, columns: 'list array<int>', files: { 'a.json': '{"list":{"a":1}}\n' } },
  json_cut: { serde: JSON_SERDE, columns: 'id int', files: { 'a.json': '{"id":1}\n{"id":\n' } },
  whole_doubles: {
    serde: PARQUET,
    columns: 'id int; amount decimal(10,2); flag boolean; day date',
    parquet: `SELECT 7::DOUBLE AS id, 1.25::DOUBLE AS amount, 1::BIGINT AS flag, TIMESTAMP '2024-01-01' AS day`,
  },
  cut_doubles: { serde: PARQUET, columns: 'id int', parquet: 'SELECT 1.75::DOUBLE AS id' },
  cut_decimals: {
    serde: PARQUET,
    columns: 'amount decimal(10,2)',
    parquet: 'SELECT 1.255::DECIMAL(10,3) AS amount',
  },
  cut_times: {
    serde: PARQUET,
    columns: 'day date',
    parquet: `SELECT TIMESTAMP '2024-01-01 10:00:00' AS day`,
  },
  cut_texts: { serde: PARQUET, columns: 'id int', parquet: `SELECT '1.5' AS id` },
  no_flags: { serde: PARQUET, columns: 'flag boolean', parquet: 'SELECT 2 AS flag' },
};

let lake: IngestFixture;
const reports = new Map<string, TableReport>();

beforeAll(async () => {
  lake = await openIngestFixture();
  for (const [
    name,
    { serde, serdeParameters = {}, columns, files = {}, parquet, parameters = {} },
  ] of Object.entries(CASES)) {
    for (const [file, bytes] of Object.entries(files)) await lake.put(`raw/${name}/${file}`, bytes);
    if (parquet !== undefined) await lake.putParquet(`raw/${name}/a.parquet`, parquet);
    await define(
      name,
      {
        Columns: columnsOf(columns),
        SerdeInfo: { SerializationLibrary: serde, Parameters: serdeParameters },
      },
      parameters,
    );
  }
  const { tables } = await lake.run({ disposition: 'replace' });
  for (const report of tables) reports.set(report.table, report);
});
afterAll(() => lake.close());

const define = (Name: string, descriptor: StorageDescriptor, Parameters = {}, PartitionKeys: Column[] = []) =>
  lake.clients.glue.createTable({
    DatabaseName: 'shop',
    // Without a slash at its end, as people write them.
    TableInput: {
      Name,
      Parameters,
      PartitionKeys,
      StorageDescriptor: { Location: `s3a://lake/raw/${Name}`, ...descriptor },
    },
  });

it.each<[string, unknown[][]]>([
  [
    'windows_lines',
    [
      [1, 'Ann'],
      [2, 'Bob'],
    ],
  ],
  [
    'headers',
    [
      [1, 'Ann'],
      [2, 'Bob'],
    ],
  ],
  [
    'short_and_long',
    [
      [1, null, null],
      [2, 'Bob', 'x'],
    ],
  ],
  [
    'escaped',
    [
      [1, 'Ann, B'],
      [2, 'c\\d'],
    ],
  ],
  [
    'collections',
    [
      [
        1,
        [1, 2],
        [
          { key: 'k', value: 1 },
          { key: 'l', value: 2 },
        ],
        { x: 5, label: 'x' },
        'ABC',
      ],
    ],
  ],
  [
    'packed',
    [
      [1, 'Ann'],
      [2, 'Bob'],
      [3, 'Cid'],
    ],
  ],
  [
    'lost_values',
    [
      [1, 1.5, true, '2024-01-01', '2024-01-01 10:00:00', '1.25'],
      [null, 2, null, null, null, null],
      [null, null, null, null, null, null],
    ],
  ],
  [
    'quoted',
    [
      ['1', 'Ann, "B"'],
      ['2', 'two\nlines'],
      ['3', ''],
    ],
  ],
  [
    'quoted_numbers',
    [
      [1, '2023-11-14 22:13:20'],
      [null, null],
    ],
  ],
  [
    'any_case',
    [
      ['9007199254740993', 'A', { a: 1, b: 'q' }, [{ x: 1 }, { x: null }], [{ key: 'K', value: 1 }]],
      [null, null, null, null, null],
    ],
  ],
  [
    'json_list',
    [
      [1, 'a'],
      [2, null],
    ],
  ],
  [
    'json_scalars',
    [
      ['1', null, '12345678901234567.892', null],
      ['[1,2]', true, '12345678901234567.891', '2024-01-01 08:00:00'],
    ],
  ],
  ['whole_doubles', [[7, '1.25', true, '2024-01-01']]],
])('%s: every value is in the output', async (name, rows) => {
  expect(reports.get(name)).toMatchObject({ status: 'loaded' });
  expect((await lake.read(name)).map((row) => Object.values(row))).toEqual(rows);
});

it('values that are none of their column are counted, with one of them, and empty ones are not', () => {
  const warnings = (name: string) =>
    reports.get(name)?.warnings.filter((each) => each.includes('in the output'));
  expect(warnings('lost_values')).toEqual([
    'shop.lost_values: 2 values of id are no int, such as "1.5", and are null in the output.',
    'shop.lost_values: 1 values of price are no double, such as "dear", and are null in the output.',
    'shop.lost_values: 1 values of sold are no boolean, such as "yes", and are null in the output.',
    'shop.lost_values: 1 values of day are no date, such as "2024-13-01", and are null in the output.',
    'shop.lost_values: 1 values of at are no timestamp, such as "noon", and are null in the output.',
    'shop.lost_values: 1 values of amount are no decimal(5,2), such as "12345.6", and are null in the output.',
  ]);
  expect(warnings('quoted_numbers')).toEqual([
    'shop.quoted_numbers: 1 values of at are no timestamp, such as "x", and are null in the output.',
  ]);
  expect(warnings('short_and_long')).toEqual([]);
});

it.each<[string, RegExp]>([
  [
    'json_rounded',
    /^shop\.json_rounded .*Column id has 1\.5, which is no INTEGER.*s3:\/\/lake\/raw\/json_rounded\/a\.json/,
  ],
  ['json_other', /Column flag has perhaps, which is no BOOLEAN/],
  ['json_no_list', /Column list has \{"a":1\}, which is no array/],
  ['json_cut', /Malformed JSON in file "s3:\/\/lake\/raw\/json_cut\/a\.json".*line 3/],
  ['cut_doubles', /Column id has 1\.75, which is no INTEGER/],
  ['cut_decimals', /Column amount has 1\.255, which is no DECIMAL\(10,2\)/],
  ['cut_times', /Column day has 2024-01-01 10:00:00, which is no DATE/],
  ['cut_texts', /Column id has 1\.5, which is no INTEGER/],
  ['no_flags', /Column flag has 2, which is no BOOLEAN/],
])('%s: what would be rounded, cut off or left out fails the table', (name, reason) => {
  expect(reports.get(name)).toMatchObject({
    status: 'failed',
    reason: expect.stringMatching(reason) as unknown,
  });
});

it("delimited fields are those of their partition's columns, wherever the partition is", async () => {
  const SerdeInfo = { SerializationLibrary: LAZY, Parameters: COMMA };
  await define(
    'parted',
    { Columns: columnsOf('id int; added string; name string'), SerdeInfo },
    {},
    columnsOf('day date; part int'),
  );
  const partition = (Values: string[], Location: string, columns: string): PartitionInput => ({
    Values,
    StorageDescriptor: { Location, Columns: columnsOf(columns), SerdeInfo },
  });
  await lake.put('raw/parted/day=2024-01-01/part=1/a.csv', '1,Ann\n');
  await lake.put('elsewhere/a.csv', '2,new,Bob\n');
  await lake.put('raw/parted/day=__HIVE_DEFAULT_PARTITION__/part=3/a.csv', '3,,Cid\n');
  await lake.put('raw/parted/day=2024-01-09/part=9/unknown.csv', '9,,x\n');
  await lake.clients.glue.batchCreatePartition({
    DatabaseName: 'shop',
    TableName: 'parted',
    PartitionInputList: [
      partition(['2024-01-01', '1'], 's3://lake/raw/parted/day=2024-01-01/part=1', 'id int; name string'),
      partition(['2024-01-02', '02'], 's3a://lake/elsewhere/', 'id int; added string; name string'),
      partition(
        ['__HIVE_DEFAULT_PARTITION__', '3'],
        's3://lake/raw/parted/day=__HIVE_DEFAULT_PARTITION__/part=3/',
        'id int; added string; name string',
      ),
    ],
  });
  const { tables } = await lake.run({ include: ['parted'], disposition: 'replace' });
  expect(tables).toMatchObject([{ status: 'loaded', rows: 3 }]);
  expect((await lake.read('parted')).map((row) => Object.values(row))).toEqual([
    [1, null, 'Ann', '2024-01-01', 1],
    [2, 'new', 'Bob', '2024-01-02', 2],
    [3, '', 'Cid', null, 3],
  ]);
});

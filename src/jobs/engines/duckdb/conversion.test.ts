// Formats read and written: what each holds comes out as the catalog says, broken input is told by name.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CodeGenConfigurationNode } from '@aws-sdk/client-glue';
import {
  BUCKET,
  csvSource,
  jsonSource,
  openJobHarness,
  parquetTarget,
  tableSource,
  type JobHarness,
} from '../../../../test/jobs/job-harness.js';

const LAZY = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';
const OPEN_CSV = 'org.apache.hadoop.hive.serde2.OpenCSVSerde';
const OPENX = 'org.openx.data.jsonserde.JsonSerDe';
const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';

let jobs: JobHarness;
beforeAll(async () => {
  jobs = await openJobHarness();
});
beforeEach(() => jobs.clear());
afterAll(() => jobs.close());

const columns = (text: string) =>
  text.split('; ').map((each) => {
    const [Name, Type] = each.split(' ');
    return { Name: Name ?? '', Type };
  });

function textTarget(Format: 'csv' | 'json', more: object = {}): CodeGenConfigurationNode {
  return { S3DirectTarget: { Name: 'Out', Inputs: ['s'], Path: `s3://${BUCKET}/out`, Format, ...more } };
}

function csvTable(more: Partial<Parameters<JobHarness['createTable']>[1]> = {}): void {
  jobs.createTable('t', {
    serde: LAZY,
    serdeParameters: { 'field.delim': ',' },
    parameters: { 'skip.header.line.count': '1' },
    columns: columns('id bigint; temp double; dir string'),
    ...more,
  });
}

const toParquet = (source = tableSource('t')) => jobs.run({ s: source, t: parquetTarget('s') });

describe('CSV', () => {
  test('two parts with a header give two Parquet files, with the table’s types', async () => {
    await jobs.put('t/part0', 'Row,Temp,Dir\n1,58.6,NNE\n2,---,---\n');
    await jobs.put('t/part1', 'Row,Temp,Dir\n3,"57",\n');
    csvTable();
    await toParquet();
    expect(jobs.keys()).toEqual([
      'out/run-1700000000000-part-block-0-r-00000-snappy.parquet',
      'out/run-1700000000000-part-block-0-r-00001-snappy.parquet',
    ]);
    expect(await jobs.rows()).toEqual([
      { id: '1', temp: 58.6, dir: 'NNE' },
      { id: '2', temp: null, dir: '---' },
      { id: '3', temp: 57, dir: '' },
    ]);
  });

  test.each([
    ['12', 'bigint', '12'],
    ['1.5', 'bigint', null],
    ['12x', 'bigint', null],
    ['', 'bigint', null],
    ['99999999999', 'int', null],
    ['1e2', 'double', 100],
    [' 1.5 ', 'double', 1.5],
    ['.5', 'double', 0.5],
    ['+5.', 'double', 5],
    ['1e400', 'double', 'Infinity'],
    ['0x10', 'double', null],
    ['-inf', 'double', '-Infinity'],
    ['1.5d', 'double', null],
    ['NULL', 'double', null],
    ['1.239', '"decimal(5,2)"', '1.24'],
    ['2024-02-30', 'date', null],
    ['2024-02-03 04:05:06', 'timestamp', '2024-02-03 04:05:06'],
    ['TRUE', 'boolean', true],
    ['maybe', 'boolean', null],
    [' x ', 'string', ' x '],
    ['NULL', 'string', 'NULL'],
  ])('%j as %s is %j', async (text, type, expected) => {
    await jobs.put('t/a.csv', `h,h2\n${text},1\n`);
    csvTable({ columns: columns(`v ${type.replaceAll('"', '')}; w int`) });
    await toParquet();
    expect(await jobs.rows()).toEqual([{ v: expected, w: 1 }]);
  });

  test('records with too few fields have nulls, with too many lose the surplus, also around quoted line breaks', async () => {
    await jobs.put('t/a.csv', 'id,temp,dir\n1,2\n3,4,"x\ny",extra\n5\n');
    csvTable();
    await toParquet();
    expect(await jobs.rows()).toEqual([
      { id: '1', temp: 2, dir: null },
      { id: '3', temp: 4, dir: 'x\ny' },
      { id: '5', temp: null, dir: null },
    ]);
    expect(jobs.lines.join('\n')).toContain('Some records are irregular');
  });

  test.each([
    ['CR and LF', 'id,temp,dir\r\n1,2,x\r\n\r\n3,4,y'],
    ['line ends of two kinds', 'id,temp,dir\r\n1,2,x\n3,4,y\r\n'],
    ['an empty line', 'id,temp,dir\n1,2,x\n\n3,4,y\n\n'],
    ['a byte order mark and quotes', '\uFEFF"id","temp","dir"\n"1","2","x"\n"3","4","y"\n'],
  ])('%s are read', async (_what, body) => {
    await jobs.put('t/a.csv', body);
    csvTable();
    await toParquet();
    expect(await jobs.rows()).toEqual([
      { id: '1', temp: 2, dir: 'x' },
      { id: '3', temp: 4, dir: 'y' },
    ]);
  });

  test('a file with a header only gives a file without rows', async () => {
    await jobs.put('t/a.csv', 'id,temp,dir');
    csvTable();
    await toParquet();
    expect(jobs.keys()).toHaveLength(1);
    expect(await jobs.rows()).toEqual([]);
  });

  test('OpenCSV goes by its own separator, quote and escape; serialization.null.format is null', async () => {
    await jobs.put('t/a.csv', "1;'it\\'s; so'\n2;x\n");
    jobs.createTable('t', {
      serde: OPEN_CSV,
      serdeParameters: { separatorChar: ';', quoteChar: "'", escapeChar: '\\' },
      columns: columns('a string; b string'),
    });
    await toParquet();
    expect(await jobs.rows()).toEqual([
      { a: '1', b: "it's; so" },
      { a: '2', b: 'x' },
    ]);
    jobs.clear();
    await jobs.put('t/a.csv', 'id\u0001temp\u0001dir\n1\u0001\\N\u0001\\N\n');
    csvTable({ serdeParameters: { 'serialization.null.format': '\\N' } });
    await toParquet();
    expect(await jobs.rows()).toEqual([{ id: '1', temp: null, dir: null }]);
  });

  test('files of an S3 source go by their own headers, as text', async () => {
    await jobs.put('in/a.csv', 'x,y\n1,2\n');
    await jobs.put('in/b.csv', '\uFEFFy,"z ""q"""\n3,4\n');
    await jobs.put('in/_SUCCESS', 'hidden');
    await jobs.put('in/sub/c.csv', 'x\nnot read\n');
    await toParquet(csvSource('in/'));
    expect(await jobs.rows()).toEqual([
      { x: '1', y: '2', 'z "q"': null },
      { x: null, y: '3', 'z "q"': '4' },
    ]);
  });

  test('without header, columns are col0, col1, ...', async () => {
    await jobs.put('in/a.csv', '1|2\n');
    const source = csvSource('in/').S3CsvSource!;
    await toParquet({ S3CsvSource: { ...source, Separator: 'pipe', WithHeader: false } });
    expect(await jobs.rows()).toEqual([{ col0: '1', col1: '2' }]);
  });
});

describe('JSON', () => {
  test('nested values become JSON text in CSV; types that do not fit become null', async () => {
    await jobs.put(
      't/a.json',
      '{"Id":1,"tags":["a","b"],"geo":{"lat":1.5,"n":2.5},"none":null}\n' +
        '{"Id":2.5,"tags":"odd","geo":{"lat":"x","n":3},"none":{"k":1}}\n{}\n',
    );
    jobs.createTable('t', {
      serde: OPENX,
      serdeParameters: { paths: 'Id,tags,geo,none' },
      columns: columns('id int; tags array<string>; geo struct<lat:double,n:int>; none string'),
    });
    await jobs.run({ s: tableSource('t'), t: textTarget('csv') });
    expect(jobs.text('out/run-1700000000000-part-r-00000')).toBe(
      'id,"tags","geo","none"\n' +
        '1,"[""a"",""b""]","{""lat"":1.5,""n"":null}",\n' +
        ',,"{""lat"":null,""n"":3}","{""k"":1}"\n' +
        ',,,\n',
    );
  });

  test('records over several lines and arrays of records are read, whatever the case of their keys', async () => {
    await jobs.put('t/a.json', '[\n {"ID": 1},\n {"Id": 2}\n]');
    await jobs.put('t/b.json', '{\n "id": 3\n}\n{"id": 4}');
    jobs.createTable('t', { serde: OPENX, columns: columns('id int') });
    await toParquet();
    expect(await jobs.rows()).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }]);
  });

  test('an S3 source has the columns of all records; a text that looks like a date stays one', async () => {
    await jobs.put('in/a.json', '{"a":1,"d":"2024-01-01"}\n');
    await jobs.put('in/b.json', gzipSync('{"a":2.5,"e":[{"f":true}]}\n'));
    await toParquet(jsonSource('in/'));
    expect(await jobs.rows()).toEqual([
      { a: 1, d: '2024-01-01', e: null },
      { a: 2.5, d: null, e: [{ f: true }] },
    ]);
  });

  test('lines of JSON come out again, gzip by name', async () => {
    await jobs.put('in/a.json', '{"a":"ü\\"","n":null,"s":{"x":1}}\n');
    await jobs.run({ s: jsonSource('in/'), t: textTarget('json', { Compression: 'gzip' }) });
    expect(jobs.keys()).toEqual(['out/run-1700000000000-part-r-00000.gz']);
    expect(jobs.text(jobs.keys()[0]!)).toBe('{"a":"ü\\"","n":null,"s":{"x":1}}\n');
  });
});

describe('Parquet', () => {
  test('files with other columns and types are read as the table declares', async () => {
    await jobs.putParquet('t/a.parquet', 'SELECT 1::BIGINT AS "ID", 1.5 AS v');
    await jobs.putParquet('t/b.parquet', `SELECT 'x' AS v, 2::INTEGER AS id, [1] AS extra`);
    jobs.createTable('t', { serde: PARQUET, columns: columns('id bigint; v double; gone string') });
    await toParquet();
    expect(await jobs.rows()).toEqual([
      { id: '1', v: 1.5, gone: null },
      { id: '2', v: null, gone: null },
    ]);
  });

  test('an S3 source keeps the files’ own columns and nested types', async () => {
    await jobs.putParquet('in/a.parquet', `SELECT 7 AS n, {'a b': [1, 2]} AS s, DATE '2024-01-02' AS d`);
    await toParquet({ S3ParquetSource: { Name: 'P', Paths: [`s3://${BUCKET}/in/`] } });
    expect(await jobs.rows()).toEqual([{ n: 7, s: { 'a b': [1, 2] }, d: '2024-01-02' }]);
  });
});

describe('partitions', () => {
  const partitioned = async () => {
    csvTable({
      columns: columns('id bigint; v string'),
      partitionKeys: columns('year int; city string'),
    });
    for (const [year, city, id] of [
      ['2023', 'A', 1],
      ['2024', 'B/ü', 2],
      ['2024', '__HIVE_DEFAULT_PARTITION__', 3],
    ] as const) {
      const folder = `t/p${id}/`;
      await jobs.put(`${folder}a.csv`, `id,v\n${id},x\n`);
      const Location = `s3://${BUCKET}/${folder}`;
      jobs.catalog.createPartitions('db', 't', [{ Values: [year, city], StorageDescriptor: { Location } }]);
    }
  };

  test('keys are columns of their own types', async () => {
    await partitioned();
    await jobs.run({
      s: tableSource('t'),
      d: { DropDuplicates: { Name: 'one file', Inputs: ['s'] } },
      t: parquetTarget('d'),
    });
    const rows = await jobs.rows();
    expect(rows.sort((a, b) => Number(a.id) - Number(b.id))).toEqual([
      { id: '1', v: 'x', year: 2023, city: 'A' },
      { id: '2', v: 'x', year: 2024, city: 'B/ü' },
      { id: '3', v: 'x', year: 2024, city: null },
    ]);
  });

  test('a predicate and a filter on a key leave the other partitions’ files unread', async () => {
    await partitioned();
    await jobs.put('t/p1/a.csv', Buffer.from([0x1f, 0x8b, 8, 0, 1, 2]));
    const predicate = { ...tableSource('t').CatalogSource!, PartitionPredicate: 'year = 2024' };
    await toParquet({ CatalogSource: predicate });
    expect(await jobs.rows()).toHaveLength(2);
    const values = [
      { Type: 'COLUMNEXTRACTED' as const, Value: ['year'] },
      { Type: 'CONSTANT' as const, Value: ['2023'] },
    ];
    await jobs.run({
      s: tableSource('t'),
      f: {
        Filter: {
          Name: 'F',
          Inputs: ['s'],
          LogicalOperator: 'AND',
          Filters: [{ Operation: 'GT', Values: values }],
        },
      },
      t: { S3DirectTarget: { Name: 'T', Inputs: ['f'], Path: `s3://${BUCKET}/out2/`, Format: 'csv' } },
    });
    expect(jobs.keys('out2/')).toHaveLength(2);
  });

  test('PartitionKeys become folders, escaped as Hive does, and are not in the files', async () => {
    await jobs.put('in/a.json', '{"k":"a/b=c%","n":1}\n{"k":null,"n":2}\n{"k":"","n":3}\n{"k":"ü ","n":4}\n');
    await jobs.run({ s: jsonSource('in/'), t: textTarget('csv', { PartitionKeys: [['k']] }) });
    const texts = Object.fromEntries(jobs.keys().map((key) => [key, jobs.text(key)]));
    expect(texts).toEqual({
      'out/k=__HIVE_DEFAULT_PARTITION__/run-1700000000000-part-r-00000': 'n\n2\n3\n',
      'out/k=a%2Fb%3Dc%25/run-1700000000000-part-r-00000': 'n\n1\n',
      'out/k=ü /run-1700000000000-part-r-00000': 'n\n4\n',
    });
  });
});

describe('broken and empty input', () => {
  test.each<[string, string | Buffer, CodeGenConfigurationNode, string | RegExp]>([
    [
      'a gzip file that is cut',
      gzipSync('id,v\n' + '1,x\n'.repeat(1000)).subarray(0, 40),
      csvSource('in/'),
      `s3://${BUCKET}/in/x is not a whole gzip file: unexpected end of file.`,
    ],
    [
      'half a JSON line',
      '{"a":1}\n{"a":',
      jsonSource('in/'),
      new RegExp(`Node "Source" \\(S3JsonSource\\): .*Malformed JSON in file "s3://${BUCKET}/in/x"`),
    ],
    [
      'a quote that is never closed',
      'a,b\n1,"x\n2,y\n',
      csvSource('in/'),
      `Value with unterminated quote found. (in s3://${BUCKET}/in/x)`,
    ],
    [
      'text that is not UTF-8',
      Buffer.from('a,b\n1,caf\xe9\n', 'latin1'),
      csvSource('in/'),
      `This file is not utf-8 encoded. (in s3://${BUCKET}/in/x)`,
    ],
    [
      'a binary file called CSV',
      Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x00, 0xd8, 0x0a]),
      csvSource('in/'),
      new RegExp(`Target "Target" could not be written: .*(s3://${BUCKET}/in/x|unicode|UTF-8|utf-8)`, 'i'),
    ],
    [
      'something that is no Parquet file',
      'PAR0',
      { S3ParquetSource: { Name: 'P', Paths: [`s3://${BUCKET}/in/`] } },
      new RegExp(`s3://${BUCKET}/in/x`),
    ],
    [
      'a compression that is not read',
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]),
      csvSource('in/'),
      `s3://${BUCKET}/in/x is compressed with zstd, which jobs cannot read; use gzip or none.`,
    ],
  ])('%s fails the run, which names it', async (_what, body, source, message) => {
    await jobs.put('in/x', body);
    await expect(toParquet(source)).rejects.toThrow(message);
    expect(jobs.keys()).toEqual([]);
  });

  test('half a JSON line of a table fails the run, which names the file', async () => {
    await jobs.put('t/x', '{"a":1}\n{"a":');
    jobs.createTable('t', { serde: OPENX, columns: columns('a int'), serdeParameters: { paths: 'a' } });
    await expect(toParquet()).rejects.toThrow(`Malformed JSON in file "s3://${BUCKET}/t/x"`);
  });

  test('an empty folder gives no rows and no output, and the log says so', async () => {
    await jobs.put('in/', '');
    await toParquet(jsonSource('in/'));
    expect(jobs.keys()).toEqual([]);
    expect(jobs.lines).toContain(`Node "Source": there is no data at s3://${BUCKET}/in/; it has no rows.`);
    expect(jobs.lines).toContain('Node "Target": wrote 0 rows in 0 files.');
    csvTable();
    await toParquet();
    expect(jobs.keys()).toEqual([]);
  });

  test('a table over a SerDe that is not read is refused by name', async () => {
    jobs.createTable('t', { serde: 'org.example.Serde', columns: columns('a int') });
    await expect(toParquet()).rejects.toThrow('its SerDe "org.example.Serde" is not supported; these are:');
  });
});

test('an object that is replaced is read as it is now', async () => {
  csvTable();
  for (const value of ['1', '2', '3']) {
    await jobs.put('t/a.csv', `id,temp,dir\n${value},1,x\n`);
    await jobs.run({ s: tableSource('t'), t: parquetTarget('s') });
    expect((await jobs.rows()).map((row) => row.id)).toContain(value);
  }
});

test('names and values of any kind go through unharmed', async () => {
  const name = `q"'; DROP TABLE x; -- \\ ü`;
  await jobs.put(`in/it's "here"/a b.json`, JSON.stringify({ [name]: `v"'\\\n`, c0: 1, a: { [name]: 2 } }));
  await jobs.run({
    s: jsonSource(`in/it's "here"/`),
    f: { SelectFields: { Name: 'F', Inputs: ['s'], Paths: [[name], ['c0'], ['a', name]] } },
    t: parquetTarget('f'),
  });
  expect(await jobs.rows()).toEqual([{ [name]: `v"'\\\n`, c0: '1', a: { [name]: '2' } }]);
});

describe('exclusions of a source', () => {
  test.each([
    ['below the path', ['**.bak', 'old/*']],
    ['as whole URIs', [`s3://${BUCKET}/in/**.bak`, `s3://${BUCKET}/in/old/**`]],
  ])('written %s keep files out', async (_case, Exclusions) => {
    await jobs.put('in/a.json', '{"id":1}\n');
    await jobs.put('in/a.json.bak', '{"id":2}\n');
    await jobs.put('in/old/b.json', '{"id":3}\n');
    const Paths = [`s3://${BUCKET}/in/`];
    await toParquet({ S3JsonSource: { Name: 'Source', Paths, Recurse: true, Exclusions } });
    expect(await jobs.rows()).toEqual([{ id: '1' }]);
  });
});

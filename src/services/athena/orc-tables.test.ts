// Tables over ORC files, written by Apache's own library (test/tabular/orc/write-files.py), through the SDK's client.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openQueryRunner, type QueryRunner } from '../../../test/query/query-runner.js';
import { openEmbedded, type Embedded } from '../../embedded.js';

const FILES = join(import.meta.dirname, '../../../test/tabular/orc');

let aws: Embedded;
let runner: QueryRunner;

beforeAll(async () => {
  aws = await openEmbedded();
  const { athena, glue, s3 } = aws.clients();
  await s3.createBucket({ Bucket: 'lake' });
  await glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  runner = openQueryRunner(athena, { Database: 'shop', OutputLocation: 's3://lake/results/' });
});

afterAll(() => aws.close());

const fileOf = (name: string) => readFileSync(join(FILES, `${name}.orc`));

const put = (Key: string, Body: Buffer) => aws.clients().s3.putObject({ Bucket: 'lake', Key, Body });

const create = (table: string, columns: string, more = '') =>
  runner.run(
    `CREATE EXTERNAL TABLE ${table} (${columns}) ${more} STORED AS ORC LOCATION 's3://lake/${table}/'`,
  );

const TYPES = `flag boolean, tiny tinyint, small smallint, whole int, large bigint, ratio float, price double, note string,
  raw binary, amount decimal(10,2), huge decimal(38,9), day date, at timestamp, tags array<string>,
  counts map<string,bigint>, by_day map<int,string>, place struct<city:string,spot:struct<x:bigint,y:bigint>>`;

describe('a table over ORC files', () => {
  test.each(['uncompressed', 'zlib', 'snappy', 'lz4', 'zstd'])(
    'has values of every type, compressed with %s',
    async (compression) => {
      const table = `types_${compression}`;
      await put(`${table}/a.orc`, fileOf(`types-${compression}`));
      await create(table, TYPES);
      expect(await runner.rows(`SELECT * FROM ${table}`)).toEqual([
        [
          'true',
          '-128',
          '-32768',
          '2147483647',
          '9223372036854775807',
          '0.5',
          '-1.5E300',
          'héllo "x"\n',
          '00 ff',
          '-12345678.90',
          '-99999999999999999999999999999.123456789',
          '1969-12-31',
          '1969-12-31 23:59:59.000',
          '[a, null, ]',
          '{one=1, two=null}',
          '{7=x, -1=y}',
          '{city=Oslo, spot={x=1, y=null}}',
        ],
        [
          'false',
          '127',
          '32767',
          '-2147483648',
          '-9223372036854775808',
          'Infinity',
          'NaN',
          '',
          '',
          '0.01',
          '0.000000001',
          '2024-02-29',
          '2024-02-29 12:30:15.123',
          '[]',
          '{}',
          '{}',
          '{city=null, spot=null}',
        ],
        new Array(17).fill(null),
      ]);
    },
  );

  test.each(['runs', 'runs-of-version-1'])('has every number of runs of every kind: %s', async (name) => {
    const table = name.replaceAll('-', '_');
    await put(`${table}/a.orc`, fileOf(name));
    await create(
      table,
      'n bigint, same bigint, down int, noise bigint, spikes bigint, wide bigint, steps bigint, tiny tinyint, odd boolean, city string',
    );
    const expected = {
      same: '7',
      down: 'n * -3',
      noise: 'n * 7919 % 2003 * 1234567 - 1000000000',
      spikes: 'IF(n % 97 = 0, 1000000000000000 + n, n * 31 % 100)',
      wide: 'IF(n % 2 = 1, n * 31 % 1009 - 9223372036854775807 - 1, 9223372036854775807 - n * 31 % 1009)',
      steps: 'n * n',
      tiny: 'n % 200 - 100',
      odd: 'IF(n % 5 <> 0, n % 7 = 0)',
      city: `IF(n % 11 <> 0, element_at(ARRAY['Oslo', 'Lima', 'Perth'], CAST(n % 3 AS integer) + 1))`,
    };
    const wrong = Object.entries(expected).map(
      ([column, value]) => `count_if(${column} IS DISTINCT FROM ${value}) AS ${column}`,
    );
    expect(
      await runner.rows(`SELECT count(*), count(DISTINCT n), max(n), ${wrong.join(', ')} FROM ${table}`),
    ).toEqual([['1500', '1500', '1499', ...Object.keys(expected).map(() => '0')]]);
  });

  test('is read by the places of columns, and by their names where the SerDe is told so', async () => {
    await put('placed/a.orc', fileOf('types-zlib'));
    await create('placed', 'yes boolean, little tinyint, short smallint, extra string');
    await put('named/a.orc', fileOf('types-zlib'));
    await runner.run(
      `CREATE EXTERNAL TABLE named (note string, Whole int, missing date)
       ROW FORMAT SERDE 'org.apache.hadoop.hive.ql.io.orc.OrcSerde' WITH SERDEPROPERTIES ('orc.column.index.access'='false')
       STORED AS ORC LOCATION 's3://lake/named/'`,
    );
    expect(await runner.rows('SELECT yes, little, short FROM placed WHERE yes')).toEqual([
      ['true', '-128', '-32768'],
    ]);
    expect(await runner.rows('SELECT note, whole, missing FROM named WHERE whole < 0')).toEqual([
      ['', '-2147483648', null],
    ]);
    expect(await runner.failure('SELECT extra FROM placed')).toBe(
      "HIVE_BAD_DATA: Field extra's type INTEGER in ORC file s3://lake/placed/a.orc is incompatible with type varchar defined in table schema",
    );
  });

  test('is pruned by partitions, tells paths, and feeds what is made of it', async () => {
    await put('parted/day=1/a.orc', fileOf('types-zlib'));
    await put('parted/day=2/a.orc', fileOf('types-lz4'));
    await create('parted', 'flag boolean, tiny tinyint', 'PARTITIONED BY (day int)');
    await runner.run('MSCK REPAIR TABLE parted');
    expect(await runner.rows(`SELECT day, tiny, "$path" FROM parted WHERE day = 2 AND flag`)).toEqual([
      ['2', '-128', 's3://lake/parted/day=2/a.orc'],
    ]);
    await runner.run(`CREATE TABLE copied WITH (format = 'PARQUET') AS SELECT * FROM parted`);
    expect(await runner.rows('SELECT day, count(*) FROM copied GROUP BY day ORDER BY day')).toEqual([
      ['1', '3'],
      ['2', '3'],
    ]);
  });

  test('fails with the name of a file that is damaged', async () => {
    const whole = fileOf('types-zlib');
    await put('cut/a.orc', whole.subarray(0, whole.length - 40));
    await create('cut', 'flag boolean');
    expect(await runner.failure('SELECT * FROM cut')).toMatch(
      /^HIVE_CURSOR_ERROR: s3:\/\/lake\/cut\/a\.orc cannot be read as ORC: /,
    );
    await put('other/a.orc', Buffer.from('id,name\n1,Ann\n'));
    await create('other', 'flag boolean');
    expect(await runner.failure('SELECT * FROM other')).toBe(
      'HIVE_CURSOR_ERROR: s3://lake/other/a.orc cannot be read as ORC: it does not begin with ORC',
    );
  });

  test('cannot be written to, and says so', async () => {
    await create('filled', 'flag boolean');
    expect(await runner.failure('INSERT INTO filled VALUES (true)')).toContain(
      'rows cannot be inserted into tables of org.apache.hadoop.hive.ql.io.orc.OrcSerde here',
    );
    expect(await runner.failure(`CREATE TABLE made WITH (format = 'ORC') AS SELECT 1 AS n`)).toContain(
      'files of the format ORC cannot be written here',
    );
  });
});

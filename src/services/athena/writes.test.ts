// CTAS, INSERT INTO and UNLOAD through the SDK's client.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEmbedded, type Embedded } from '../../embedded.js';
import { openQueryRunner, type QueryRunner } from '../../../test/query/query-runner.js';

let aws: Embedded;
let athena: QueryRunner;

beforeAll(async () => {
  aws = await openEmbedded();
  const clients = aws.clients();
  await clients.s3.createBucket({ Bucket: 'lake' });
  await clients.glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  athena = openQueryRunner(clients.athena, { Database: 'shop', OutputLocation: 's3://lake/results/' });
});

afterAll(() => aws.close());

const keysBelow = async (Prefix: string) =>
  ((await aws.clients().s3.listObjectsV2({ Bucket: 'lake', Prefix })).Contents ?? []).map(
    ({ Key }) => Key ?? '',
  );

test('CREATE TABLE AS writes Parquet in partitions that the catalog knows', async () => {
  const execution = await athena.run(
    `CREATE TABLE sales WITH (format = 'PARQUET', external_location = 's3://lake/sales/', partitioned_by = ARRAY['dt'])
     AS SELECT * FROM (VALUES (1, 1.5, '2024-01-01'), (2, 2.5, '2024-01-02'), (3, null, '2024-01-02')) AS t (id, price, dt)`,
  );
  expect(execution).toMatchObject({ StatementType: 'DDL', SubstatementType: 'CREATE_TABLE_AS_SELECT' });
  expect(execution.Statistics?.DataManifestLocation).toBe(
    `s3://lake/results/tables/${execution.QueryExecutionId}-manifest.csv`,
  );
  const keys = await keysBelow('sales/');
  expect(keys.map((key) => key.split('/').slice(0, 2).join('/'))).toEqual([
    'sales/dt=2024-01-01',
    'sales/dt=2024-01-02',
  ]);
  expect(await athena.rows(`SELECT id, price, dt FROM sales WHERE dt = '2024-01-02' ORDER BY id`)).toEqual([
    ['2', '2.5', '2024-01-02'],
    ['3', null, '2024-01-02'],
  ]);
});

test('INSERT INTO adds rows to a partition that is there and makes the one that is not', async () => {
  await athena.run(`INSERT INTO sales VALUES (4, 4.0, '2024-01-02'), (5, 5.5, '2024-01-03')`);
  expect(await athena.rows('SELECT dt, count(*), sum(price) FROM sales GROUP BY dt ORDER BY dt')).toEqual([
    ['2024-01-01', '1', '1.5'],
    ['2024-01-02', '3', '6.5'],
    ['2024-01-03', '1', '5.5'],
  ]);
  expect(await athena.failure(`INSERT INTO sales VALUES ('x', 1.0, 'd')`)).toBe(
    'TYPE_MISMATCH: line 1:1: Insert query has mismatched column types: Table: [integer, decimal(2,1), varchar(10)], Query: [varchar(1), decimal(2,1), varchar(1)]',
  );
});

test.each(['JSON', 'TEXTFILE', 'PARQUET'])(
  'what CREATE TABLE AS writes as %s is read back the same',
  async (format) => {
    await athena.run(
      `CREATE TABLE copy_${format} WITH (format = '${format}') AS
     SELECT 1 AS i, 2.5E0 AS d, 'a,b' AS s, true AS b, DATE '2024-01-02' AS dt, TIMESTAMP '2024-01-02 03:04:05.678' AS ts, 1.25 AS m, CAST(null AS varchar) AS n`,
    );
    expect(await athena.rows(`SELECT * FROM copy_${format}`)).toEqual([
      ['1', '2.5', 'a,b', 'true', '2024-01-02', '2024-01-02 03:04:05.678', '1.25', null],
    ]);
  },
);

test('CREATE TABLE AS leaves nothing behind when it fails', async () => {
  const reason = await athena.failure(
    `CREATE TABLE broken WITH (external_location = 's3://lake/broken/') AS SELECT CAST(x AS integer) AS x FROM (VALUES '1', 'no') AS t (x)`,
  );
  expect(reason).toBe("INVALID_CAST_ARGUMENT: Cannot cast 'no' to INT");
  expect(await keysBelow('broken/')).toEqual([]);
  expect(await athena.failure('SELECT * FROM broken')).toBe(
    "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.shop.broken' does not exist",
  );
});

test('CREATE TABLE AS refuses a folder that is not empty, a table that is there, and formats it cannot write', async () => {
  expect(
    await athena.failure(`CREATE TABLE t2 WITH (external_location = 's3://lake/sales/') AS SELECT 1 AS a`),
  ).toContain('HIVE_PATH_ALREADY_EXISTS');
  expect(await athena.failure('CREATE TABLE sales AS SELECT 1 AS a')).toBe(
    "TABLE_ALREADY_EXISTS: line 1:1: Table 'awsdatacatalog.shop.sales' already exists",
  );
  expect(await athena.failure(`CREATE TABLE t3 WITH (format = 'ORC') AS SELECT 1 AS a`)).toBe(
    'NOT_SUPPORTED: files of the format ORC cannot be written here; PARQUET, JSON and TEXTFILE can',
  );
  expect(await athena.failure('CREATE TABLE t4 AS SELECT 1')).toContain('COLUMN_NAME_NOT_SPECIFIED');
});

test('UNLOAD writes files and a manifest that lists them', async () => {
  const execution = await athena.run(
    `UNLOAD (SELECT id, dt FROM sales) TO 's3://lake/unloaded/' WITH (format = 'JSON', compression = 'NONE')`,
  );
  const [key = ''] = await keysBelow('unloaded/');
  const { s3 } = aws.clients();
  const manifest = await s3.getObject({
    Bucket: 'lake',
    Key: `results/${execution.QueryExecutionId}-manifest.csv`,
  });
  expect(await manifest.Body?.transformToString()).toBe(`s3://lake/${key}\n`);
  const file = await s3.getObject({ Bucket: 'lake', Key: key });
  expect((await file.Body?.transformToString())?.split('\n').sort()[1]).toBe('{"id":1,"dt":"2024-01-01"}');
});

test('a table with a column called file can be asked which files its rows are in', async () => {
  await athena.run(
    `CREATE TABLE uploads WITH (format = 'PARQUET', external_location = 's3://lake/uploads/') AS SELECT 'a.txt' AS file, 1 AS id`,
  );
  expect(
    await athena.rows(`SELECT file, id, starts_with("$path", 's3://lake/uploads/') FROM uploads`),
  ).toEqual([['a.txt', '1', 'true']]);
});

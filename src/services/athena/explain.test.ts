// EXPLAIN through the SDK's client, and texts that Hive's parser refuses.
import { InvalidRequestException } from '@aws-sdk/client-athena';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openQueryRunner, type QueryRunner } from '../../../test/query/query-runner.js';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../../embedded.js';

let aws: Embedded;
let clients: EmbeddedClients;
let runner: QueryRunner;

beforeAll(async () => {
  aws = await openEmbedded();
  clients = aws.clients();
  await clients.s3.createBucket({ Bucket: 'lake' });
  await clients.s3.putObject({ Bucket: 'lake', Key: 'people/a.csv', Body: '1,Ann\n2,Bob\n' });
  await clients.glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  runner = openQueryRunner(clients.athena, { Database: 'shop', OutputLocation: 's3://lake/results/' });
  await runner.run(
    "CREATE EXTERNAL TABLE people (id int, name string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://lake/people/'",
  );
});

afterAll(() => aws.close());

const textOf = (rows: (string | null)[][]) => rows.map(([line]) => line).join('\n');

describe('EXPLAIN', () => {
  test('shows the plan with the objects that are read, and no path of this machine', async () => {
    const execution = await runner.run('EXPLAIN SELECT name FROM people WHERE id > 1');
    expect(execution).toMatchObject({
      StatementType: 'DML',
      SubstatementType: 'EXPLAIN',
      ResultConfiguration: { OutputLocation: `s3://lake/results/${execution.QueryExecutionId}.txt` },
      Statistics: { DataScannedInBytes: 0 },
    });
    expect(await runner.columns('EXPLAIN SELECT name FROM people')).toMatchObject([
      { Name: 'Query Plan', Type: 'varchar' },
    ]);
    const plan = textOf(await runner.rows('EXPLAIN (FORMAT JSON) SELECT name FROM people WHERE id > 1'));
    expect(JSON.parse(plan)).toBeInstanceOf(Array);
    expect(plan).toContain('READ_CSV');
    expect(plan).not.toContain(aws.dataDir);
  });

  test('ANALYZE runs the query and counts the bytes that it read', async () => {
    const execution = await runner.run('EXPLAIN ANALYZE SELECT count(*) FROM people');
    expect(execution.Statistics?.DataScannedInBytes).toBe(12);
    expect(textOf(await runner.rows('EXPLAIN ANALYZE SELECT count(*) FROM people'))).toContain('Total Time');
  });

  test('TYPE VALIDATE says that names and types are right, or fails with what is not', async () => {
    expect(await runner.rows('EXPLAIN (TYPE VALIDATE) SELECT id + 1 FROM people')).toEqual([['true']]);
    expect(await runner.failure('EXPLAIN (TYPE VALIDATE) SELECT age FROM people')).toMatch(
      /COLUMN_NOT_FOUND/,
    );
  });

  test('explains the query of what writes, and writes nothing', async () => {
    await runner.run("EXPLAIN CREATE TABLE copies WITH (format = 'PARQUET') AS SELECT * FROM people");
    await expect(clients.glue.getTable({ DatabaseName: 'shop', Name: 'copies' })).rejects.toThrow();
  });

  test.each([
    ['EXPLAIN (TYPE IO) SELECT 1', 'NOT_SUPPORTED: EXPLAIN (TYPE IO) is not supported here'],
    [
      'EXPLAIN ANALYZE INSERT INTO people SELECT 3, null',
      'NOT_SUPPORTED: EXPLAIN ANALYZE of INSERT is not supported here: only of SELECT',
    ],
  ])('%s is refused by name', async (statement, reason) => {
    expect(await runner.failure(statement)).toBe(reason);
  });
});

describe('a text that does not parse', () => {
  const submit = (QueryString: string) =>
    clients.athena.startQueryExecution({
      QueryString,
      ResultConfiguration: { OutputLocation: 's3://lake/results/' },
    });

  test("is taken in, and fails as a query, where it is Hive's", async () => {
    const { QueryExecutionId } = await submit('DROP DATABASE my-db');
    await expect
      .poll(async () => (await clients.athena.getQueryExecution({ QueryExecutionId })).QueryExecution)
      .toMatchObject({
        StatementType: 'DDL',
        Status: {
          State: 'FAILED',
          StateChangeReason: "FAILED: ParseException line 1:16 missing EOF at '-' near 'my'",
          AthenaError: { ErrorCategory: 1, ErrorType: 1003, Retryable: false },
        },
      });
  });

  test("is refused at once where it is Trino's", async () => {
    await expect(submit('SELECT FROM people')).rejects.toThrow(InvalidRequestException);
    await expect(submit('SELEC 1')).rejects.toMatchObject({ AthenaErrorCode: 'MALFORMED_QUERY' });
  });

  test.each([
    ['CREATE TABLE t AS\n  SELECT a FROM WHERE b', 'line 2:17'],
    ['INSERT INTO people SELECT 1,', 'line 1:29'],
    ["UNLOAD (SELECT a b c FROM people) TO 's3://lake/out/' WITH (format = 'JSON')", 'line 1:20'],
    ['CREATE OR REPLACE VIEW v AS SELECT (1 FROM people', 'line 1:39'],
    ['PREPARE p FROM\nSELECT ? ?', 'line 2:10'],
    ['EXPLAIN SELECT 1 FROM people GROUP city', 'line 1:36'],
    ['EXECUTE p USING 1 +', 'line 1:4'],
    ['-- a comment\nSELECT FROM people', 'line 2:8'],
  ])('is refused at once, at its place, also inside of another statement: %s', async (text, place) => {
    await expect(submit(text)).rejects.toMatchObject({
      name: 'InvalidRequestException',
      AthenaErrorCode: 'MALFORMED_QUERY',
      message: expect.stringMatching(new RegExp(`^${place}: `)) as string,
    });
  });

  test('is told of at its place in the statement where names are wrong in a query inside', async () => {
    expect(
      await runner.failure("CREATE TABLE t WITH (format = 'PARQUET') AS\nSELECT nme FROM people"),
    ).toMatch(/^COLUMN_NOT_FOUND: line 2:8: /);
    expect(await runner.failure('CREATE VIEW v AS SELECT nme FROM people')).toMatch(
      /^COLUMN_NOT_FOUND: line 1:25: /,
    );
  });

  test('is told apart for a star over nothing and over a table without columns', async () => {
    await clients.glue.createTable({
      DatabaseName: 'shop',
      TableInput: { Name: 'unknown', StorageDescriptor: { Columns: [], Location: 's3://lake/people/' } },
    });
    expect(await runner.failure('SELECT * FROM unknown')).toBe(
      'COLUMN_NOT_FOUND: line 1:8: SELECT * not allowed from relation that has no columns',
    );
    expect(await runner.failure('SELECT *')).toBe(
      'SYNTAX_ERROR: line 1:8: SELECT * not allowed in queries without FROM clause',
    );
  });
});

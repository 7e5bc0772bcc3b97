// What bounds queries: time, memory, places to run, and the buckets.
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openQueryRunner, type QueryRunner } from '../../../test/query/query-runner.js';
import { manualClock, type ManualClock } from '../../base/clock.js';
import { openEmbedded, type Embedded, type EmbeddedClients } from '../../embedded.js';

const MEBIBYTE = 1024 * 1024;
const MINUTE_MS = 60_000;
/** Minutes of work, and no memory. */
const ENDLESS =
  'SELECT count(*) FROM UNNEST(sequence(1, 10000)) AS a (x) CROSS JOIN UNNEST(sequence(1, 10000)) AS b (y) CROSS JOIN UNNEST(sequence(1, 10000)) AS c (z) WHERE x * y % 7 = z % 5';

let aws: Embedded;
let clients: EmbeddedClients;
let clock: ManualClock;
let runner: QueryRunner;

beforeAll(async () => {
  clock = manualClock();
  aws = await openEmbedded({ clock, queryMemoryBytes: 128 * MEBIBYTE });
  clients = aws.clients();
  await clients.s3.createBucket({ Bucket: 'lake' });
  await clients.glue.createDatabase({ DatabaseInput: { Name: 'shop' } });
  runner = openQueryRunner(clients.athena, { Database: 'shop', OutputLocation: 's3://lake/results/' });
});

afterAll(() => aws.close());

async function start(QueryString: string): Promise<string> {
  const { QueryExecutionId = '' } = await clients.athena.startQueryExecution({
    QueryString,
    QueryExecutionContext: { Database: 'shop' },
    ResultConfiguration: { OutputLocation: 's3://lake/results/' },
  });
  return QueryExecutionId;
}

const statusOf = async (QueryExecutionId: string) =>
  (await clients.athena.getQueryExecution({ QueryExecutionId })).QueryExecution?.Status ?? {};

async function becomes(id: string, ...states: string[]) {
  for (;;) {
    const status = await statusOf(id);
    if (states.includes(status.State ?? '')) return status;
    await delay(5);
  }
}

const ENDS = ['SUCCEEDED', 'FAILED', 'CANCELLED'];

describe('time', () => {
  test('a query that runs for more than 30 minutes fails', async () => {
    const id = await start(ENDLESS);
    await becomes(id, 'RUNNING');
    await clock.advance(29 * MINUTE_MS);
    await delay(250);
    expect((await statusOf(id)).State).toBe('RUNNING');
    await clock.advance(2 * MINUTE_MS);
    expect(await becomes(id, ...ENDS)).toMatchObject({
      State: 'FAILED',
      StateChangeReason: 'Query timeout: it ran for more than 30 minutes',
    });
  });

  test('a query that is stopped ends within a second, and has no result', async () => {
    const id = await start(ENDLESS);
    await becomes(id, 'RUNNING');
    await delay(200);
    const began = performance.now();
    await clients.athena.stopQueryExecution({ QueryExecutionId: id });
    expect(await becomes(id, ...ENDS)).toMatchObject({
      State: 'CANCELLED',
      StateChangeReason: 'Query cancelled by user',
    });
    expect(performance.now() - began).toBeLessThan(1000);
    await expect(clients.athena.getQueryResults({ QueryExecutionId: id })).rejects.toThrow(
      'Query did not finish successfully. Final query state: CANCELLED',
    );
    await expect(clients.s3.headObject({ Bucket: 'lake', Key: `results/${id}.csv` })).rejects.toThrow();
    expect(readdirSync(join(aws.dataDir, 's3', '.unfinished'))).toEqual([]);
  });
});

describe('places', () => {
  test('of queries that wait for a place and are stopped, run or fail, none stands still, and all places are free again', async () => {
    await runner.run(
      `CREATE TABLE numbers WITH (format = 'PARQUET', external_location = 's3://lake/numbers/') AS SELECT x FROM UNNEST(sequence(1, 10000)) AS t (x)`,
    );
    const texts = [ENDLESS, 'SELECT sum(x) FROM numbers', 'SELECT x / 0 FROM numbers', ENDLESS];
    const ids = await Promise.all(
      Array.from({ length: 24 }, (_, index) => start(texts[index % 4] as string)),
    );
    const endless = ids.filter((_, index) => texts[index % 4] === ENDLESS);
    await becomes(endless[0] as string, 'RUNNING');
    // Those that wait are stopped before those that run, and between them others get their places.
    for (const QueryExecutionId of endless.reverse()) {
      await clients.athena.stopQueryExecution({ QueryExecutionId });
    }
    const ends = await Promise.all(ids.map(async (id) => (await becomes(id, ...ENDS)).State));
    expect(ends).toEqual(ids.map((_, index) => ['CANCELLED', 'SUCCEEDED', 'FAILED', 'CANCELLED'][index % 4]));
    expect(await runner.rows('SELECT count(*) FROM numbers')).toEqual([['10000']]);
  });

  test('statements of the catalog do not wait for queries', async () => {
    const ids = [await start(ENDLESS), await start(ENDLESS)];
    for (const id of ids) await becomes(id, 'RUNNING');
    expect(await runner.rows('SHOW DATABASES')).toEqual([['shop']]);
    for (const QueryExecutionId of ids) await clients.athena.stopQueryExecution({ QueryExecutionId });
    for (const id of ids) await becomes(id, ...ENDS);
  });
});

describe('memory', () => {
  // 1,200,000 texts of 127 characters, which are more than 128 MB.
  const wide = `(SELECT '${'k'.repeat(120)}' || CAST(1000000 + (a * 1000 + b) * 7919 % 1200007 AS varchar) AS x
    FROM UNNEST(sequence(0, 1199)) AS t (a) CROSS JOIN UNNEST(sequence(1, 1000)) AS u (b))`;

  test('a sort of more than the limit goes to disk, and leaves nothing there', async () => {
    const rows = await runner.rows(`SELECT substr(x, 121) FROM ${wide} ORDER BY x OFFSET 1199998`);
    expect(rows).toEqual([['2200005'], ['2200006']]);
    expect(readdirSync(join(aws.dataDir, 'spill'))).toEqual([]);
  });

  test('what cannot go to disk fails by name, and the server goes on', async () => {
    expect(await runner.failure(`SELECT cardinality(array_agg(x)) FROM ${wide}`)).toMatch(
      /^EXCEEDED_LOCAL_MEMORY_LIMIT: /,
    );
    expect(await runner.rows('SELECT 1')).toEqual([['1']]);
  });
});

describe('the buckets are all that a query sees', () => {
  const outside = () => join(aws.dataDir, 'outside');

  beforeAll(() => {
    mkdirSync(outside());
    writeFileSync(join(outside(), 'secret.csv'), 'secret\n');
  });

  test.each([
    "SELECT * FROM read_csv('FILE')",
    "SELECT * FROM read_text('FILE')",
    "SELECT * FROM read_blob('FILE')",
    "SELECT * FROM read_parquet('FILE')",
    "SELECT * FROM read_json('FILE')",
    "SELECT * FROM glob('FOLDER/*')",
    "SELECT * FROM sniff_csv('FILE')",
    "SELECT * FROM TABLE(read_csv('FILE'))",
    "SELECT * FROM 'FILE'",
    'SELECT * FROM "FILE"',
    'SELECT * FROM duckdb_settings()',
    'SELECT * FROM "pragma_version"',
    "SELECT getenv('HOME')",
    "SELECT content FROM read_text('FILE')",
    "SELECT (SELECT max(content) FROM read_text('FILE'))",
    "SELECT getvariable('x')",
    "SELECT current_setting('temp_directory')",
    "SELECT * FROM query('SELECT 1')",
    "COPY (SELECT 1) TO 'FOLDER/x'",
    "ATTACH 'FOLDER/x.db'",
    'INSTALL httpfs',
    'LOAD httpfs',
    'SET enable_external_access = true',
    'PRAGMA version',
    "EXPORT DATABASE 'FOLDER'",
    "EXPLAIN SELECT * FROM read_csv('FILE')",
    "CREATE TABLE taken WITH (format = 'PARQUET', external_location = 's3://lake/taken/') AS SELECT * FROM read_csv('FILE')",
    "CREATE VIEW peek AS SELECT * FROM read_csv('FILE')",
    "UNLOAD (SELECT 1 AS x) TO 'FOLDER/' WITH (format = 'PARQUET')",
  ])('%s fails', async (text) => {
    const query = text.replaceAll('FILE', join(outside(), 'secret.csv')).replaceAll('FOLDER', outside());
    expect(await runner.failure(query)).not.toMatch(/secret\n|GENERIC_INTERNAL_ERROR/);
    expect(readdirSync(outside())).toEqual(['secret.csv']);
  });

  test('also through places that lead out of them, and links', async () => {
    await runner.run(
      `UNLOAD (SELECT 'in a bucket' AS x) TO 's3://lake/../../outside/' WITH (format = 'TEXTFILE', compression = 'none')`,
    );
    expect(readdirSync(outside())).toEqual(['secret.csv']);
    symlinkSync(outside(), join(aws.dataDir, 's3', 'lake', 'linked'));
    mkdirSync(join(aws.dataDir, 's3', 'lake', 'links'));
    symlinkSync(join(outside(), 'secret.csv'), join(aws.dataDir, 's3', 'lake', 'links', 'a.csv'));
    for (const [name, place, rows] of [
      ['up', 's3://lake/../../outside/', [['in a bucket']]],
      ['linked', 's3://lake/linked/', []],
      ['links', 's3://lake/links/', []],
    ] as const) {
      await runner.run(
        `CREATE EXTERNAL TABLE ${name} (line string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION '${place}'`,
      );
      expect(await runner.rows(`SELECT * FROM ${name}`)).toEqual(rows);
    }
  });

  test('names of objects are never read as SQL', async () => {
    const Key = `odd/it's'] ) UNION SELECT content FROM read_text(['x.csv`;
    await clients.s3.putObject({ Bucket: 'lake', Key, Body: '1,Ann\n' });
    await runner.run(
      `CREATE EXTERNAL TABLE odd (id int, name string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://lake/odd/'`,
    );
    expect(await runner.rows('SELECT id, name, "$path" FROM odd')).toEqual([
      ['1', 'Ann', `s3://lake/${Key}`],
    ]);
  });
});

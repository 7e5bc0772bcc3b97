// DuckDB behind its bounds.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { duckdbName, duckdbText } from './duckdb-text.js';
import { openDuckdb, type Duckdb } from './duckdb.js';
import { openGate } from '../base/gate.js';

const LONG = 'SELECT sum(a.range * b.range) AS s FROM range(100000000) a, range(100000) b';

let folder: string;
let duckdb: Duckdb;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluepot-duckdb-'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data', 'a.csv'), 'a,b\n1,2\n');
  writeFileSync(join(folder, 'secret.csv'), 'a\n1\n');
  duckdb = openDuckdb({ folders: [join(folder, 'data')], temporaryDirectory: join(folder, 'spill') });
});
afterAll(async () => {
  await duckdb.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a statement answers how many rows it wrote', async () => {
  const out = duckdbText(join(folder, 'data', 'out.csv'));
  expect(await duckdb.run(`COPY (SELECT * FROM range(7)) TO ${out} (FORMAT csv)`)).toBe(7);
});

test.each([
  ['another folder', () => `SELECT * FROM read_csv(${duckdbText(join(folder, 'secret.csv'))})`],
  [
    'a way out of the folder',
    () => `SELECT * FROM read_csv(${duckdbText(join(folder, 'data/../secret.csv'))})`,
  ],
  ['a file to write elsewhere', () => `COPY (SELECT 1) TO ${duckdbText(join(folder, 'x.csv'))}`],
  ['the network', () => `SELECT * FROM read_csv('https://example.com/a.csv')`],
  ['an object store', () => `SELECT * FROM read_csv('s3://bucket/a.csv')`],
  ['an extension', () => 'INSTALL httpfs'],
  ['its own settings', () => 'SET enable_external_access = true'],
  ['the folders it may use', () => `SET allowed_directories = ['/']`],
])('%s is out of reach', async (_what, statement) => {
  await expect(duckdb.rows(statement())).rejects.toMatchObject({ name: 'DuckdbError' });
});

test.each([
  { memoryLimitMb: 64, threads: 1 },
  { memoryLimitMb: 230, threads: 1 },
  { memoryLimitMb: 240, threads: 2 },
  { memoryLimitMb: 4096, threads: 34 },
])('$memoryLimitMb MB are shared by no more threads than can work with them', async (given) => {
  const memoryLimitBytes = given.memoryLimitMb * 1024 * 1024;
  const bounded = openDuckdb({ folders: [], temporaryDirectory: join(folder, 'spill'), memoryLimitBytes });
  try {
    const [settings] = await bounded.rows(`SELECT current_setting('threads') AS threads`);
    expect(settings).toEqual({ threads: String(Math.min(given.threads, availableParallelism())) });
  } finally {
    await bounded.close();
  }
});

test('an error is one line, without advice about options that nobody here can set', async () => {
  writeFileSync(join(folder, 'data', 'ragged.csv'), 'a,b\n1,2\n3\n');
  const path = duckdbText(join(folder, 'data', 'ragged.csv'));
  const query = `SELECT * FROM read_csv(${path}, auto_detect = false, delim = ',', columns = {'a': 'INT', 'b': 'INT'}, skip = 1)`;
  await expect(duckdb.rows(query)).rejects.toThrow(
    /^Invalid Input Error: CSV Error on Line: 3 Original Line: 3 Expected Number of Columns: 2 Found: 1 \(in .*ragged\.csv\)$/,
  );
});

test('a query that is told to stop ends at once with the reason', async () => {
  const stopping = new AbortController();
  const running = duckdb.rows(LONG, stopping.signal);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const start = performance.now();
  stopping.abort(new Error('enough'));
  await expect(running).rejects.toThrow('enough');
  expect(performance.now() - start).toBeLessThan(500);
});

test('a query that is told to stop before it begins never runs', async () => {
  await expect(duckdb.rows(LONG, AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
});

test('a large result comes in chunks and the event loop stays free', async () => {
  let rowCount = 0;
  let chunkMax = 0;
  for await (const rows of duckdb.chunks('SELECT range AS n FROM range(200000)')) {
    rowCount += rows.length;
    chunkMax = Math.max(chunkMax, rows.length);
  }
  expect([rowCount, chunkMax]).toEqual([200_000, 2048]);
});

test('a reader that stops early lets the next one in', async () => {
  for (let round = 0; round < 5; round++) {
    for await (const rows of duckdb.chunks('SELECT * FROM range(1000000)')) {
      expect(rows).toHaveLength(2048);
      break;
    }
  }
  expect(await duckdb.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a column may be called as what objects inherit', async () => {
  expect(await duckdb.rows(`SELECT 1 AS "__proto__", 2 AS "constructor"`)).toEqual([
    { ['__proto__']: 1, constructor: 2 },
  ]);
});

test('any text is a literal and any name a column', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'binary' }),
      fc.string({ minLength: 1 }).filter((name) => !name.includes('\0')),
      async (text, name) => {
        const [row] = await duckdb.rows(`SELECT ${duckdbText(text)} AS ${duckdbName(name)}`);
        expect(row).toEqual({ [name]: text });
      },
    ),
    { numRuns: 60 },
  );
});

test('a gate lets as many in as it has places, in order, and who gives up waiting leaves no gap', async () => {
  const gate = openGate(1);
  const order: string[] = [];
  const leave = await gate.enter();
  const giveUp = new AbortController();
  const enter = async (name: string, signal?: AbortSignal) => {
    const leaveAgain = await gate.enter(signal);
    order.push(name);
    leaveAgain();
    leaveAgain();
  };
  const waiting = [enter('a'), enter('b', giveUp.signal), enter('c')];
  giveUp.abort(new Error('tired'));
  leave();
  const outcomes = await Promise.allSettled(waiting);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(order).toEqual(['a', 'c']);
  await gate.drained();
});

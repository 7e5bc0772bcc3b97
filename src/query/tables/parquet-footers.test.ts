import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckdb, type Duckdb } from '../../tabular/duckdb.js';
import { duckdbText } from '../../tabular/duckdb-text.js';
import { openParquetFooters } from './parquet-footers.js';

const folder = mkdtempSync(join(tmpdir(), 'parquet-footers-'));
const { signal } = new AbortController();
let duckdb: Duckdb;
/** Statements that were run since the last look. */
const statements: string[] = [];

beforeAll(() => {
  const real = openDuckdb({ folders: [folder], temporaryDirectory: join(folder, 'tmp') });
  duckdb = {
    ...real,
    chunks: (query, wanted) => (statements.push(query), real.chunks(query, wanted)),
    rows: (query, wanted) => (statements.push(query), real.rows(query, wanted)),
  };
});
afterAll(async () => {
  await duckdb.close();
  rmSync(folder, { recursive: true });
});

async function parquet(name: string, select: string): Promise<string> {
  const path = join(folder, name);
  await duckdb.run(`COPY (${select}) TO ${duckdbText(path)} (FORMAT parquet)`);
  statements.splice(0);
  return path;
}

const names = (columns: readonly { name: string }[] = []) => columns.map(({ name }) => name);

describe('The footers of Parquet files', () => {
  it('give files with the same columns one schema, which is described once', async () => {
    const [a, b, c] = [
      await parquet('a1.parquet', 'SELECT 1 AS id, [1] AS list'),
      await parquet('a2.parquet', 'SELECT 2 AS id, [2, 3] AS list'),
      await parquet('a3.parquet', "SELECT 'x' AS other"),
    ];
    const found = await openParquetFooters(duckdb).schemasOf([a, b, c], signal);
    expect(found.get(a)).toBe(found.get(b));
    expect(names(found.get(a)?.columns)).toEqual(['id', 'list']);
    expect(names(found.get(c)?.columns)).toEqual(['other']);
    expect(found.get(c)?.key).not.toBe(found.get(a)?.key);
    expect(statements.filter((text) => text.startsWith('DESCRIBE'))).toHaveLength(2);
  });

  it('are read once for a file that stays as it is', async () => {
    const path = await parquet('b.parquet', 'SELECT 1 AS id');
    const footers = openParquetFooters(duckdb);
    const first = await footers.schemasOf([path], signal);
    statements.splice(0);
    expect(await footers.schemasOf([path], signal)).toEqual(first);
    expect(statements).toEqual([]);
  });

  it('are read again when another file takes the place, of the same size and time or not', async () => {
    const path = await parquet('c.parquet', 'SELECT 1 AS before');
    const next = await parquet('next.parquet', 'SELECT 1 AS behind');
    const footers = openParquetFooters(duckdb);
    await footers.schemasOf([path], signal);
    renameSync(next, path);
    const found = await footers.schemasOf([path], signal);
    expect(names(found.get(path)?.columns)).toEqual(['behind']);
  });

  it('are read again when the file is written to in place', async () => {
    const path = await parquet('d.parquet', 'SELECT 1 AS before');
    const next = await parquet('next.parquet', 'SELECT 1 AS behind, 2 AS more');
    const footers = openParquetFooters(duckdb);
    await footers.schemasOf([path], signal);
    writeFileSync(path, readFileSync(next));
    expect(names((await footers.schemasOf([path], signal)).get(path)?.columns)).toEqual(['behind', 'more']);
    copyFileSync(await parquet('last.parquet', 'SELECT 1 AS last'), path);
    expect(names((await footers.schemasOf([path], signal)).get(path)?.columns)).toEqual(['last']);
  });
});

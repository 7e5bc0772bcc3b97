// Files of text as Parquet in a table's folder: they are taken apart once, however often rows are looked at, and values that
// are none of their column's type are counted.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GluepotError } from '../../../base/errors.js';
import { duckdbName } from '../../../tabular/duckdb-text.js';
import { DuckdbError } from '../../../tabular/duckdb.js';
import { copyToParquet } from '../placed-rows.js';
import { readParquet } from './parquet.js';
import type { Scan, SourceColumn } from './relation.js';
import type { ReadTools } from './source-kind.js';

/** A column of text whose values may be none of its type, and are null then. */
export interface Doubt {
  column: string;
  /** In Hive's words. */
  type: string;
  /** SQL of the text. */
  text: string;
  /** SQL: whether there is a text, and no value. */
  isLost: string;
}

/** Rows of files of text that are read alike. */
export interface TextScan extends Scan {
  doubts: Doubt[];
}

/** Bits of a whole number that are used, one a column. */
const BITS = 62;

/**
 * @param scans each with its files' own addresses, for messages
 * @returns one scan of all, and a warning for each column that lost values
 * @throws GluepotError `failed` for what is no text of its format
 */
export async function stageText(
  table: string,
  columns: readonly SourceColumn[],
  scans: readonly (TextScan & { files: readonly { path: string; uri: string }[] })[],
  { files: local, duckdb, signal }: Pick<ReadTools, 'files' | 'duckdb' | 'signal'>,
): Promise<{ scan: Scan; warnings: string[] }> {
  const folder = join(local.folder, 'text');
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  const warnings: string[] = [];
  for (const [index, { from, values, doubts, files }] of scans.entries()) {
    const path = join(folder, `rows-${index}.parquet`);
    const items = columns.map(
      ({ name, duckdbType }, place) =>
        `CAST(${values[place] ?? 'NULL'} AS ${duckdbType}) AS ${duckdbName(name)}`,
    );
    const explain = (error: unknown) =>
      error instanceof DuckdbError && !error.isOutOfMemory ? unreadable(table, error, files) : error;
    try {
      await duckdb.rows(
        copyToParquet(`SELECT ${[...items, ...lostBits(doubts)].join(', ')} FROM ${from}`, path),
        signal,
      );
      warnings.push(
        ...(await lostValues(path, doubts, from, { duckdb, signal })).map((lost) => `${table}: ${lost}`),
      );
    } catch (error) {
      throw explain(error);
    }
    paths.push(path);
  }
  const scan = {
    from: readParquet(paths),
    values: columns.map(({ name }) => duckdbName(name)),
    isParquet: true,
  };
  return { scan, warnings };
}

const bitsName = (index: number) => duckdbName(`gluepot lost ${index}`);

/** Columns in which a bit says that the value of a column was lost. */
function lostBits(doubts: readonly Doubt[]): string[] {
  const columns: string[] = [];
  for (let start = 0; start < doubts.length; start += BITS) {
    const bits = doubts
      .slice(start, start + BITS)
      .map(({ isLost }, bit) => `CASE WHEN ${isLost} THEN ${1n << BigInt(bit)} ELSE 0 END`);
    columns.push(`CAST(${bits.join(' + ')} AS BIGINT) AS ${bitsName(columns.length)}`);
  }
  return columns;
}

/** Counts, and one of the texts, for each column that has any. */
async function lostValues(
  path: string,
  doubts: readonly Doubt[],
  from: string,
  { duckdb, signal }: Pick<ReadTools, 'duckdb' | 'signal'>,
): Promise<string[]> {
  if (doubts.length === 0) return [];
  const counts = doubts.map(
    (_, index) =>
      `count(*) FILTER (${bitsName(Math.floor(index / BITS))} & ${1n << BigInt(index % BITS)} <> 0) AS c${index}`,
  );
  const [row = {}] = await duckdb.rows(`SELECT ${counts.join(', ')} FROM ${readParquet([path])}`, signal);
  const found: string[] = [];
  for (const [index, { column, type, text, isLost }] of doubts.entries()) {
    const count = Number(row[`c${index}`]);
    if (count === 0) continue;
    const [example = {}] = await duckdb.rows(
      `SELECT left(${text}, 80) AS text FROM ${from} WHERE ${isLost} LIMIT 1`,
      signal,
    );
    found.push(
      `${count} values of ${column} are no ${type}, such as ${JSON.stringify(example.text)}, and are null in the output.`,
    );
  }
  return found;
}

/** What DuckDB refused, with objects in place of files. */
function unreadable(
  table: string,
  error: DuckdbError,
  files: readonly { path: string; uri: string }[],
): GluepotError {
  let { message } = error;
  for (const { path, uri } of files) if (message.includes(path)) message = message.replaceAll(path, uri);
  const where = files.some(({ uri }) => message.includes(uri)) ? '' : ` It is in ${placesOf(files)}.`;
  return new GluepotError('failed', `${table} has what cannot be read: ${message}${where}`, { cause: error });
}

function placesOf(files: readonly { uri: string }[]): string {
  const [first, ...others] = files;
  return others.length === 0
    ? (first?.uri ?? 'no file')
    : `one of ${files.length} files, ${first?.uri} and others`;
}

// Rows that an output has, rows that are written for it, and rows that its source marks as deleted.
import { readdirSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { duckdbName, duckdbText } from '../../tabular/duckdb-text.js';
import type { LoadRequest, WrittenFile } from './load-request.js';
import { copyToParquet, PLACE, placedRows } from './placed-rows.js';
import { parquetScans } from './source/parquet.js';

/** Rows that are stored, as the output's columns are now. @param numbers those of the files, where they are not all */
export async function storedRows(
  request: Pick<LoadRequest, 'stored' | 'columns' | 'duckdb' | 'signal'>,
  numbers?: readonly number[],
): Promise<string> {
  const { stored, columns, duckdb, signal } = request;
  const paths = stored?.paths ?? [];
  const chosen = numbers ? numbers.map((number) => paths[number] as string) : paths;
  if (chosen.length === 0) {
    const items = columns.map(({ name, duckdbType }) => `CAST(NULL AS ${duckdbType}) AS ${duckdbName(name)}`);
    return `(SELECT ${[...items, `CAST(NULL AS BIGINT) AS ${PLACE}`].join(', ')} WHERE false)`;
  }
  const [scan] = await parquetScans(columns, { paths: chosen, duckdb, signal });
  const values = (scan?.values ?? []).map((value) => value ?? 'NULL');
  const number = numbers
    ? `list_extract([${numbers.join(', ')}], CAST(file_index AS BIGINT) + 1)`
    : 'file_index';
  return placedRows(scan?.from ?? '', values, columns, number);
}

export async function writeParquet(
  request: Pick<LoadRequest, 'duckdb' | 'folder' | 'fileBytes' | 'progress' | 'signal'>,
  query: string,
  isOneFile = false,
): Promise<WrittenFile[]> {
  const { duckdb, folder, fileBytes, progress, signal } = request;
  const path = join(folder, 'written');
  await mkdir(path, { recursive: true });
  const statement = isOneFile
    ? copyToParquet(query, join(path, 'data.parquet'))
    : copyToParquet(query, join(path, 'data'), fileBytes);
  progress?.begin('writing');
  const watching = setInterval(() => progress?.set({ bytes: bytesBelow(path) }), WATCH_MS);
  const rows = await duckdb.rows(statement, signal).finally(() => clearInterval(watching));
  progress?.set({ rows: rows.reduce((sum, { count }) => sum + Number(count), 0), bytes: bytesBelow(path) });
  return rows
    .map(({ filename, count }) => ({ path: filename as string, rows: Number(count) }))
    .filter((file) => file.rows > 0);
}

/** DuckDB's own progress cannot be had behind its locked settings; the files that grow can. */
const WATCH_MS = 500;

/** Of files that are being written. */
function bytesBelow(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}

/** Texts by which a column of marks says that a row is there: crawls of CSV call booleans text. */
const NO = ['', 'false', 'f', 'no', 'n', '0'];

/** SQL: the row is marked as deleted. By true, by a number but 0 (MySQL has no booleans), by a text that says more than no, by any time. */
export function isDeletedSql({ settings, columns }: Pick<LoadRequest, 'settings' | 'columns'>): string {
  const { softDelete } = settings;
  if (softDelete === undefined) return 'false';
  const name = duckdbName(softDelete);
  const type = columns.find((column) => column.name === softDelete)?.duckdbType ?? '';
  if (type === 'BOOLEAN') return `coalesce(${name}, false)`;
  if (/^(\w*INT|INTEGER|DECIMAL\([\d,]+\)|FLOAT|DOUBLE)$/.test(type)) return `coalesce(${name} <> 0, false)`;
  if (type !== 'VARCHAR') return `${name} IS NOT NULL`;
  return `coalesce(lower(trim(${name})) NOT IN (${NO.map(duckdbText).join(', ')}), false)`;
}

export function sumRows(files: readonly WrittenFile[]): number {
  return files.reduce((sum, { rows }) => sum + rows, 0);
}

// Rows that are marked as deleted and lie out of a run's range, of keys that have an older row within it: these stay deleted.
import { join } from 'node:path';
import type { LoadRequest } from './load-request.js';
import { columnList, copyToParquet, isSameKey } from './placed-rows.js';
import { readParquet } from './source/parquet.js';
import { isDeletedSql } from './stored-rows.js';
import type { Work } from './take-rows.js';

/**
 * Whether there can be such rows: of the keys of rows without a cursor, which every increment reads, and of all that a
 * backfill reads. The rows of other keys within the range are newer than those out of it.
 */
export function canBeDeletedOutOfRange({
  settings,
  disposition,
  backfill,
}: Pick<LoadRequest, 'settings' | 'disposition' | 'backfill'>): boolean {
  if (disposition !== 'merge' || settings.softDelete === undefined) return false;
  return backfill !== undefined || settings.nullCursor === 'include';
}

/** A file with these rows beside the one of the rows in range; undefined when there are none to be looked for. */
export async function copyDeletesOutOfRange(
  request: LoadRequest,
  { all, cursor, row }: Work,
  { inRange, lower, upper }: { inRange: string; lower: bigint | undefined; upper: bigint | undefined },
): Promise<string | undefined> {
  if (!cursor || !canBeDeletedOutOfRange(request)) return undefined;
  const { settings, columns, duckdb, folder, signal, backfill } = request;
  const key = settings.key as string[];
  const isDeleted = isDeletedSql(request);
  const live = `${readParquet([inRange])} WHERE NOT (${isDeleted})${backfill ? '' : ` AND ${cursor.order} IS NULL`}`;
  if (Number((await row(`SELECT count(*) AS n FROM ${live}`)).n) === 0) return undefined;
  const isOutOfRange = [
    ...(lower === undefined ? [] : [`${cursor.order} < ${lower}`]),
    ...(upper === undefined ? [] : [`${cursor.order} > ${upper}`]),
  ].join(' OR ');
  const deleted = `(SELECT * FROM ${all} WHERE (${isDeleted}) AND (${isOutOfRange}))`;
  const keys = `(SELECT ${columnList(key.map((name) => ({ name })))} FROM ${live})`;
  const path = join(folder, 'deleted.parquet');
  const query = `SELECT ${columnList(columns, 'd')} FROM ${deleted} AS d SEMI JOIN ${keys} AS k ON ${isSameKey(key, 'd', 'k')}`;
  await duckdb.rows(copyToParquet(query, path), signal);
  return path;
}

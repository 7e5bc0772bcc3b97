// Merging newest rows into stored ones by key: what is new, newer, the same or gone, and which files that touches.
import { GluepotError } from '../../base/errors.js';
import type { Counts, LoadedRows, LoadRequest } from './load-request.js';
import {
  columnList,
  fileNumberOf,
  isSameKey,
  isSameRow,
  newestPlaces,
  orderOrLeast,
  PLACE,
} from './placed-rows.js';
import { isDeletedSql, storedRows, writeParquet } from './stored-rows.js';
import { outcomeOf, type Taken, type Work } from './take-rows.js';

export async function mergeRows(request: LoadRequest, work: Work, taken: Taken): Promise<LoadedRows> {
  const { columns, settings, stored } = request;
  const key = settings.key as string[];
  const order = work.cursor?.order ?? 'NULL::BIGINT';
  const storedSql = await storedRows(request);
  const newest = await work.createTable('newest', newestPlaces(taken.rows, key, order, taken.condition));
  const pick = (extra: string) =>
    `SELECT ${columnList(key.map((name) => ({ name })))}, ${orderOrLeast(order)} AS o, ${PLACE}${extra}`;
  const matched = await work.createTable(
    'matched',
    `SELECT d.${PLACE} AS place, d.is_deleted, s.${PLACE} AS stored_place, ` +
      `CASE WHEN s.${PLACE} IS NULL THEN 'new' WHEN s.o > d.o THEN 'older' WHEN s.o < d.o THEN 'newer' ELSE 'equal' END AS how ` +
      `FROM (${pick(`, (${isDeletedSql(request)}) AS is_deleted`)} FROM ${taken.rows} WHERE ${PLACE} IN (SELECT place FROM ${newest})) AS d ` +
      `LEFT JOIN (${pick('')} FROM ${storedSql}) AS s ON ${isSameKey(key, 'd', 's')}`,
  );
  // Only of these files is every column read.
  const equal = await work.row(
    `SELECT list(DISTINCT ${fileNumberOf('stored_place')}) AS files FROM ${matched} WHERE how = 'equal'`,
  );
  const equalRows = await storedRows(request, fileNumbers(equal.files));
  const same = await work.createTable(
    'same',
    `SELECT m.place FROM (SELECT place, stored_place FROM ${matched} WHERE how = 'equal') AS m ` +
      `JOIN (SELECT * FROM ${taken.rows}) AS d ON d.${PLACE} = m.place ` +
      `JOIN (SELECT * FROM ${equalRows}) AS s ON s.${PLACE} = m.stored_place WHERE ${isSameRow(columns, 'd', 's')}`,
  );
  const winners = await work.createTable(
    'winners',
    `SELECT place, stored_place, is_deleted FROM ${matched} WHERE how <> 'older' AND place NOT IN (SELECT place FROM ${same}) ` +
      `AND NOT (is_deleted AND stored_place IS NULL)`,
  );
  const gone = await work.createTable('gone', await goneRows(request, work, storedSql));
  await guardDeletes(request, work, gone);
  const dropped = await work.createTable(
    'dropped',
    `SELECT stored_place AS place FROM ${winners} WHERE stored_place IS NOT NULL UNION SELECT place FROM ${gone}`,
  );
  const counted = await work.row(
    `SELECT (SELECT count(*) FROM ${winners} WHERE stored_place IS NULL) AS added, ` +
      `(SELECT count(*) FROM ${winners} WHERE stored_place IS NOT NULL AND NOT is_deleted) AS updated, ` +
      `(SELECT count(*) FROM (SELECT stored_place AS place FROM ${winners} WHERE is_deleted UNION SELECT place FROM ${gone})) AS deleted, ` +
      `(SELECT count(*) FILTER (is_tie) FROM ${newest}) AS ties, ` +
      `(SELECT list(DISTINCT ${fileNumberOf('place')}) FROM ${dropped}) AS touched`,
  );
  const { added, updated, deleted, ties } = Object.fromEntries(
    Object.entries(counted).map(([name, value]) => [name, Number(value)]),
  ) as Record<string, number> as Pick<Counts, 'added' | 'updated' | 'deleted' | 'ties'>;
  const touched = stored?.needsRewrite ? [...(stored.paths.keys() ?? [])] : fileNumbers(counted.touched);
  const incoming = `SELECT ${columnList(columns)} FROM ${taken.rows} WHERE ${PLACE} IN (SELECT place FROM ${winners} WHERE NOT is_deleted)`;
  const kept = `SELECT ${columnList(columns)} FROM ${await storedRows(request, touched)} WHERE ${PLACE} NOT IN (SELECT place FROM ${dropped})`;
  const isAppend = touched.length === 0;
  const isNothing = isAppend && added === 0;
  if (!isAppend) request.onRewritten?.(new Set(touched));
  const written = isNothing
    ? []
    : await writeParquet(request, isAppend ? incoming : `${kept} UNION ALL ${incoming}`, isAppend);
  const counts = { read: taken.read, added, updated, deleted, unchanged: 0, ties };
  return {
    ...outcomeOf(request, taken, ties),
    written,
    rewritten: new Set(touched),
    counts: { ...counts, unchanged: Math.max(0, taken.read - added - updated) },
  };
}

/** A list of DuckDB's, null for none. */
function fileNumbers(list: unknown): number[] {
  return ((list as number[] | null) ?? []).map(Number).sort((one, other) => one - other);
}

/** Places of stored rows whose key the source has no more. */
function goneRows({ settings, backfill }: LoadRequest, work: Work, storedSql: string): Promise<string> {
  if (!settings.reconcileDeletes || backfill)
    return Promise.resolve('SELECT CAST(NULL AS BIGINT) AS place WHERE false');
  const key = settings.key as string[];
  return Promise.resolve(
    `SELECT s.${PLACE} AS place FROM ${storedSql} AS s ANTI JOIN ${work.all} AS d ON ${isSameKey(key, 's', 'd')}`,
  );
}

async function guardDeletes(
  { settings, stored, table }: LoadRequest,
  work: Work,
  gone: string,
): Promise<void> {
  if (!settings.reconcileDeletes) return;
  const { maxPercent } = settings.reconcileDeletes;
  const rows = (stored?.generation.files ?? []).reduce((sum, file) => sum + file.rows, 0);
  const deleted = Number((await work.row(`SELECT count(*) AS n FROM ${gone}`)).n);
  if (deleted * 100 <= rows * maxPercent) return;
  throw new GluepotError(
    'guard-refused',
    `${deleted} of the ${rows} rows of ${table} are no longer in the source, more than the ${maxPercent} % that may be deleted. ` +
      'See whether the source is whole; if it is, raise reconcileDeletes.maxPercent.',
  );
}

// The work on one table's rows: full, appended or merged.
import { rangesWithNulls } from './cursor.js';
import type { LoadedRows, LoadRequest } from './load-request.js';
import { mergeRows } from './merge-rows.js';
import { columnList, markedRows, newestMarks, orderOrLeast } from './placed-rows.js';
import { positionOf } from './row-facts.js';
import { isDeletedSql, storedRows, sumRows, writeParquet } from './stored-rows.js';
import { beginWork, outcomeOf, takeRows, type Taken, type Work } from './take-rows.js';

/** @throws GluepotError `failed` or `guard-refused` by the spec's policies, DuckdbError for what cannot be read */
export async function loadRows(request: LoadRequest): Promise<LoadedRows> {
  request.progress?.begin('choosing');
  const work = await beginWork(request);
  const { stored, disposition } = request;
  try {
    const taken = await takeRows(request, work);
    if (!stored) return await loadFully(request, work, taken);
    return await (disposition === 'append'
      ? appendRows(request, work, taken)
      : mergeRows(request, work, taken));
  } finally {
    await work.dropTables();
  }
}

async function loadFully(request: LoadRequest, work: Work, taken: Taken): Promise<LoadedRows> {
  const { settings, columns, disposition } = request;
  const { key } = settings;
  const isKept = `NOT (${isDeletedSql(request)})`;
  let ties = 0;
  let rows = taken.rows;
  if (key && disposition !== 'append') {
    const order = work.cursor?.order ?? 'NULL::BIGINT';
    const marks = await work.createTable('marks', newestMarks(taken.rows, key, order, taken.condition));
    const found = await work.row(`SELECT sum(keys) AS keys, sum(ties) AS ties FROM ${marks}`);
    ties = Number(found.ties);
    // Where every row has a key of its own all are taken, and none need be looked for.
    if (Number(found.keys) !== taken.read) rows = markedRows(taken.rows, marks);
  }
  const query = `SELECT ${columnList(columns)} FROM ${rows} WHERE ${isKept}`;
  const written = await writeParquet(request, query);
  const added = sumRows(written);
  return {
    ...outcomeOf(request, taken, ties),
    written,
    rewritten: new Set(),
    counts: { read: taken.read, added, updated: 0, deleted: 0, unchanged: 0, ties },
  };
}

/** What is not stored yet: the multiset of rows in range, less the multiset of stored ones. */
async function appendRows(request: LoadRequest, work: Work, taken: Taken): Promise<LoadedRows> {
  const { columns, stored } = request;
  const isKept = `NOT (${isDeletedSql(request)})`;
  const rows = `SELECT ${columnList(columns)} FROM ${taken.rows} WHERE ${isKept}`;
  const near = await nearRows(request, work, taken.lower);
  const canBeStored = await atMostLast(work, near);
  const query =
    `${rows} AND NOT (${canBeStored}) UNION ALL ` +
    `(${rows} AND ${canBeStored} EXCEPT ALL SELECT ${columnList(columns)} FROM ${near})`;
  const everything = `SELECT ${columnList(columns)} FROM ${await storedRows(request)} UNION ALL (${query})`;
  const isRewrite = stored?.needsRewrite === true;
  const before = (stored?.generation.files ?? []).reduce((sum, { rows }) => sum + rows, 0);
  const written = await writeParquet(request, isRewrite ? everything : query, !isRewrite);
  const added = sumRows(written) - (isRewrite ? before : 0);
  return {
    ...outcomeOf(request, taken, 0),
    written,
    rewritten: new Set(isRewrite ? (stored?.paths ?? []).keys() : []),
    counts: { read: taken.read, added, updated: 0, deleted: 0, unchanged: taken.read - added, ties: 0 },
  };
}

/** Stored rows that rows from a position on can be equal to. */
async function nearRows(request: LoadRequest, { cursor }: Work, lower: bigint | undefined): Promise<string> {
  const rows = await storedRows(request);
  if (!cursor || lower === undefined) return rows;
  const parts = rangesWithNulls(cursor, cursor.atLeast(lower)).map(
    (range) => `SELECT * FROM ${rows} WHERE ${range}`,
  );
  return `(${parts.join(' UNION ALL ')})`;
}

/** SQL: not behind the last of the stored rows, where that is quickly found. What is behind it need not be looked for among them. */
async function atMostLast({ cursor, row }: Work, near: string): Promise<string> {
  if (!cursor?.without) return 'true';
  const order = orderOrLeast(cursor.order);
  const last = positionOf((await row(`SELECT max(${order}) AS last FROM ${near}`)).last);
  return last === undefined ? 'false' : `${order} <= ${last}`;
}

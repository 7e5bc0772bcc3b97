// Which rows of the source a run takes, by its bounds and policies, and where they stand.
import { join } from 'node:path';
import { GluepotError } from '../../base/errors.js';
import { duckdbName } from '../../tabular/duckdb-text.js';
import {
  columnCursor,
  cursorAt,
  cursorOf,
  lowerBound,
  rangesWithNulls,
  unitsOf,
  type Cursor,
  type CursorKind,
} from './cursor.js';
import { copyDeletesOutOfRange } from './deletes-out-of-range.js';
import type { LoadedRows, LoadRequest } from './load-request.js';
import { columnList, copyToParquet, placedRows } from './placed-rows.js';
import { checkPolicies, measureRows, positionOf } from './row-facts.js';
import { readParquet } from './source/parquet.js';
import { selectSource, type SourceColumn } from './source/relation.js';
import type { TableSettings } from './spec.js';
import type { Generation } from './tracker.js';

export interface Work {
  all: string;
  cursor: Cursor | undefined;
  /** SQL of the cursor, the same for stored rows. */
  createTable(name: string, query: string): Promise<string>;
  row(query: string): Promise<Record<string, unknown>>;
  dropTables(): Promise<void>;
}

export async function beginWork(request: LoadRequest): Promise<Work> {
  const { source, columns, duckdb, signal, unique } = request;
  const placed = new Map(columns.map((column) => [column.name, column]));
  const names = new Set(source.columns.map(({ name }) => name));
  const items = columns.map(({ name, duckdbType }) =>
    names.has(name)
      ? `CAST(${duckdbName(name)} AS ${duckdbType}) AS ${duckdbName(name)}`
      : `CAST(NULL AS ${duckdbType}) AS ${duckdbName(name)}`,
  );
  const all = `(SELECT ${items.join(', ')} FROM (${selectSource(source)}))`;
  const made: string[] = [];
  return {
    all,
    cursor: await findCursor(request, all, placed),
    async createTable(name, query) {
      const table = `${name}_${unique}`;
      await duckdb.run(`CREATE TABLE ${table} AS ${query}`, signal);
      made.push(table);
      return table;
    },
    async row(query) {
      const [row = {}] = await duckdb.rows(query, signal);
      return row;
    },
    async dropTables() {
      for (const table of made) await duckdb.run(`DROP TABLE ${table}`);
    },
  };
}

async function findCursor(
  { settings, disposition, duckdb, signal }: LoadRequest,
  all: string,
  columns: ReadonlyMap<string, SourceColumn>,
): Promise<Cursor | undefined> {
  const { cursorExpression, cursor: name = '' } = settings;
  if (cursorExpression === undefined) {
    const column = columns.get(name);
    // A table that is replaced needs none; one of an odd type must not stand in its way.
    if (!column || (disposition === 'replace' && !settings.isCursorGiven)) return undefined;
    return columnCursor(name, duckdbName(name), column.duckdbType);
  }
  const [described] = await duckdb.rows(`DESCRIBE SELECT (${cursorExpression}) AS c FROM ${all}`, signal);
  return cursorOf(cursorExpression, `(${cursorExpression})`, (described?.column_type ?? '') as string);
}

export interface Taken {
  /** Subquery of the rows that are read, with places; places only where `hasPlaces`. */
  rows: string;
  /** Condition of the spec's policies, over these rows. */
  condition: string;
  lower: bigint | undefined;
  read: number;
  cursor: Generation['cursor'];
  range: Generation['range'];
  warnings: string[];
}

export async function takeRows(request: LoadRequest, work: Work): Promise<Taken> {
  const { settings, stored, backfill, disposition } = request;
  const { cursor } = work;
  const before = stored?.generation.cursor;
  if (cursor && before?.watermark !== undefined) requireSameUnit(request.table, cursor, before.kind);
  const watermark = positionOf(before?.watermark);
  const bounds = cursor && boundsOf(request, cursor, watermark);
  const ranges = rangesOf(cursor, bounds, settings);
  const rows = await placeRows(request, work, ranges, bounds);
  const key = disposition === 'append' ? [] : (settings.key ?? []);
  const known = { watermark, hasAllNulls: withNulls(settings, bounds) };
  const facts = await measureRows(request, work, { rows, key, cap: bounds?.cap, ...known });
  request.progress?.set({ rows: facts.read });
  const warnings = checkPolicies(request, facts, cursor, watermark);
  const position = backfill ? watermark : greatest(watermark, facts.newest);
  const hasKey = key.map((name) => `${duckdbName(name)} IS NOT NULL`);
  return {
    rows,
    condition: [...hasKey, 'true'].join(' AND '),
    lower: bounds?.lower,
    read: facts.read,
    cursor: cursor && {
      name: cursor.name,
      kind: cursor.kind,
      ...(position === undefined ? {} : { watermark: String(position) }),
    },
    range: cursor && {
      ...(bounds?.lower === undefined ? {} : { lower: String(bounds.lower) }),
      ...(bounds?.cap === undefined ? {} : { upper: String(bounds.cap) }),
    },
    warnings,
  };
}

/** A high-water mark counts in the cursor's unit: one of another kind says nothing. */
function requireSameUnit(table: string, { name, kind }: Cursor, before: CursorKind): void {
  const unit = (of: CursorKind) => (of === 'text' ? 'timestamp' : of);
  if (unit(kind) === unit(before)) return;
  throw new GluepotError(
    'conflict',
    `The cursor ${name} of ${table} was a ${before} and is a ${kind}, so its high-water mark means nothing any more. Load the table fully, once.`,
  );
}

interface Bounds {
  lower: bigint | undefined;
  /** Rows behind it are left; of a backfill only. */
  upper: bigint | undefined;
  /** The high-water mark never goes behind it. */
  cap: bigint | undefined;
}

function boundsOf(request: LoadRequest, cursor: Cursor, watermark: bigint | undefined): Bounds {
  const { backfill, settings, startedMs, stored } = request;
  if (backfill) return { ...backfill, cap: backfill.upper };
  const units = unitsOf(cursor.kind, settings);
  const cap = units && cursorAt(units, startedMs - settings.safetyLagMs);
  const lower = stored && watermark !== undefined ? lowerBound(cursor, watermark, settings) : undefined;
  return { lower, upper: undefined, cap };
}

/** Conditions of which one at most holds for a row: of the rows that are taken one does. */
function rangesOf(
  cursor: Cursor | undefined,
  bounds: Bounds | undefined,
  settings: TableSettings,
): readonly string[] {
  if (!cursor) return ['true'];
  const conditions: string[] = [];
  if (bounds?.lower !== undefined) conditions.push(cursor.atLeast(bounds.lower));
  if (bounds?.upper !== undefined) conditions.push(`${cursor.order} <= ${bounds.upper}`);
  if (!withNulls(settings, bounds)) return [[...conditions, `${cursor.order} IS NOT NULL`].join(' AND ')];
  return conditions.length === 0 ? ['true'] : rangesWithNulls(cursor, conditions.join(' AND '));
}

/** Whether rows without a cursor are taken. */
function withNulls({ nullCursor }: TableSettings, bounds: Bounds | undefined): boolean {
  return nullCursor === 'include' && bounds?.upper === undefined;
}

/** The taken rows with places: the source's own where it is one set of Parquet files, else those of a copy. */
async function placeRows(
  request: LoadRequest,
  work: Work,
  ranges: readonly string[],
  bounds: Bounds | undefined,
): Promise<string> {
  const { source, columns, duckdb, folder, signal } = request;
  const [only, ...others] = source.scans;
  if (ranges[0] === 'true' && only?.isParquet && others.length === 0) {
    const values = columns.map(
      ({ name }) => only.values[source.columns.findIndex((each) => each.name === name)] ?? 'NULL',
    );
    return placedRows(only.from, values, columns);
  }
  const path = join(folder, 'range.parquet');
  // What is no Parquet would be read as often as there are conditions.
  const isParquet = source.scans.every((scan) => scan.isParquet);
  const conditions = isParquet ? ranges : [ranges.map((range) => `(${range})`).join(' OR ')];
  const query = conditions.map((range) => `SELECT ${columnList(columns)} FROM ${work.all} WHERE ${range}`);
  await duckdb.rows(copyToParquet(query.join(' UNION ALL '), path), signal);
  const deleted =
    bounds &&
    (await copyDeletesOutOfRange(request, work, { inRange: path, lower: bounds.lower, upper: bounds.upper }));
  return placedRows(
    readParquet(deleted === undefined ? [path] : [path, deleted], true),
    columns.map(({ name }) => duckdbName(name)),
    columns,
  );
}

export function outcomeOf(
  { table }: LoadRequest,
  taken: Taken,
  ties: number,
): Pick<LoadedRows, 'cursor' | 'range' | 'warnings'> {
  const warnings = [...taken.warnings];
  if (ties > 0) {
    warnings.push(
      `${ties} keys of ${table} have several rows that are equally new; the one that stands last in the source was taken.`,
    );
  }
  return { cursor: taken.cursor, range: taken.range, warnings };
}

function greatest(one: bigint | undefined, other: bigint | undefined): bigint | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}

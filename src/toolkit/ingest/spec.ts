// What an ingest is told: databases, places, cursors, keys and policies, with one table's own settings over them.
import * as v from 'valibot';

const text = v.pipe(v.string(), v.nonEmpty('must not be empty'));
const names = v.array(text);
const s3Place = v.pipe(
  text,
  v.regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/, 'must be s3://BUCKET or s3://BUCKET/PREFIX'),
);
const duration = v.pipe(
  text,
  v.regex(/^\d{1,9}(ms|s|m|h|d)$/, 'must be a number with its unit: 500ms, 90s, 15m, 2h or 1d'),
);
const percent = v.pipe(
  v.number(),
  v.minValue(0, 'must not be negative'),
  v.maxValue(100, 'must be at most 100'),
);

const tableEntries = {
  /** Columns that identify a row. */
  key: v.optional(v.pipe(names, v.minLength(1, 'must name at least one column'))),
  /** The column that grows when a row changes. */
  cursor: v.optional(text),
  /** Instead of a column: an expression of DuckDB's SQL over the table's columns. */
  cursorExpression: v.optional(text),
  /** What an integer cursor counts; without it the cursor has no relation to the clock. */
  cursorUnit: v.optional(v.picklist(['s', 'ms', 'us', 'ns'])),
  disposition: v.optional(v.picklist(['replace', 'append', 'merge'])),
  /** How far behind the high-water mark each run reads again, for rows that come late. For integer cursors needs cursorUnit. */
  lookback: v.optional(duration),
  /** A run's upper bound lies so far before its start. */
  safetyLag: v.optional(duration),
  noCursor: v.optional(v.picklist(['replace', 'skip', 'fail'])),
  noKey: v.optional(v.picklist(['replace', 'append', 'skip', 'fail'])),
  nullCursor: v.optional(v.picklist(['include', 'exclude', 'fail'])),
  nullKey: v.optional(v.picklist(['fail', 'exclude'])),
  /** A column that marks rows as deleted: true, a number but 0, a time, a text that does not say no. They leave the output. */
  softDelete: v.optional(text),
  /** Rows whose key the source no longer has leave the output, if they are no more than `maxPercent` of its rows. */
  reconcileDeletes: v.optional(v.strictObject({ maxPercent: percent })),
  schema: v.optional(v.picklist(['evolve', 'freeze'])),
  /** Dates that no reader of Parquet has: MySQL's 0000-00-00, PostgreSQL's infinity and years before 1. */
  oddDates: v.optional(v.picklist(['fail', 'null'])),
  /** What the trackers of the original job mean: load all again, or go on from there with the files it wrote. */
  formerTracker: v.optional(v.picklist(['reload', 'continue'])),
};

export const ingestShape = v.strictObject({
  /** The catalog database that is read; with `connection`, the database that it leads to. */
  database: text,
  /** A Glue connection to PostgreSQL or MySQL: its tables are read without being crawled. */
  connection: v.optional(text),
  /** Table names, with * and ?; all when not given. */
  include: v.optional(names),
  exclude: v.optional(names),
  /** Where the Parquet files go: a folder a table below it. */
  outputPath: s3Place,
  /** The catalog database that the output is registered in, `<database>_parquet` when not given; made when missing. */
  outputDatabase: v.optional(text),
  /** Where trackers and manifests are kept: s3://BUCKET/PREFIX or a folder. */
  trackerPath: text,
  /** The prefix with key files, `table_name,primary_key_column`; the last name in order counts. */
  keysPath: v.optional(s3Place),
  load: v.optional(v.picklist(['full', 'incremental'])),
  /** Tables at a time. */
  parallelTables: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(1, 'must be at least 1'),
      v.maxValue(64, 'must be at most 64'),
    ),
  ),
  /** Of DuckDB; a quarter of the machine's memory when not given. */
  memoryLimitMb: v.optional(v.pipe(v.number(), v.integer(), v.minValue(64, 'must be at least 64'))),
  /** Aimed-at size of output files; 256 when not given. */
  fileSizeMb: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096))),
  /** How long replaced files stay, for readers that are still at them; 1d when not given. */
  keepReplaced: v.optional(duration),
  ...tableEntries,
  /** Settings of single tables, over the ones above. */
  tables: v.optional(v.record(text, v.strictObject(tableEntries))),
});

export type IngestSpec = v.InferOutput<typeof ingestShape>;

export interface TableSettings {
  key: string[] | undefined;
  cursor: string | undefined;
  /** True when `cursor` was asked for, not assumed. */
  isCursorGiven: boolean;
  cursorExpression: string | undefined;
  cursorUnit: 's' | 'ms' | 'us' | 'ns' | undefined;
  disposition: 'replace' | 'append' | 'merge' | undefined;
  lookbackMs: number;
  safetyLagMs: number;
  noCursor: 'replace' | 'skip' | 'fail';
  noKey: 'replace' | 'append' | 'skip' | 'fail';
  nullCursor: 'include' | 'exclude' | 'fail';
  nullKey: 'fail' | 'exclude';
  softDelete: string | undefined;
  reconcileDeletes: { maxPercent: number } | undefined;
  schema: 'evolve' | 'freeze';
  /** Undefined leaves it to what the connection's URL says. */
  oddDates: 'fail' | 'null' | undefined;
  formerTracker: 'reload' | 'continue';
}

/** The cursor that is looked for when none is named: the original job knows no other. */
const ASSUMED_CURSOR = 'updated_at';

/** What holds for `table`. `csvKey`, of a key file, counts where the spec names no key. */
export function settingsOf(spec: IngestSpec, table: string, csvKey?: string[]): TableSettings {
  const own = Object.entries(spec.tables ?? {}).find(([name]) => name.toLowerCase() === table.toLowerCase());
  const given = { ...spec, ...own?.[1] };
  const lower = (text: string | undefined) => text?.toLowerCase();
  return {
    key: (given.key ?? csvKey)?.map((column) => column.toLowerCase()),
    cursor: given.cursorExpression === undefined ? (lower(given.cursor) ?? ASSUMED_CURSOR) : undefined,
    isCursorGiven: given.cursor !== undefined || given.cursorExpression !== undefined,
    cursorExpression: given.cursorExpression,
    cursorUnit: given.cursorUnit,
    disposition: given.disposition,
    lookbackMs: durationMs(given.lookback ?? '0s'),
    safetyLagMs: durationMs(given.safetyLag ?? '0s'),
    noCursor: given.noCursor ?? 'replace',
    noKey: given.noKey ?? 'replace',
    nullCursor: given.nullCursor ?? 'include',
    nullKey: given.nullKey ?? 'fail',
    softDelete: lower(given.softDelete),
    reconcileDeletes: given.reconcileDeletes,
    schema: given.schema ?? 'evolve',
    oddDates: given.oddDates,
    formerTracker: given.formerTracker ?? 'reload',
  };
}

/** How long replaced files stay, in milliseconds. */
export function keepReplacedMs({ keepReplaced = '1d' }: Pick<IngestSpec, 'keepReplaced'>): number {
  return durationMs(keepReplaced);
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of `15m` and the like, as the spec's shape lets them through. */
export function durationMs(text: string): number {
  const [, count = '0', unit = 'ms'] = /^(\d+)([a-z]+)$/.exec(text) ?? [];
  return Number(count) * (UNIT_MS[unit] as number);
}

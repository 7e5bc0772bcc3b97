// What is to be known of the rows that a run takes, and whether the spec's policies let them.
import { GluepotError } from '../../base/errors.js';
import { duckdbName } from '../../tabular/duckdb-text.js';
import type { Cursor } from './cursor.js';
import type { LoadRequest } from './load-request.js';
import type { Work } from './take-rows.js';

export interface Facts {
  read: number;
  nullKeys: number;
  /** Of all rows of the source, as `sourceMax`. */
  nullCursors: number;
  sourceMax: bigint | undefined;
  /** Of the rows in range, not behind the cap. */
  newest: bigint | undefined;
}

/** Reads the rows that are taken, and all of the source only where they do not tell. */
export async function measureRows(
  { backfill }: LoadRequest,
  { all, cursor, row }: Work,
  taken: {
    /** Subquery of the rows that are taken. */
    rows: string;
    key: readonly string[];
    cap: bigint | undefined;
    watermark: bigint | undefined;
    /** Whether all rows without a cursor are among them. */
    hasAllNulls: boolean;
  },
): Promise<Facts> {
  const { rows, key, cap, watermark } = taken;
  const nullKey = key.map((name) => `${duckdbName(name)} IS NULL`).join(' OR ') || 'false';
  const order = cursor?.order ?? 'NULL::BIGINT';
  const found = await row(
    `SELECT count(*) AS read, count(*) FILTER (null_key) AS null_keys, count(*) FILTER (o IS NULL) AS null_cursors, ` +
      `max(o) AS source_max, max(o) FILTER (${cap === undefined ? 'true' : `o <= ${cap}`}) AS newest ` +
      `FROM (SELECT ${order} AS o, (${nullKey}) AS null_key FROM ${rows})`,
  );
  const facts = {
    read: Number(found.read),
    nullKeys: Number(found.null_keys),
    nullCursors: cursor ? Number(found.null_cursors) : 0,
    sourceMax: positionOf(found.source_max),
    newest: positionOf(found.newest),
  };
  // The source goes as far as the high-water mark if a row that is taken does.
  const isFarEnough =
    backfill !== undefined ||
    watermark === undefined ||
    (facts.sourceMax !== undefined && facts.sourceMax >= watermark);
  if (!cursor || (taken.hasAllNulls && isFarEnough)) return facts;
  const ofAll = await row(
    `SELECT count(*) FILTER (o IS NULL) AS null_cursors, max(o) AS source_max FROM (SELECT ${order} AS o FROM ${all})`,
  );
  return {
    ...facts,
    nullCursors: Number(ofAll.null_cursors),
    sourceMax: positionOf(ofAll.source_max),
  };
}

export function checkPolicies(
  { settings, table, stored, backfill }: LoadRequest,
  facts: Facts,
  cursor: Cursor | undefined,
  watermark: bigint | undefined,
): string[] {
  const warnings: string[] = [];
  if (facts.nullKeys > 0) {
    const what = `${facts.nullKeys} rows of ${table} have no value in their key (${settings.key?.join(', ')})`;
    if (settings.nullKey === 'fail') {
      throw new GluepotError(
        'failed',
        `${what}, so nobody can tell which row they are. Put them right, or set nullKey to exclude.`,
      );
    }
    warnings.push(`${what} and are left out (nullKey: exclude).`);
  }
  if (facts.nullCursors > 0) {
    const what = `${facts.nullCursors} rows of ${table} have no value in the cursor ${cursor?.name}`;
    if (settings.nullCursor === 'fail') {
      throw new GluepotError('failed', `${what}. Put them right, or set nullCursor to include or exclude.`);
    }
    warnings.push(
      settings.nullCursor === 'exclude'
        ? `${what} and are left out (nullCursor: exclude).`
        : `${what}; they are read by every run and count as older than any other (nullCursor: include).`,
    );
  }
  if (stored && !backfill && watermark !== undefined && (facts.sourceMax ?? watermark) < watermark) {
    warnings.push(
      `The cursor ${cursor?.name} of ${table} went backwards: its greatest value is before the high-water mark, which stays. ` +
        'Rows written since may be missed; a full load takes them.',
    );
  }
  return warnings;
}

export function positionOf(value: unknown): bigint | undefined {
  return value === undefined || value === null ? undefined : BigInt(value as string);
}

// Cursors of every kind as whole numbers in their own precision, so that bounds are exact.
import { GluepotError } from '../../base/errors.js';
import type { TableSettings } from './spec.js';

/**
 * timestamp: microseconds since 1970 in UTC; timestamp-ns: nanoseconds; text: ISO 8601 read as a timestamp, without a zone
 * as UTC; date: days; integer: itself.
 */
export type CursorKind = 'timestamp' | 'timestamp-ns' | 'text' | 'date' | 'integer';

export interface Cursor {
  /** For people: the column or the expression. */
  name: string;
  kind: CursorKind;
  /** SQL over the columns of a relation: the cursor as BIGINT, null where it has none. */
  order: string;
  /** SQL of the same relation: not before the bound. Written so that row groups can be left out by it. */
  atLeast(bound: bigint): string;
  /**
   * SQL conditions of rows without a position that `atLeast` leaves out: one at most holds for a row, and row groups can be left
   * out by each. Undefined where no condition is of that kind.
   */
  without?: readonly string[];
}

/** @param sql the column or expression; @param type as DESCRIBE prints it. @throws GluepotError `unsupported` */
export function cursorOf(name: string, sql: string, type: string): Cursor {
  const made = (kind: CursorKind, order: string, atLeast: Cursor['atLeast']) => ({
    name,
    kind,
    order,
    atLeast,
  });
  if (type === 'TIMESTAMP WITH TIME ZONE') {
    return made('timestamp', `epoch_us(${sql})`, (bound) => `${sql} >= make_timestamptz(${bound})`);
  }
  if (type === 'TIMESTAMP_NS') {
    return made('timestamp-ns', `epoch_ns(${sql})`, (bound) => `${sql} >= make_timestamp_ns(${bound})`);
  }
  if (/^TIMESTAMP(_S|_MS)?$/.test(type)) {
    return made('timestamp', `epoch_us(${sql})`, (bound) => `${sql} >= make_timestamp(${bound})`);
  }
  if (type === 'DATE') {
    return made(
      'date',
      `date_diff('day', DATE '1970-01-01', ${sql})`,
      (bound) => `${sql} >= DATE '1970-01-01' + CAST(${bound} AS INTEGER)`,
    );
  }
  // Unsigned numbers of MySQL are decimals; one that a BIGINT does not hold fails.
  if (/^(U?(TINYINT|SMALLINT|INTEGER)|BIGINT|DECIMAL\(\d+,0\))$/.test(type)) {
    return made('integer', `CAST(${sql} AS BIGINT)`, (bound) => `${sql} >= ${bound}`);
  }
  if (type === 'VARCHAR') {
    // TRY_CAST would make nulls of what nobody can read as a time, and lose it in silence.
    const order = `epoch_us(CAST(nullif(trim(${sql}), '') AS TIMESTAMPTZ))`;
    return made('text', order, (bound) => `${order} >= ${bound}`);
  }
  throw new GluepotError(
    'unsupported',
    `The cursor ${name} is of type ${type}. It can be a timestamp, a date, a whole number or ISO 8601 text; another ` +
      'type can be made one of these with "cursorExpression".',
  );
}

/** How many of a cursor's units a time has. */
export interface CursorUnits {
  numerator: bigint;
  denominator: bigint;
}

/** Units in a millisecond; undefined when an integer counts nobody knows what. */
export function unitsOf(
  kind: CursorKind,
  { cursorUnit }: Pick<TableSettings, 'cursorUnit'>,
): CursorUnits | undefined {
  switch (kind) {
    case 'timestamp':
    case 'text':
      return { numerator: 1000n, denominator: 1n };
    case 'timestamp-ns':
      return { numerator: 1_000_000n, denominator: 1n };
    case 'date':
      return { numerator: 1n, denominator: 86_400_000n };
    case 'integer':
      return cursorUnit && INTEGER_UNITS[cursorUnit];
  }
}

const INTEGER_UNITS = {
  s: { numerator: 1n, denominator: 1000n },
  ms: { numerator: 1n, denominator: 1n },
  us: { numerator: 1000n, denominator: 1n },
  ns: { numerator: 1_000_000n, denominator: 1n },
} as const;

/** A time in a cursor's units. */
export function cursorAt({ numerator, denominator }: CursorUnits, ms: number): bigint {
  const scaled = BigInt(Math.floor(ms)) * numerator;
  // Rounded down, also before 1970.
  const quotient = scaled / denominator;
  return scaled % denominator < 0n ? quotient - 1n : quotient;
}

/** The first position that an increment reads: so far behind the high-water mark. @throws GluepotError `usage` when the unit is not known */
export function lowerBound(
  { name, kind }: Pick<Cursor, 'name' | 'kind'>,
  watermark: bigint,
  settings: Pick<TableSettings, 'cursorUnit' | 'lookbackMs'>,
): bigint {
  if (settings.lookbackMs === 0) return watermark;
  const units = unitsOf(kind, settings);
  if (!units) {
    throw new GluepotError(
      'usage',
      `The cursor ${name} is a whole number, so a lookback needs "cursorUnit": s, ms, us or ns.`,
    );
  }
  const { numerator, denominator } = units;
  return watermark - (BigInt(settings.lookbackMs) * numerator + denominator - 1n) / denominator;
}

/** SQL conditions, one at most of which holds for a row: in range, or without a position. */
export function rangesWithNulls({ order, without }: Cursor, inRange: string): readonly string[] {
  // DuckDB leaves out row groups by each, but not by several in one.
  return without ? [inRange, ...without] : [`(${inRange}) OR ${order} IS NULL`];
}

/** The cursor that is a column itself: what statistics of row groups say of the column they say of it. @throws as cursorOf */
export function columnCursor(name: string, sql: string, type: string): Cursor {
  const cursor = cursorOf(name, sql, type);
  if (cursor.kind === 'text') return cursor;
  const isNull = `${sql} IS NULL`;
  // It has no position either, in these types; an infinity to come is at least any bound.
  const hasInfinity = cursor.kind === 'timestamp' || cursor.kind === 'date';
  return { ...cursor, without: hasInfinity ? [isNull, `${sql} = CAST('-infinity' AS ${type})`] : [isNull] };
}

/** A position of the cursor for people. */
export function cursorText(kind: CursorKind, position: bigint): string {
  if (kind === 'integer') return String(position);
  if (kind === 'date') return new Date(Number(position) * 86_400_000).toISOString().slice(0, 10);
  const perSecond = kind === 'timestamp-ns' ? 1_000_000_000n : 1_000_000n;
  const fraction = ((position % perSecond) + perSecond) % perSecond;
  const seconds = (position - fraction) / perSecond;
  const digits = String(fraction).padStart(kind === 'timestamp-ns' ? 9 : 6, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${digits}Z`;
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** The position that a text means: ISO 8601, without a zone in UTC; a whole number for integers. @throws GluepotError `usage` */
export function parseCursor(kind: CursorKind, text: string): bigint {
  const trimmed = text.trim();
  if (kind === 'integer' && /^-?\d{1,18}$/.test(trimmed)) return BigInt(trimmed);
  const match = kind === 'integer' ? null : ISO.exec(trimmed);
  if (match) {
    const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
    const normalZone =
      zone.toUpperCase() === 'Z'
        ? 'Z'
        : zone.replace(/^([+-]\d\d):?(\d\d)?$/, (_, h: string, m?: string) => `${h}:${m ?? '00'}`);
    const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${normalZone}`);
    if (!Number.isNaN(ms)) {
      if (kind === 'date') return BigInt(Math.floor(ms / 86_400_000));
      const digits = kind === 'timestamp-ns' ? 9 : 6;
      const perMs = kind === 'timestamp-ns' ? 1_000_000n : 1000n;
      return BigInt(ms) * perMs + BigInt(fraction.padEnd(digits, '0').slice(0, digits));
    }
  }
  const allowed = kind === 'integer' ? 'a whole number' : 'ISO 8601, e.g. 2024-05-01T10:00:00.123Z';
  throw new GluepotError(
    'usage',
    `${JSON.stringify(text)} is no position of a ${kind} cursor. Give ${allowed}.`,
  );
}

// Bounds of an increment in SQL.
import type { PositionKind, RowRange } from './database.js';

/** ` WHERE ...` for the range, or nothing. @param from the table in SQL; @param quote makes an identifier of a column's name */
export function rangeClause(
  range: RowRange | undefined,
  from: string,
  quote: (name: string) => string,
): string {
  if (!range) return '';
  const { lower, upper, withNulls, wholeKey } = range;
  const column = quote(range.column);
  const isNull = `${column} IS NULL`;
  const bounds = [
    ...(lower === undefined ? [] : [`${column} >= ${lower}`]),
    ...(upper === undefined ? [] : [`${column} <= ${upper}`]),
  ];
  if (bounds.length === 0) return withNulls ? '' : ` WHERE ${column} IS NOT NULL`;
  const within = bounds.join(' AND ');
  const parts = withNulls ? [`(${within})`, isNull] : [`(${within})`];
  if (wholeKey) {
    const key = wholeKey.map(quote).join(', ');
    parts.push(`(${key}) IN (SELECT ${key} FROM ${from} WHERE ${upper === undefined ? isNull : within})`);
  }
  return ` WHERE ${parts.length === 1 ? within : `(${parts.join(' OR ')})`}`;
}

const MICROSECONDS_A_DAY = 86_400_000_000n;

/**
 * A position as both databases read it between quotes: `2024-05-01`, `2024-05-01 10:00:00.123456`; a whole number plain.
 * Undefined outside of the years.
 */
export function positionText(
  kind: PositionKind,
  position: bigint,
  years: { min: number; max: number },
): string | undefined {
  if (kind === 'integer') return String(position);
  const microseconds = kind === 'date' ? position * MICROSECONDS_A_DAY : position;
  const fraction = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const second = new Date(Number((microseconds - fraction) / 1000n));
  const year = second.getUTCFullYear();
  if (Number.isNaN(year) || year < years.min || year > years.max) return undefined;
  const [day = '', time = ''] = second.toISOString().split('T');
  return kind === 'date' ? day : `${day} ${time.slice(0, 8)}.${String(fraction).padStart(6, '0')}`;
}

// INTERVAL literals: `INTERVAL '1' DAY`, `INTERVAL '2 03:04:05' DAY TO SECOND`, `INTERVAL '1-2' YEAR TO MONTH`.
import type { Expression } from './syntax.js';
import { simple } from './trino-type.js';
import type { TypedSql } from './typed-sql.js';

const MICROS: Readonly<Record<string, number>> = {
  day: 86_400_000_000,
  hour: 3_600_000_000,
  minute: 60_000_000,
  second: 1_000_000,
};
const FIELDS = ['day', 'hour', 'minute', 'second'];

/** Undefined when the text is not of the form that the fields ask for. */
export function intervalSql(literal: Extract<Expression, { kind: 'interval' }>): TypedSql | undefined {
  const { value, from, to = from } = literal;
  const sign = literal.isNegative !== value.startsWith('-') ? -1 : 1;
  const text = value.replace(/^[+-]/, '').trim();
  if (from === 'year' || from === 'month') {
    const match = to === 'month' && from === 'year' ? /^(\d+)-(\d+)$/.exec(text) : /^(\d+)$/.exec(text);
    if (!match) return undefined;
    const [first, second] = [Number(match[1]), Number(match[2] ?? 0)];
    const months = from === 'month' ? first : first * 12 + second;
    return { sql: `to_months(${sign * months})`, type: simple('interval year to month') };
  }
  const fields = FIELDS.slice(FIELDS.indexOf(from), FIELDS.indexOf(to) + 1);
  const parts = text.split(/[ :]/);
  if (fields.length === 0 || parts.length !== fields.length) return undefined;
  let micros = 0;
  for (const [index, field] of fields.entries()) {
    if (!/^\d+(\.\d+)?$/.test(parts[index] as string)) return undefined;
    micros += Number(parts[index]) * (MICROS[field] as number);
  }
  return { sql: `to_microseconds(${sign * Math.round(micros)})`, type: simple('interval day to second') };
}

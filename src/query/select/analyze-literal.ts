// Literals of Trino's as DuckDB's, each of the type that its text gives it.
import { duckdbText } from '../../tabular/duckdb-text.js';
import { type Environment, failAt } from './analysis.js';
import { castSql } from './convert.js';
import { fromWallClock, requireZone } from './functions/time-functions.js';
import { parseType } from './parse-type.js';
import type { ExpressionOf } from './syntax.js';
import { bigint, duckdbTypeOf, integer, simple, type TrinoType, varchar } from './trino-type.js';
import type { TypedSql } from './typed-sql.js';

export function integerLiteral(
  { text, at }: { text: string; at: number },
  environment: Environment,
): TypedSql {
  const value = BigInt(text);
  if (value > 9223372036854775807n)
    return failAt(environment, at, 'INVALID_LITERAL', `Invalid numeric literal: ${text}`);
  const type = value <= 2147483647n ? integer : bigint;
  return { sql: `CAST(${value} AS ${duckdbTypeOf(type)})`, type, constant: value };
}

export function decimalLiteral(text: string): TypedSql {
  const [whole = '', fraction = ''] = text.split('.');
  const digits = whole.replace(/^0+/, '');
  const type: TrinoType = {
    kind: 'decimal',
    precision: Math.max(1, digits.length + fraction.length),
    scale: fraction.length,
  };
  return { sql: `CAST('${text}' AS ${duckdbTypeOf(type)})`, type, constant: Number(text) };
}

export function typedLiteral(
  { type: name, value, at }: ExpressionOf<'typed'>,
  environment: Environment,
): TypedSql {
  const invalid = () =>
    failAt(environment, at, 'INVALID_LITERAL', `'${value}' is not a valid ${name.toUpperCase()} literal`);
  if (name === 'decimal') return /^[+-]?\d*\.?\d+$/.test(value) ? decimalLiteral(value) : invalid();
  if (name === 'json') return { sql: `json(${duckdbText(value)})`, type: simple('json') };
  if (name === 'timestamp') {
    const parts =
      /^\s*[+-]?\d{4,}-\d{1,2}-\d{1,2}(?: \d{1,2}:\d{2}(?::\d{2}(?:\.(\d{1,6}))?)?)?(?: ([A-Za-z][\w/+-]*))?\s*$/.exec(
        value,
      );
    if (!parts) return invalid();
    const precision = parts[1]?.length ?? 0;
    const clock = value
      .trim()
      .replace(/ [A-Za-z].*$/, '')
      .replace(/ (\d+:\d+)$/, ' $1:00');
    const wall = `TIMESTAMP ${duckdbText(clock)}`;
    if (parts[2] === undefined) return { sql: wall, type: { kind: 'timestamp', precision } };
    const zone = requireZone(parts[2], {
      refuse: (message) => failAt(environment, at, 'INVALID_LITERAL', message),
    });
    const type: TrinoType = { kind: 'timestamp-tz', precision, zone };
    return { sql: fromWallClock(wall, type), type };
  }
  if (name === 'date')
    return /^\s*[+-]?\d{4,}-\d{1,2}-\d{1,2}\s*$/.test(value)
      ? { sql: `DATE ${duckdbText(value.trim())}`, type: simple('date') }
      : invalid();
  const type = parseType(name);
  const sql = type && castSql(duckdbText(value), varchar, type);
  return sql === undefined || !type ? invalid() : { sql, type };
}

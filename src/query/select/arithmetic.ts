// Trino's arithmetic: types of the results, whole division, decimals that stay exact, division by zero.
import { moved } from './functions/time-functions.js';
import { coerce } from './convert.js';
import { raiseSql, type TypedSql } from './typed-sql.js';
import { commonType } from './common-type.js';
import {
  double,
  duckdbTypeOf,
  isFloating,
  isInteger,
  isNumeric,
  isSimple,
  simple,
  type TrinoType,
} from './trino-type.js';

type Operator = '+' | '-' | '*' | '/' | '%';
type Decimal = Extract<TrinoType, { kind: 'decimal' }>;

const DAY_SECOND = simple('interval day to second');
const YEAR_MONTH = simple('interval year to month');
const isInterval = (type: TrinoType) => isSimple(type, 'interval day to second', 'interval year to month');
const isTime = (type: TrinoType) =>
  isSimple(type, 'date') || type.kind === 'timestamp' || type.kind === 'timestamp-tz';

/** Undefined when Trino has no such operator for these types. */
export function arithmetic(operator: Operator, left: TypedSql, right: TypedSql): TypedSql | undefined {
  if (isNumeric(left.type) && isNumeric(right.type)) return numeric(operator, left, right);
  if (isSimple(left.type, 'unknown') && isNumeric(right.type))
    return numeric(operator, coerce(left, right.type), right);
  if (isSimple(right.type, 'unknown') && isNumeric(left.type))
    return numeric(operator, left, coerce(right, left.type));
  return temporal(operator, left, right);
}

function numeric(operator: Operator, left: TypedSql, right: TypedSql): TypedSql | undefined {
  const common = commonType(left.type, right.type) as TrinoType;
  if (common.kind === 'decimal') return decimals(operator, left, right);
  const [a, b] = [coerce(left, common).sql, coerce(right, common)];
  if (isFloating(common)) {
    const sql = operator === '%' ? `fmod(${a}, ${b.sql})` : `(${a} ${operator} ${b.sql})`;
    return { sql: isSimple(common, 'real') ? `CAST(${sql} AS FLOAT)` : sql, type: common };
  }
  if (operator === '/') return { sql: quotientSql(a, b, common), type: common };
  if (operator === '%') return { sql: remainderSql(a, b, common), type: common };
  return { sql: `(${a} ${operator} ${b.sql})`, type: common };
}

const divisionByZero = (type: TrinoType) => raiseSql('DIVISION_BY_ZERO', `'Division by zero'`, type);

const isNonZero = ({ constant }: TypedSql) => constant !== undefined && Number(constant) !== 0;

function quotientSql(a: string, b: TypedSql, type: TrinoType): string {
  const quotient = `(${a} // ${b.sql})`;
  return isNonZero(b) ? quotient : `CASE WHEN ${b.sql} = 0 THEN ${divisionByZero(type)} ELSE ${quotient} END`;
}

export function remainderSql(a: string, b: TypedSql, type: TrinoType): string {
  const remainder = `(${a} % ${b.sql})`;
  return isNonZero(b)
    ? remainder
    : `CASE WHEN ${b.sql} = 0 THEN ${divisionByZero(type)} ELSE ${remainder} END`;
}

const DIGITS: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 };

function asDecimal({ sql, type, constant }: TypedSql): TypedSql & { type: Decimal } {
  if (type.kind === 'decimal') return constant === undefined ? { sql, type } : { sql, type, constant };
  const precision = DIGITS[(type as { name: string }).name] as number;
  const wanted: Decimal = { kind: 'decimal', precision, scale: 0 };
  return {
    ...coerce(constant === undefined ? { sql, type } : { sql, type, constant }, wanted),
    type: wanted,
  };
}

/** Trino docs, decimal functions: precision and scale of the results. */
function decimals(operator: Operator, left: TypedSql, right: TypedSql): TypedSql | undefined {
  const [a, b] = [asDecimal(left), asDecimal(right)];
  const [p1, s1, p2, s2] = [a.type.precision, a.type.scale, b.type.precision, b.type.scale];
  const of = (precision: number, scale: number): Decimal => ({
    kind: 'decimal',
    precision: Math.min(38, precision),
    scale,
  });
  switch (operator) {
    case '+':
    case '-': {
      const type = of(Math.max(p1 - s1, p2 - s2) + Math.max(s1, s2) + 1, Math.max(s1, s2));
      return { sql: `CAST((${a.sql} ${operator} ${b.sql}) AS ${duckdbTypeOf(type)})`, type };
    }
    case '*': {
      if (s1 + s2 > 38) return undefined;
      const type = of(p1 + p2, s1 + s2);
      return { sql: `CAST((${a.sql} * ${b.sql}) AS ${duckdbTypeOf(type)})`, type };
    }
    case '/': {
      const type = of(p1 + s2 + Math.max(0, s2 - s1), Math.max(s1, s2));
      const sql = divideDecimals(a.sql, a.type, b.sql, b.type, type);
      return {
        sql: isNonZero(b) ? sql : `CASE WHEN ${b.sql} = 0 THEN ${divisionByZero(type)} ELSE ${sql} END`,
        type,
      };
    }
    case '%': {
      const type = of(Math.min(p2 - s2, p1 - s1) + Math.max(s1, s2), Math.max(s1, s2));
      const scale = type.scale;
      const [x, y] = [unscaled(a.sql, a.type, scale - s1), unscaled(b.sql, b.type, scale - s2)];
      const sql = scaled(`(${x} % ${y})`, type);
      return {
        sql: isNonZero(b) ? sql : `CASE WHEN ${b.sql} = 0 THEN ${divisionByZero(type)} ELSE ${sql} END`,
        type,
      };
    }
  }
}

/** A decimal without its point, and with so many zeros behind it. */
function unscaled(sql: string, { scale }: Decimal, zeroCount: number): string {
  const digits =
    scale === 0 ? `CAST(${sql} AS HUGEINT)` : `CAST(replace(CAST(${sql} AS VARCHAR), '.', '') AS HUGEINT)`;
  return zeroCount === 0 ? digits : `(${digits} * CAST('1${'0'.repeat(zeroCount)}' AS HUGEINT))`;
}

/** A whole number of the type's smallest unit as a decimal. */
function scaled(whole: string, type: Decimal): string {
  if (type.scale === 0) return `CAST(${whole} AS ${duckdbTypeOf(type)})`;
  const unit = `CAST('0.${'0'.repeat(type.scale - 1)}1' AS DECIMAL(${type.scale}, ${type.scale}))`;
  return `CAST((CAST(${whole} AS DECIMAL(${38 - type.scale}, 0)) * ${unit}) AS ${duckdbTypeOf(type)})`;
}

/** The quotient, halves rounded away from zero: DuckDB's own is a double. Null when the divisor is zero. */
export function divideDecimals(
  a: string,
  aType: Decimal,
  b: string,
  bType: Decimal,
  result: Decimal,
): string {
  const shift = result.scale + bType.scale - aType.scale;
  const x = unscaled(a, aType, Math.max(0, shift));
  const y = unscaled(b, bType, Math.max(0, -shift));
  const rounded = `((2 * abs(${x}) + abs(${y})) // (2 * abs(${y})))`;
  return scaled(
    `CAST((CASE WHEN (${x} < 0) <> (${y} < 0) THEN -${rounded} ELSE ${rounded} END) AS HUGEINT)`,
    result,
  );
}

function temporal(operator: Operator, left: TypedSql, right: TypedSql): TypedSql | undefined {
  if (operator === '+' && isInterval(left.type) && isTime(right.type)) return temporal('+', right, left);
  if ((operator === '+' || operator === '-') && isTime(left.type) && isInterval(right.type)) {
    const interval = operator === '-' ? `(-(${right.sql}))` : right.sql;
    return { sql: moved(left, interval, isSimple(right.type, 'interval day to second')), type: left.type };
  }
  if (operator === '-' && isTime(left.type) && isTime(right.type)) {
    const common = commonType(left.type, right.type);
    if (!common) return undefined;
    const micros = (value: TypedSql) =>
      `epoch_us(CAST(${coerce(value, common).sql} AS ${common.kind === 'timestamp-tz' ? 'TIMESTAMPTZ' : 'TIMESTAMP'}))`;
    return { sql: `to_microseconds(${micros(left)} - ${micros(right)})`, type: DAY_SECOND };
  }
  if ((operator === '+' || operator === '-') && isInterval(left.type)) {
    const isSame = JSON.stringify(left.type) === JSON.stringify(right.type);
    return isSame ? { sql: `(${left.sql} ${operator} ${right.sql})`, type: left.type } : undefined;
  }
  if (operator === '*' && isInterval(right.type)) return temporal('*', right, left);
  if (
    (operator === '*' || operator === '/') &&
    isInterval(left.type) &&
    (isInteger(right.type) || isFloating(right.type))
  ) {
    const factor = coerce(right, double).sql;
    return isSimple(left.type, 'interval day to second')
      ? {
          sql: `to_microseconds(CAST(round(epoch(${left.sql}) * 1000000 ${operator} ${factor}) AS BIGINT))`,
          type: DAY_SECOND,
        }
      : {
          sql: `to_months(CAST(trunc(trino_months(${left.sql}) ${operator} ${factor}) AS INTEGER))`,
          type: YEAR_MONTH,
        };
  }
  return undefined;
}

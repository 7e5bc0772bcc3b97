// Signs between values: arithmetic, concatenation, negation, and a time's zone.
import { type Environment, failAt } from './analysis.js';
import { arithmetic } from './arithmetic.js';
import { commonType } from './common-type.js';
import { coerce } from './convert.js';
import { requireZone } from './functions/time-functions.js';
import type { Expression, ExpressionOf } from './syntax.js';
import { formatType, isNumeric, isSimple, isText, type TrinoType, varchar } from './trino-type.js';
import type { TypedSql } from './typed-sql.js';

export function negated(operand: TypedSql, { at }: Expression, environment: Environment): TypedSql {
  if (isNumeric(operand.type) || isSimple(operand.type, 'interval day to second', 'interval year to month')) {
    const { constant } = operand;
    const sql = `(-${operand.sql})`;
    return constant === undefined || typeof constant === 'string'
      ? { sql, type: operand.type }
      : { sql, type: operand.type, constant: -constant };
  }
  return failAt(environment, at, 'TYPE_MISMATCH', `Cannot negate ${formatType(operand.type)}`);
}

export function analyzeArithmetic(
  expression: ExpressionOf<'arithmetic'>,
  left: TypedSql,
  right: TypedSql,
  environment: Environment,
): TypedSql {
  const { operator, at } = expression;
  const found = operator === '||' ? concatenated(left, right) : arithmetic(operator, left, right);
  if (found) return found;
  const shown = `${formatType(left.type)} ${operator} ${formatType(right.type)}`;
  return operator === '||'
    ? failAt(
        environment,
        at,
        'FUNCTION_NOT_FOUND',
        `Unexpected parameters (${formatType(left.type)}, ${formatType(right.type)}) for function concat. Expected: concat(char(x), char(y)), concat(array(E), E) E, concat(E, array(E)) E, concat(array(E)) E, concat(varchar), concat(varbinary)`,
      )
    : failAt(environment, at, 'TYPE_MISMATCH', `Cannot apply operator: ${shown}`);
}

function concatenated(left: TypedSql, right: TypedSql): TypedSql | undefined {
  const [a, b] = [left.type, right.type];
  const isTextual = (type: TrinoType) => isText(type) || isSimple(type, 'unknown');
  if (isTextual(a) && isTextual(b))
    return { sql: `(${coerce(left, varchar).sql} || ${coerce(right, varchar).sql})`, type: varchar };
  if (isSimple(a, 'varbinary') && isSimple(b, 'varbinary'))
    return { sql: `(${left.sql} || ${right.sql})`, type: a };
  const item =
    a.kind === 'array' && b.kind === 'array'
      ? commonType(a.item, b.item)
      : a.kind === 'array'
        ? commonType(a.item, b)
        : b.kind === 'array'
          ? commonType(a, b.item)
          : undefined;
  if (!item) return undefined;
  const type: TrinoType = { kind: 'array', item };
  const x = a.kind === 'array' ? coerce(left, type).sql : `[${coerce(left, item).sql}]`;
  const y = b.kind === 'array' ? coerce(right, type).sql : `[${coerce(right, item).sql}]`;
  return { sql: `CASE WHEN ${x} IS NULL OR ${y} IS NULL THEN NULL ELSE list_concat(${x}, ${y}) END`, type };
}

export function analyzeZone(
  value: TypedSql,
  zone: TypedSql,
  { at }: Expression,
  environment: Environment,
): TypedSql {
  const refuse = (message: string) => failAt(environment, at, 'INVALID_FUNCTION_ARGUMENT', message);
  if (typeof zone.constant !== 'string') return refuse('the time zone must be a literal here');
  const name = requireZone(zone.constant, { refuse });
  if (value.type.kind === 'timestamp-tz') return { sql: value.sql, type: { ...value.type, zone: name } };
  if (value.type.kind === 'timestamp')
    return {
      sql: `(${value.sql} AT TIME ZONE 'UTC')`,
      type: { kind: 'timestamp-tz', precision: value.type.precision, zone: name },
    };
  return failAt(
    environment,
    at,
    'TYPE_MISMATCH',
    `Type of value must be a time or timestamp with or without time zone (actual ${formatType(value.type)})`,
  );
}

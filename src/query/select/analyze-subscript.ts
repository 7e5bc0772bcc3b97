// What stands in square brackets: an item of an array, a map's value, a row's field.
import { duckdbText } from '../../tabular/duckdb-text.js';
import { type Environment, failAt } from './analysis.js';
import { isCoercible } from './common-type.js';
import { coerce } from './convert.js';
import type { Expression } from './syntax.js';
import { bigint, fieldName, formatType, isInteger } from './trino-type.js';
import { raiseSql, type TypedSql } from './typed-sql.js';

export function analyzeSubscript(
  { at }: Expression,
  base: TypedSql,
  index: TypedSql,
  environment: Environment,
): TypedSql {
  const { type } = base;
  if (type.kind === 'array' && isInteger(index.type)) {
    const place = coerce(index, bigint).sql;
    const fails = (message: string) => raiseSql('INVALID_FUNCTION_ARGUMENT', `'${message}'`, type.item);
    const sql = `CASE WHEN ${place} = 0 THEN ${fails('SQL array indices start at 1')} WHEN ${place} < 0 THEN ${fails('Array subscript is negative')} WHEN ${place} > len(${base.sql}) THEN ${fails('Array subscript must be less than or equal to array length')} ELSE list_extract(${base.sql}, ${place}) END`;
    return { sql, type: type.item };
  }
  if (type.kind === 'map' && isCoercible(index.type, type.key)) {
    const key = coerce(index, type.key).sql;
    const missing = raiseSql(
      'INVALID_FUNCTION_ARGUMENT',
      `'Key not present in map: ' || CAST(${key} AS VARCHAR)`,
      type.value,
    );
    return {
      sql: `CASE WHEN ${base.sql} IS NULL OR ${key} IS NULL THEN NULL WHEN NOT map_contains(${base.sql}, ${key}) THEN ${missing} ELSE ${base.sql}[${key}] END`,
      type: type.value,
    };
  }
  if (type.kind === 'row' && typeof index.constant === 'bigint') {
    const place = Number(index.constant) - 1;
    const field = type.fields[place];
    if (!field)
      return failAt(
        environment,
        at,
        'INVALID_FUNCTION_ARGUMENT',
        `ROW index out of bounds: ${index.constant}`,
      );
    return {
      sql: `struct_extract(${base.sql}, ${duckdbText(fieldName(type.fields, place))})`,
      type: field.type,
    };
  }
  return failAt(
    environment,
    at,
    'TYPE_MISMATCH',
    `Cannot use ${formatType(index.type)} for subscript of ${formatType(type)}`,
  );
}

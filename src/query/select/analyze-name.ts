// Names in expressions: columns, with or without their tables, and fields of rows.
import { duckdbText } from '../../tabular/duckdb-text.js';
import { type Environment, failAt } from './analysis.js';
import { fieldSql, findField, type Scope } from './scope.js';
import type { Expression, ExpressionOf } from './syntax.js';
import { fieldName } from './trino-type.js';
import type { TypedSql } from './typed-sql.js';

export function analyzeName(
  expression: ExpressionOf<'name' | 'member'>,
  scope: Scope,
  environment: Environment,
  analyze: (inner: Expression) => TypedSql,
): TypedSql {
  const parts: string[] = [];
  let base: Expression = expression;
  for (; base.kind === 'member'; base = base.base) parts.unshift(base.name);
  if (base.kind !== 'name')
    return analyzeMember(
      expression as ExpressionOf<'member'>,
      analyze((expression as ExpressionOf<'member'>).base),
      environment,
    );
  parts.unshift(base.name);
  const found = findField(scope, parts);
  if (found === 'ambiguous')
    return failAt(environment, expression.at, 'AMBIGUOUS_NAME', `Column '${parts.join('.')}' is ambiguous`);
  if (!found) return notFound(parts.join('.'), expression, environment);
  let value = fieldSql(found.field);
  for (const name of found.rest)
    value = memberOf(value, name) ?? notFound(parts.join('.'), expression, environment);
  return value;
}

function notFound(name: string, { at }: { at: number }, environment: Environment): never {
  return failAt(
    environment,
    at,
    'COLUMN_NOT_FOUND',
    `Column '${name}' cannot be resolved or requester is not authorized to access requested resources`,
  );
}

function memberOf({ sql, type }: TypedSql, name: string): TypedSql | undefined {
  if (type.kind !== 'row') return undefined;
  const index = type.fields.findIndex((field) => field.name?.toLowerCase() === name.toLowerCase());
  const field = type.fields[index];
  return (
    field && { sql: `struct_extract(${sql}, ${duckdbText(fieldName(type.fields, index))})`, type: field.type }
  );
}

function analyzeMember(
  expression: ExpressionOf<'member'>,
  base: TypedSql,
  environment: Environment,
): TypedSql {
  if (base.type.kind !== 'row') {
    return failAt(environment, expression.at, 'TYPE_MISMATCH', `Expression is not of type ROW`);
  }
  return memberOf(base, expression.name) ?? notFound(expression.name, expression, environment);
}

// Queries in brackets inside of expressions.
import { duckdbName } from '../../tabular/duckdb-text.js';
import { type Environment, failAt } from './analysis.js';
import type { Scope } from './scope.js';
import type { ExpressionOf } from './syntax.js';
import { fieldName, type TrinoType } from './trino-type.js';
import type { TypedSql } from './typed-sql.js';

export function analyzeColumn(
  query: ExpressionOf<'query'>['query'],
  scope: Scope,
  environment: Environment,
  at: number,
): { sql: string; type: TrinoType } {
  const analyzed = environment.shared.analyzeQuery(query, environment, scope);
  const [column] = analyzed.columns;
  if (analyzed.columns.length !== 1 || !column) {
    return failAt(
      environment,
      at,
      'NOT_SUPPORTED',
      `Multiple columns returned by subquery are not supported here. Found ${analyzed.columns.length}`,
    );
  }
  return { sql: analyzed.sql, type: column.type };
}

/** A query in brackets where a value stands: one column, or a row of all of them. */
export function analyzeSubquery(
  expression: ExpressionOf<'query'>,
  scope: Scope,
  environment: Environment,
): TypedSql {
  const query = environment.shared.analyzeQuery(expression.query, environment, scope);
  if (query.columns.length !== 1) {
    const fields = query.columns.map(({ name, type }) => (name === undefined ? { type } : { name, type }));
    const members = fields.map((_, index) => `${duckdbName(fieldName(fields, index))} := q.c${index}`);
    return {
      sql: `(SELECT struct_pack(${members.join(', ')}) FROM (${query.sql}) AS q)`,
      type: { kind: 'row', fields },
    };
  }
  return { sql: `(${query.sql})`, type: (query.columns[0] as { type: TrinoType }).type };
}

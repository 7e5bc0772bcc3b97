// Comparisons, BETWEEN, IN, LIKE, IS NULL and EXISTS.
import { alike } from './alike.js';
import { type Environment, failAt } from './analysis.js';
import { analyzeColumn } from './analyze-subquery.js';
import { commonType } from './common-type.js';
import { coerce } from './convert.js';
import type { Scope } from './scope.js';
import type { Comparator, Expression, ExpressionOf } from './syntax.js';
import { boolean, formatType, isSimple, isText, varchar } from './trino-type.js';
import type { TypedSql } from './typed-sql.js';

export function compared(
  comparator: Comparator,
  left: TypedSql,
  right: TypedSql,
  expression: Expression,
  environment: Environment,
): TypedSql {
  const [a, b] = alike([left, right], comparator, expression, environment) as [TypedSql, TypedSql];
  const isOrdered = a.type.kind !== 'map' && a.type.kind !== 'function';
  if (!isOrdered && comparator !== '=' && comparator !== '<>') {
    return failAt(
      environment,
      expression.at,
      'TYPE_MISMATCH',
      `Cannot apply operator: ${formatType(a.type)} ${comparator} ${formatType(b.type)}`,
    );
  }
  return { sql: `(${a.sql} ${comparator} ${b.sql})`, type: boolean };
}

function analyzeLike(
  expression: ExpressionOf<'like'>,
  analyze: (inner: Expression) => TypedSql,
  environment: Environment,
): TypedSql {
  const text = (inner: Expression, what: string) => {
    const found = analyze(inner);
    if (isText(found.type) || isSimple(found.type, 'unknown')) return coerce(found, varchar).sql;
    return failAt(
      environment,
      inner.at,
      'TYPE_MISMATCH',
      `${what} of LIKE expression must evaluate to a varchar (actual: ${formatType(found.type)})`,
    );
  };
  const [value, pattern] = [text(expression.value, 'Left side'), text(expression.pattern, 'Pattern')];
  const escape = expression.escape ? ` ESCAPE ${text(expression.escape, 'Escape')}` : '';
  return { sql: `(${value} ${not(expression)}LIKE ${pattern}${escape})`, type: boolean };
}

type Predicate = ExpressionOf<
  'compare' | 'distinct-from' | 'between' | 'in' | 'in-query' | 'compare-all' | 'like' | 'is-null' | 'exists'
>;

/** What is true, false or null of values. @throws QueryFailure with Trino's name of the error */
export function analyzePredicate(
  expression: Predicate,
  scope: Scope,
  environment: Environment,
  analyze: (inner: Expression) => TypedSql,
): TypedSql {
  const fail = (errorName: string, message: string) => failAt(environment, expression.at, errorName, message);
  switch (expression.kind) {
    case 'compare':
      return compared(
        expression.comparator,
        analyze(expression.left),
        analyze(expression.right),
        expression,
        environment,
      );
    case 'distinct-from': {
      const [left, right] = alike(
        [analyze(expression.left), analyze(expression.right)],
        'IS DISTINCT FROM',
        expression,
        environment,
      ) as [TypedSql, TypedSql];
      return {
        sql: `(${left.sql} IS ${expression.isNegated ? 'NOT ' : ''}DISTINCT FROM ${right.sql})`,
        type: boolean,
      };
    }
    case 'between': {
      const [value, low, high] = alike(
        [analyze(expression.value), analyze(expression.low), analyze(expression.high)],
        'BETWEEN',
        expression,
        environment,
      ) as [TypedSql, TypedSql, TypedSql];
      return { sql: `(${value.sql} ${not(expression)}BETWEEN ${low.sql} AND ${high.sql})`, type: boolean };
    }
    case 'in': {
      const [value, ...items] = alike(
        [expression.value, ...expression.items].map(analyze),
        'IN',
        expression,
        environment,
      );
      return {
        sql: `(${value?.sql} ${not(expression)}IN (${items.map(({ sql }) => sql).join(', ')}))`,
        type: boolean,
      };
    }
    case 'in-query': {
      const query = analyzeColumn(expression.query, scope, environment, expression.at);
      const value = analyze(expression.value);
      const common =
        commonType(value.type, query.type) ??
        fail(
          'TYPE_MISMATCH',
          `value and result of subquery must be of the same type for IN expression: ${formatType(value.type)} vs ${formatType(query.type)}`,
        );
      const wanted = coerce({ sql: 'q.c0', type: query.type }, common).sql;
      return {
        sql: `(${coerce(value, common).sql} ${not(expression)}IN (SELECT ${wanted} FROM (${query.sql}) AS q))`,
        type: boolean,
      };
    }
    case 'compare-all': {
      const query = analyzeColumn(expression.query, scope, environment, expression.at);
      const value = analyze(expression.left);
      const common =
        commonType(value.type, query.type) ??
        fail(
          'TYPE_MISMATCH',
          `Cannot apply operator: ${formatType(value.type)} ${expression.comparator} ${formatType(query.type)}`,
        );
      const wanted = coerce({ sql: 'q.c0', type: query.type }, common).sql;
      return {
        sql: `(${coerce(value, common).sql} ${expression.comparator} ${expression.quantifier} (SELECT ${wanted} FROM (${query.sql}) AS q))`,
        type: boolean,
      };
    }
    case 'like':
      return analyzeLike(expression, analyze, environment);
    case 'is-null':
      return { sql: `(${analyze(expression.value).sql} IS ${not(expression)}NULL)`, type: boolean };
    case 'exists':
      return {
        sql: `EXISTS (${environment.shared.analyzeQuery(expression.query, environment, scope).sql})`,
        type: boolean,
      };
  }
}

export const not = ({ isNegated }: { isNegated: boolean }) => (isNegated ? 'NOT ' : '');

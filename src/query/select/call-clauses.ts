// What stands with a call: DISTINCT, ORDER BY, FILTER, OVER and how nulls are taken.
import { type Environment, failAt } from './analysis.js';
import type { Scope } from './scope.js';
import type { Call, Expression, FrameBound, SortItem, WindowSpecification } from './syntax.js';
import type { TypedSql } from './typed-sql.js';

export type Analyze = (expression: Expression, scope: Scope, environment: Environment) => TypedSql;

export interface Clauses {
  distinct: string;
  orderBy: string;
  /** FILTER and OVER. */
  after: string;
  nulls: string;
}

export function clauses(call: Call, scope: Scope, environment: Environment, analyze: Analyze): Clauses {
  const expression = (each: Expression) => analyze(each, scope, environment).sql;
  const filter = call.filter ? ` FILTER (WHERE ${expression(call.filter)})` : '';
  return {
    distinct: call.isDistinct ? 'DISTINCT ' : '',
    orderBy: call.orderBy.length > 0 ? ` ORDER BY ${sortSql(call.orderBy, expression)}` : '',
    after:
      filter +
      (call.over === undefined
        ? ''
        : ` OVER (${windowSql(call.over, call, scope, expression, environment)})`),
    nulls: call.ignoresNulls ? ' IGNORE NULLS' : '',
  };
}

export function sortSql(items: readonly SortItem[], expression: (each: Expression) => string): string {
  return items
    .map(
      ({ value, isDescending, nulls }) =>
        `${expression(value)} ${isDescending ? 'DESC' : 'ASC'} NULLS ${nulls.toUpperCase()}`,
    )
    .join(', ');
}

function windowSql(
  over: string | WindowSpecification,
  call: Call,
  scope: Scope,
  expression: (each: Expression) => string,
  environment: Environment,
): string {
  const named = (name: string) =>
    scope.windows?.get(name) ??
    failAt(environment, call.at, 'INVALID_WINDOW_REFERENCE', `Cannot resolve WINDOW name ${name}`);
  if (typeof over === 'string') return windowSql(named(over), call, scope, expression, environment);
  const parts: string[] = [];
  if (over.base !== undefined) parts.push(windowSql(named(over.base), call, scope, expression, environment));
  if (over.partitionBy.length > 0) parts.push(`PARTITION BY ${over.partitionBy.map(expression).join(', ')}`);
  if (over.orderBy.length > 0) parts.push(`ORDER BY ${sortSql(over.orderBy, expression)}`);
  if (over.frame) {
    const { unit, start, end } = over.frame;
    const shown = end
      ? `BETWEEN ${boundSql(start, expression)} AND ${boundSql(end, expression)}`
      : boundSql(start, expression);
    parts.push(`${unit} ${shown}`);
  }
  return parts.join(' ');
}

function boundSql(bound: FrameBound, expression: (each: Expression) => string): string {
  switch (bound.kind) {
    case 'preceding':
    case 'following':
      return `${expression(bound.count)} ${bound.kind.toUpperCase()}`;
    default:
      return bound.kind.replaceAll('-', ' ').toUpperCase();
  }
}

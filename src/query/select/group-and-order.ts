// GROUP BY and ORDER BY: positions, aliases and columns.
import { type Environment, failAt } from './analysis.js';
import { sortSql } from './call-clauses.js';
import { analyzeExpression } from './analyze-expression.js';
import type { Field, Scope } from './scope.js';
import type { Expression, GroupingElement, SortItem } from './syntax.js';
import type { TrinoType } from './trino-type.js';

export interface Output {
  name: string | undefined;
  sql: string;
  type: TrinoType;
  origin?: Field['origin'];
}

export function groupingSql(
  element: GroupingElement,
  outputs: readonly Output[],
  scope: Scope,
  environment: Environment,
): string {
  const one = (value: Expression) => {
    if (value.kind !== 'integer') return analyzeExpression(value, scope, environment).sql;
    const output = outputs[Number(value.text) - 1];
    return (
      output?.sql ??
      failAt(
        environment,
        value.at,
        'INVALID_COLUMN_REFERENCE',
        `GROUP BY position ${value.text} is not in select list`,
      )
    );
  };
  const set = (values: readonly Expression[]) => `(${values.map(one).join(', ')})`;
  switch (element.kind) {
    case 'simple':
      return element.values.length === 0 ? 'GROUPING SETS (())' : element.values.map(one).join(', ');
    case 'rollup':
    case 'cube':
      return `${element.kind.toUpperCase()} (${element.sets.map(set).join(', ')})`;
    case 'sets':
      return `GROUPING SETS (${element.sets.map(set).join(', ')})`;
  }
}

/** Aliases come before columns, positions before both. */
export function orderSql(
  items: readonly SortItem[],
  outputs: readonly { name?: string | undefined; sql: string; type?: TrinoType }[],
  scope: Scope,
  environment: Environment,
): string {
  const aliases: Field[] = [];
  for (const { name, sql, type } of outputs) {
    if (name === undefined || !type) continue;
    const isKnown = aliases.some(
      (other) => other.name?.toLowerCase() === name.toLowerCase() && other.sql === sql,
    );
    if (!isKnown) aliases.push({ name, sql, type, qualifier: [] });
  }
  const inOrder: Scope = { fields: aliases, outer: scope, ...(scope.windows && { windows: scope.windows }) };
  return sortSql(items, (value) => {
    if (value.kind === 'integer') {
      const place = Number(value.text);
      if (place >= 1 && place <= outputs.length) return String(place);
      return failAt(
        environment,
        value.at,
        'INVALID_COLUMN_REFERENCE',
        `ORDER BY position ${value.text} is not in select list`,
      );
    }
    const { sql } = analyzeExpression(value, inOrder, environment);
    const place = outputs.findIndex((output) => output.sql === sql);
    return place >= 0 ? String(place + 1) : sql;
  });
}

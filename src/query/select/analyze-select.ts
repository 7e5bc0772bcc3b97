// One SELECT with its FROM, WHERE, GROUP BY and HAVING: its items looked up, its rows ordered.
import { type AnalyzedQuery, type Environment, failAt } from './analysis.js';
import { analyzeExpression, condition } from './analyze-expression.js';
import type { AnalyzedRelation } from './relation-fields.js';
import { analyzeRelation } from './analyze-relation.js';
import { FUNCTIONS } from './functions/index.js';
import { groupingSql, orderSql, type Output } from './group-and-order.js';
import { originOf, prune } from './prune-scans.js';
import { isQualifiedBy, type Scope } from './scope.js';
import type { Call, Expression, Select, SortItem } from './syntax.js';
import { isSimple } from './trino-type.js';
import { nullOf } from './typed-sql.js';

export function analyzeSelect(
  select: Select,
  orderBy: SortItem[],
  environment: Environment,
  outer: Scope | undefined,
): AnalyzedQuery {
  const from = analyzeFrom(select, environment, outer);
  const scope: Scope = { fields: from.fields, windows: select.windows, ...(outer && { outer }) };
  const where = select.where && condition(select.where, scope, environment, 'WHERE clause');
  if (select.where) prune(select.where, scope, environment);
  const outputs = analyzeItems(select, scope, environment);
  const parts = [
    `SELECT ${select.isDistinct ? 'DISTINCT ' : ''}${outputs.map(({ sql, type }, index) => `${isSimple(type, 'unknown') ? nullOf(type) : sql} AS c${index}`).join(', ')}`,
  ];
  if (from.sql !== '') parts.push(`FROM ${from.sql}`);
  if (where) parts.push(`WHERE ${where.sql}`);
  if (select.groupBy.length > 0)
    parts.push(
      `GROUP BY ${select.groupBy.map((element) => groupingSql(element, outputs, scope, environment)).join(', ')}`,
    );
  if (select.having)
    parts.push(`HAVING ${condition(select.having, scope, environment, 'HAVING clause').sql}`);
  if (orderBy.length > 0) parts.push(`ORDER BY ${orderSql(orderBy, outputs, scope, environment)}`);
  const isPerRow = select.groupBy.length === 0 && !select.having && !gathersRows(select.items);
  return {
    sql: parts.join(' '),
    columns: outputs.map(({ name, type, origin }) => ({
      type,
      ...(name !== undefined && { name }),
      ...(isPerRow && origin && { origin }),
    })),
  };
}

function analyzeFrom(select: Select, environment: Environment, outer: Scope | undefined): AnalyzedRelation {
  const relations: AnalyzedRelation[] = [];
  for (const relation of select.from) {
    const lateral = relations.flatMap(({ fields }) => fields);
    relations.push(analyzeRelation(relation, environment, lateral, outer));
  }
  return {
    sql: relations.map(({ sql }) => sql).join(' CROSS JOIN '),
    fields: relations.flatMap(({ fields }) => fields),
  };
}

function analyzeItems(select: Select, scope: Scope, environment: Environment): Output[] {
  return select.items.flatMap((item): Output[] => {
    if (item.kind === 'star') return starFields(item, select, scope, environment);
    const value = analyzeExpression(item.value, scope, environment);
    const name = item.alias ?? impliedName(item.value);
    const origin = originOf(item.value, scope)?.origin;
    return [{ name, sql: value.sql, type: value.type, ...(origin && { origin }) }];
  });
}

function starFields(
  item: { qualifier?: string[]; at: number },
  select: Select,
  scope: Scope,
  environment: Environment,
): Output[] {
  const qualifier = item.qualifier?.map((part) => part.toLowerCase());
  const fields = scope.fields.filter((field) =>
    qualifier ? isQualifiedBy(field.qualifier, qualifier) && !field.name?.startsWith('$') : !field.isHidden,
  );
  if (fields.length === 0) {
    const fail = (code: string, message: string) => failAt(environment, item.at, code, message);
    if (qualifier) fail('TABLE_NOT_FOUND', `Unable to resolve reference ${item.qualifier?.join('.')}`);
    // Tables that a crawl could not classify have none.
    if (select.from.length > 0)
      fail('COLUMN_NOT_FOUND', 'SELECT * not allowed from relation that has no columns');
    fail('SYNTAX_ERROR', 'SELECT * not allowed in queries without FROM clause');
  }
  return fields.map(({ name, sql, type, origin }) => ({ name, sql, type, ...(origin && { origin }) }));
}

/** A column keeps its name as it was written; what is no column has none. */
function impliedName(value: Expression): string | undefined {
  if (value.kind === 'name' || value.kind === 'member') return value.name;
  return undefined;
}

/** Whether a row of the result may depend on more than one row. */
function gathersRows(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(gathersRows);
  if (typeof value !== 'object' || value === null) return false;
  if ((value as { kind?: string }).kind === 'call') {
    const { name, over } = value as Call;
    if (over !== undefined || FUNCTIONS.get(name)?.some(({ kind }) => kind !== 'scalar')) return true;
  }
  return Object.values(value).some(gathersRows);
}

// A query of Trino's as one of DuckDB's: every name is looked up, every column has a type.
import {
  failAt,
  type AnalyzedQuery,
  type CommonTable,
  type Environment,
  type OutputColumn,
  type Session,
  type Shared,
  type TableScan,
  type TableSource,
} from './analysis.js';
import { alike } from './alike.js';
import { sortSql } from './analyze-call.js';
import { analyzeExpression, condition } from './analyze-expression.js';
import { analyzeRelation, type AnalyzedRelation } from './analyze-relation.js';
import { coerce } from './convert.js';
import { FUNCTIONS } from './functions/index.js';
import { partitionPredicates } from './partition-predicate.js';
import { findField, isQualifiedBy, type Field, type Scope } from './scope.js';
import type { Call, Expression, GroupingElement, Query, QueryBody, Select, SortItem } from './syntax.js';
import { nullOf, type TypedSql } from './typed-sql.js';
import { commonType } from './common-type.js';
import { formatType, isSimple, type TrinoType } from './trino-type.js';

export interface TranslatedQuery {
  /** In terms of `scan0`, `scan1`, ...; its columns are `c0`, `c1`, ... */
  sql: string;
  columns: OutputColumn[];
  scans: TableScan[];
}

/** @throws QueryFailure with the message that Athena would give */
export function translateQuery(
  query: Query,
  options: { text: string; session: Session; tables: TableSource; parameters: readonly Expression[] },
): TranslatedQuery {
  let number = 0;
  const shared: Shared = {
    tables: options.tables,
    scans: [],
    nextNumber: () => number++,
    analyzeQuery,
  };
  const environment: Environment = {
    shared,
    session: options.session,
    text: options.text,
    commonTables: new Map(),
    parameters: options.parameters,
    views: [],
  };
  const { sql, columns } = analyzeQuery(query, environment, undefined);
  return {
    sql,
    columns: columns.map(({ name, type }) => (name === undefined ? { type } : { name, type })),
    scans: shared.scans,
  };
}

function analyzeQuery(query: Query, surrounding: Environment, outer: Scope | undefined): AnalyzedQuery {
  const environment = withCommonTables(query, surrounding);
  const rows = rowsSql(query, environment);
  const { body } = query;
  if (body.kind === 'select') {
    const select = analyzeSelect(body, query.orderBy, environment, outer);
    const isPlain = rows === '';
    return { sql: select.sql + rows, columns: isPlain ? select.columns : withoutOrigins(select.columns) };
  }
  const analyzed = analyzeBody(body, environment, outer);
  if (query.orderBy.length === 0 && rows === '') return analyzed;
  const columns = withoutOrigins(analyzed.columns);
  const fields = columns.map((column, index) => ({ ...column, qualifier: [], sql: `q.c${index}` }));
  const scope: Scope = { fields, ...(outer && { outer }) };
  const outputs = fields.map((field) => ({ sql: field.sql, name: field.name }));
  const order =
    query.orderBy.length > 0 ? ` ORDER BY ${orderSql(query.orderBy, outputs, scope, environment)}` : '';
  return { sql: `SELECT * FROM (${analyzed.sql}) AS q${order}${rows}`, columns };
}

/** What is limited or made otherwise must not have rows taken out below. */
function withoutOrigins(columns: AnalyzedQuery['columns']): AnalyzedQuery['columns'] {
  return columns.map(({ name, type }) => (name === undefined ? { type } : { name, type }));
}

function withCommonTables(query: Query, surrounding: Environment): Environment {
  let environment = surrounding;
  for (const { name, query: inner, columns, at } of query.with) {
    const commonTables = new Map<string, CommonTable>(environment.commonTables);
    if (query.with.some((other) => other.at < at && other.name.toLowerCase() === name.toLowerCase())) {
      return failAt(
        environment,
        at,
        'DUPLICATE_NAMED_QUERY',
        `WITH query name '${name}' specified more than once`,
      );
    }
    commonTables.set(name.toLowerCase(), { query: inner, environment, ...(columns && { columns }) });
    environment = { ...environment, commonTables };
  }
  return environment;
}

function rowsSql({ limit, offset }: Query, environment: Environment): string {
  const count = (expression: Expression, word: string) => {
    const { constant } = analyzeExpression(expression, { fields: [] }, environment);
    if (typeof constant === 'bigint' && constant >= 0n) return `${word} ${constant}`;
    return failAt(
      environment,
      expression.at,
      'INVALID_ROW_COUNT',
      `${word} must be a non-negative whole number`,
    );
  };
  return (limit ? ` ${count(limit, 'LIMIT')}` : '') + (offset ? ` ${count(offset, 'OFFSET')}` : '');
}

function analyzeBody(body: QueryBody, environment: Environment, outer: Scope | undefined): AnalyzedQuery {
  switch (body.kind) {
    case 'select':
      return analyzeSelect(body, [], environment, outer);
    case 'nested':
      return analyzeQuery(body.query, environment, outer);
    case 'table': {
      const { at } = body;
      const select: Select = {
        kind: 'select',
        isDistinct: false,
        items: [{ kind: 'star', at }],
        from: [{ kind: 'table', name: body.name, at }],
        groupBy: [],
        windows: new Map(),
        at,
      };
      return analyzeSelect(select, [], environment, outer);
    }
    case 'values':
      return analyzeValues(body, environment, outer);
    case 'set':
      return analyzeSet(body, environment, outer);
  }
}

function analyzeValues(
  { rows, at }: { rows: Expression[]; at: number },
  environment: Environment,
  outer: Scope | undefined,
): AnalyzedQuery {
  const scope: Scope = { fields: [], ...(outer && { outer }) };
  const cells = rows.map((row) =>
    (row.kind === 'row' ? row.values : [row]).map((value) => analyzeExpression(value, scope, environment)),
  );
  const width = cells[0]?.length ?? 0;
  const odd = cells.findIndex((row) => row.length !== width);
  if (odd >= 0) return failAt(environment, at, 'TYPE_MISMATCH', 'Values rows have mismatched sizes');
  const columns = Array.from({ length: width }, (_, index) =>
    alike(
      cells.map((row) => row[index] as TypedSql),
      'CASE',
      { at },
      environment,
    ),
  );
  const typed = (value: TypedSql) => (isSimple(value.type, 'unknown') ? nullOf(value.type) : value.sql);
  const tuples = rows.map(
    (_, row) => `(${columns.map((column) => typed(column[row] as TypedSql)).join(', ')})`,
  );
  return {
    sql: `SELECT * FROM (VALUES ${tuples.join(', ')}) AS v(${columns.map((_, index) => `c${index}`).join(', ')})`,
    columns: columns.map((column) => ({ type: (column[0] as TypedSql).type })),
  };
}

function analyzeSet(
  body: Extract<QueryBody, { kind: 'set' }>,
  environment: Environment,
  outer: Scope | undefined,
): AnalyzedQuery {
  const [left, right] = [
    analyzeBody(body.left, environment, outer),
    analyzeBody(body.right, environment, outer),
  ];
  if (left.columns.length !== right.columns.length) {
    return failAt(
      environment,
      body.at,
      'TYPE_MISMATCH',
      `${body.operator} query has different number of fields: ${left.columns.length}, ${right.columns.length}`,
    );
  }
  const types = left.columns.map(({ type }, index) => {
    const other = (right.columns[index] as OutputColumn).type;
    return (
      commonType(type, other) ??
      failAt(
        environment,
        body.at,
        'TYPE_MISMATCH',
        `column ${index + 1} in ${body.operator} query has incompatible types: ${formatType(type)}, ${formatType(other)}`,
      )
    );
  });
  const side = (query: AnalyzedQuery) => {
    const list = types.map(
      (type, index) =>
        `${coerce({ sql: `s.c${index}`, type: (query.columns[index] as OutputColumn).type }, type).sql} AS c${index}`,
    );
    return `(SELECT ${list.join(', ')} FROM (${query.sql}) AS s)`;
  };
  return {
    sql: `${side(left)} ${body.operator}${body.isAll ? ' ALL' : ''} ${side(right)}`,
    columns: left.columns.map(({ name }, index) => ({
      type: types[index] as TrinoType,
      ...(name !== undefined && { name }),
    })),
  };
}

interface Output {
  name: string | undefined;
  sql: string;
  type: TrinoType;
  origin?: Field['origin'];
}

function analyzeSelect(
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
    if (item.kind === 'star') return starFields(item, scope, environment);
    const value = analyzeExpression(item.value, scope, environment);
    const name = item.alias ?? impliedName(item.value);
    const origin = originOf(item.value, scope)?.origin;
    return [{ name, sql: value.sql, type: value.type, ...(origin && { origin }) }];
  });
}

function starFields(
  item: { qualifier?: string[]; at: number },
  scope: Scope,
  environment: Environment,
): Output[] {
  const qualifier = item.qualifier?.map((part) => part.toLowerCase());
  const fields = scope.fields.filter((field) =>
    qualifier ? isQualifiedBy(field.qualifier, qualifier) && !field.name?.startsWith('$') : !field.isHidden,
  );
  if (fields.length === 0) {
    return qualifier
      ? failAt(
          environment,
          item.at,
          'TABLE_NOT_FOUND',
          `Unable to resolve reference ${item.qualifier?.join('.')}`,
        )
      : failAt(environment, item.at, 'SYNTAX_ERROR', 'SELECT * not allowed in queries without FROM clause');
  }
  return fields.map(({ name, sql, type, origin }) => ({ name, sql, type, ...(origin && { origin }) }));
}

/** A column keeps its name as it was written; what is no column has none. */
function impliedName(value: Expression): string | undefined {
  if (value.kind === 'name' || value.kind === 'member') return value.name;
  return undefined;
}

function originOf(value: Expression, scope: Scope) {
  const parts: string[] = [];
  let base = value;
  for (; base.kind === 'member'; base = base.base) parts.unshift(base.name);
  if (base.kind !== 'name') return undefined;
  const found = findField({ fields: scope.fields }, [base.name, ...parts]);
  if (!found || found === 'ambiguous' || found.rest.length > 0 || !found.field.origin) return undefined;
  return { origin: found.field.origin, type: found.field.type };
}

/** Hands what WHERE says of partition keys to the scans that they are of. */
function prune(where: Expression, scope: Scope, environment: Environment): void {
  const literal = (expression: Expression): ReturnType<Parameters<typeof partitionPredicates>[2]> => {
    if (expression.kind === 'parameter') {
      const value = environment.parameters[expression.index];
      return value && literal(value);
    }
    if (expression.kind === 'string') return { text: expression.value, kind: 'string' };
    if (expression.kind === 'integer') return { text: expression.text, kind: 'number' };
    if (expression.kind === 'negate' && expression.operand.kind === 'integer')
      return { text: `-${expression.operand.text}`, kind: 'number' };
    if (expression.kind === 'typed' && expression.type === 'date')
      return { text: expression.value.trim(), kind: 'date' };
    if (
      expression.kind === 'cast' &&
      expression.type.toLowerCase() === 'date' &&
      expression.value.kind === 'string'
    )
      return { text: expression.value.value.trim(), kind: 'date' };
    return undefined;
  };
  for (const { scan, predicate } of partitionPredicates(
    where,
    (expression) => originOf(expression, scope),
    literal,
  )) {
    environment.shared.scans[scan]?.predicates.push(predicate);
  }
}

function groupingSql(
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
function orderSql(
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

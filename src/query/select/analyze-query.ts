// A query of Trino's as one of DuckDB's: every name is looked up, every column has a type.
import { alike } from './alike.js';
import {
  type AnalyzedQuery,
  type CommonTable,
  type Environment,
  failAt,
  type OutputColumn,
  type Session,
  type Shared,
  type TableScan,
  type TableSource,
} from './analysis.js';
import { analyzeExpression } from './analyze-expression.js';
import { analyzeSelect } from './analyze-select.js';
import { commonType } from './common-type.js';
import { coerce } from './convert.js';
import { orderSql } from './group-and-order.js';
import type { Scope } from './scope.js';
import type { Expression, Query, QueryBody, Select } from './syntax.js';
import { formatType, isSimple, type TrinoType } from './trino-type.js';
import { nullOf, type TypedSql } from './typed-sql.js';

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

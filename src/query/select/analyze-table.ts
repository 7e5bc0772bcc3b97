// A name behind FROM: a table's files, a view's query, a query of WITH, or rows that are known already.
import { duckdbText } from '../../tabular/duckdb-text.js';
import {
  type Environment,
  failAt,
  HIDDEN_COLUMNS,
  type OutputColumn,
  ROW_NUMBER,
  type TableColumn,
} from './analysis.js';
import { castSql } from './convert.js';
import { parseQuery } from './parse-query.js';
import { aliased, type AnalyzedRelation, fieldsOf, newAlias } from './relation-fields.js';
import type { Relation, RelationOf } from './syntax.js';
import { duckdbTypeOf, isSameType } from './trino-type.js';

/** The catalogs that a name may begin with. */
const CATALOG = 'awsdatacatalog';

export function analyzeTable(relation: RelationOf<'table'>, environment: Environment): AnalyzedRelation {
  const { session, shared } = environment;
  const parts = relation.name.map((part) => part.toLowerCase());
  const table = parts.at(-1) as string;
  const common = parts.length === 1 ? environment.commonTables.get(table) : undefined;
  if (common) {
    const query = shared.analyzeQuery(common.query, common.environment, undefined);
    const alias = newAlias(environment);
    const { columns } = common;
    if (columns && columns.length !== query.columns.length) {
      return failAt(
        environment,
        relation.at,
        'MISMATCHED_COLUMN_ALIASES',
        `Column alias list has ${columns.length} entries but WITH query(${relation.name.join('.')}) has ${query.columns.length} columns`,
      );
    }
    const named = query.columns.map((column, index) => {
      const name = columns?.[index];
      return name === undefined ? column : { ...column, name };
    });
    return aliased(
      { sql: `(${query.sql}) AS ${alias}`, fields: fieldsOf(named, alias, [table]) },
      relation,
      environment,
    );
  }
  if (parts.length > 3)
    return failAt(
      environment,
      relation.at,
      'SYNTAX_ERROR',
      `Too many dots in table name: ${parts.join('.')}`,
    );
  const [database = session.database, catalog = session.catalog] = parts.slice(0, -1).reverse();
  if (catalog !== CATALOG)
    return failAt(environment, relation.at, 'CATALOG_NOT_FOUND', `Catalog '${catalog}' does not exist`);
  const name = `${catalog}.${database}.${table}`;
  const found = shared.tables.find(database, table);
  if (!found) {
    return shared.tables.hasDatabase(database)
      ? failAt(environment, relation.at, 'TABLE_NOT_FOUND', `Table '${name}' does not exist`)
      : failAt(environment, relation.at, 'SCHEMA_NOT_FOUND', `Schema '${database}' does not exist`);
  }
  const qualifier = [catalog, database, table];
  const alias = newAlias(environment);
  switch (found.kind) {
    case 'rows':
      return aliased(
        { sql: `(${rowsSql(found)}) AS ${alias}`, fields: fieldsOf(found.columns, alias, qualifier) },
        relation,
        environment,
      );
    case 'view':
      return aliased(
        {
          sql: `(${viewSql(found, name, relation, environment)}) AS ${alias}`,
          fields: fieldsOf(found.columns, alias, qualifier),
        },
        relation,
        environment,
      );
    case 'table': {
      const scan = shared.scans.length;
      shared.scans.push({
        database,
        table,
        alias,
        columns: found.columns,
        keyCount: found.keyCount,
        predicates: [],
      });
      const firstKey = found.columns.length - found.keyCount;
      const columns = found.columns.map((column, index) =>
        index < firstKey ? column : { ...column, origin: { scan, key: column.name } },
      );
      const hidden = [
        ...HIDDEN_COLUMNS.map((column, index) => ({ ...column, sql: `${alias}.h${index}` })),
        ...(found.isNumbered ? [{ ...ROW_NUMBER, sql: `${alias}.n0` }] : []),
      ].map((field) => ({ ...field, qualifier, isHidden: true }));
      return aliased(
        { sql: `scan${scan} AS ${alias}`, fields: [...fieldsOf(columns, alias, qualifier), ...hidden] },
        relation,
        environment,
      );
    }
  }
}

function rowsSql({
  columns,
  rows,
}: {
  columns: readonly TableColumn[];
  rows: readonly (readonly (string | number | null)[])[];
}): string {
  const cell = (value: string | number | null) =>
    value === null ? 'NULL' : typeof value === 'number' ? String(value) : duckdbText(value);
  const list = columns
    .map(({ type }, index) => `CAST(v${index} AS ${duckdbTypeOf(type)}) AS c${index}`)
    .join(', ');
  if (rows.length === 0)
    return `SELECT ${columns.map(({ type }, index) => `CAST(NULL AS ${duckdbTypeOf(type)}) AS c${index}`).join(', ')} WHERE false`;
  const values = rows.map((row) => `(${row.map(cell).join(', ')})`).join(', ');
  return `SELECT ${list} FROM (VALUES ${values}) AS v(${columns.map((_, index) => `v${index}`).join(', ')})`;
}

/** A view's query, its columns as the view was made with. */
function viewSql(
  view: { text: string; catalog: string; database: string; columns: readonly TableColumn[] },
  name: string,
  { at }: Relation,
  environment: Environment,
): string {
  const invalid = (reason: string): never =>
    failAt(environment, at, 'VIEW_IS_STALE', `View '${name}' is stale or in invalid state: ${reason}`);
  if (environment.views.includes(name))
    return failAt(environment, at, 'VIEW_IS_RECURSIVE', `Statement is recursive`);
  const inner: Environment = {
    shared: environment.shared,
    session: { ...environment.session, catalog: view.catalog, database: view.database },
    text: view.text,
    commonTables: new Map(),
    parameters: [],
    views: [...environment.views, name],
  };
  const query = environment.shared.analyzeQuery(parseQuery(view.text).query, inner, undefined);
  if (query.columns.length !== view.columns.length) invalid('column count mismatch');
  const list = view.columns.map((column, index) => {
    const from = (query.columns[index] as OutputColumn).type;
    const sql = isSameType(from, column.type) ? `v.c${index}` : castSql(`v.c${index}`, from, column.type);
    return `${sql ?? invalid(`column [${column.name}] of type ${duckdbTypeOf(from)} cannot be coerced`)} AS c${index}`;
  });
  return `SELECT ${list.join(', ')} FROM (${query.sql}) AS v`;
}

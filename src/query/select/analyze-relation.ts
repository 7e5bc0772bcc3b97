// What stands behind FROM: tables, views, subqueries, joins, UNNEST and samples.
import { duckdbText } from '../../tabular/duckdb-text.js';
import { failAt, HIDDEN_COLUMNS, type Environment, type OutputColumn, type TableColumn } from './analysis.js';
import { analyzeExpression, condition } from './analyze-expression.js';
import { castSql, coerce } from './convert.js';
import { parseQuery } from './parse-query.js';
import type { Field, Scope } from './scope.js';
import type { Alias, Relation } from './syntax.js';
import { bigint, duckdbTypeOf, fieldName, isSameType, type TrinoType } from './trino-type.js';
import { commonType } from './common-type.js';

export interface AnalyzedRelation {
  /** What may stand in a FROM. */
  sql: string;
  fields: Field[];
}

type Of<Kind extends Relation['kind']> = Extract<Relation, { kind: Kind }>;

/** The catalogs that a name may begin with. */
const CATALOG = 'awsdatacatalog';

/**
 * @param lateral the fields to the left of it in the same FROM, which UNNEST and LATERAL may use
 * @param outer what surrounds the query
 */
export function analyzeRelation(
  relation: Relation,
  environment: Environment,
  lateral: readonly Field[],
  outer: Scope | undefined,
): AnalyzedRelation {
  switch (relation.kind) {
    case 'table':
      return analyzeTable(relation, environment);
    case 'subquery': {
      const scope = relation.isLateral ? { fields: lateral, ...(outer && { outer }) } : outer;
      const query = environment.shared.analyzeQuery(relation.query, environment, scope);
      const alias = newAlias(environment);
      const lateralWord = relation.isLateral ? 'LATERAL ' : '';
      return aliased(
        { sql: `${lateralWord}(${query.sql}) AS ${alias}`, fields: fieldsOf(query.columns, alias, []) },
        relation,
        environment,
      );
    }
    case 'unnest':
      return analyzeUnnest(relation, environment, { fields: lateral, ...(outer && { outer }) });
    case 'sample': {
      const input = analyzeRelation(relation.input, environment, lateral, outer);
      const percentage = analyzeExpression(relation.percentage, { fields: [] }, environment).constant;
      const share = Number(percentage);
      if (percentage === undefined || !(share >= 0 && share <= 100)) {
        return failAt(
          environment,
          relation.percentage.at,
          'INVALID_ARGUMENTS',
          'Sample percentage must be between 0 and 100',
        );
      }
      // SYSTEM leaves out whole parts of files; row by row gives the same share.
      return aliased(
        { sql: `${input.sql} TABLESAMPLE BERNOULLI(${share}%)`, fields: input.fields },
        relation,
        environment,
      );
    }
    case 'join':
      return aliased(analyzeJoin(relation, environment, lateral, outer), relation, environment);
  }
}

function newAlias({ shared }: Environment): string {
  return `r${shared.nextNumber()}`;
}

function fieldsOf(
  columns: readonly (OutputColumn & { origin?: Field['origin'] })[],
  alias: string,
  qualifier: readonly string[],
): Field[] {
  return columns.map(({ name, type, origin }, index) => ({
    qualifier,
    type,
    sql: `${alias}.c${index}`,
    ...(name !== undefined && { name }),
    ...(origin && { origin }),
  }));
}

function aliased(
  relation: AnalyzedRelation,
  { alias, at }: { alias?: Alias; at: number },
  environment: Environment,
): AnalyzedRelation {
  if (!alias) return relation;
  const shown = relation.fields.filter((field) => !field.isHidden);
  const { columns } = alias;
  if (columns && columns.length !== shown.length) {
    return failAt(
      environment,
      at,
      'MISMATCHED_COLUMN_ALIASES',
      `Column alias list has ${columns.length} entries but '${alias.name}' has ${shown.length} columns available`,
    );
  }
  const qualifier = [alias.name.toLowerCase()];
  const fields = relation.fields.flatMap((field) => {
    // Columns that have new names hide what else there was.
    if (field.isHidden) return columns ? [] : [{ ...field, qualifier }];
    const name = columns?.[shown.indexOf(field)];
    return [{ ...field, qualifier, ...(name !== undefined && { name }) }];
  });
  return { sql: relation.sql, fields };
}

function analyzeTable(relation: Of<'table'>, environment: Environment): AnalyzedRelation {
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
      const hidden = HIDDEN_COLUMNS.map((column, index) => ({
        ...column,
        qualifier,
        sql: `${alias}.h${index}`,
        isHidden: true,
      }));
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

/** Arrays and maps as rows beside each other, the shorter ones filled up with nulls. */
function analyzeUnnest(relation: Of<'unnest'>, environment: Environment, scope: Scope): AnalyzedRelation {
  const alias = newAlias(environment);
  const lists: string[] = [];
  const columns: { type: TrinoType; sql: string }[] = [];
  for (const [index, expression] of relation.values.entries()) {
    const { sql, type } = analyzeExpression(expression, scope, environment);
    const item = `u.u${index}`;
    if (type.kind === 'array') {
      lists.push(sql);
      if (type.item.kind === 'row') {
        const { fields } = type.item;
        for (const [place, field] of fields.entries())
          columns.push({
            type: field.type,
            sql: `struct_extract(${item}, ${duckdbText(fieldName(fields, place))})`,
          });
      } else columns.push({ type: type.item, sql: item });
    } else if (type.kind === 'map') {
      lists.push(`map_entries(${sql})`);
      columns.push(
        { type: type.key, sql: `struct_extract(${item}, 'key')` },
        { type: type.value, sql: `struct_extract(${item}, 'value')` },
      );
    } else return failAt(environment, expression.at, 'TYPE_MISMATCH', 'Cannot unnest type: ' + type.kind);
  }
  const unnested = lists.map((list, index) => `unnest(${list}) AS u${index}`);
  if (relation.withOrdinality) {
    unnested.push(
      `unnest(range(1, greatest(${lists.map((list) => `coalesce(len(${list}), 0)`).join(', ')}, 0) + 1)) AS n`,
    );
    columns.push({ type: bigint, sql: 'u.n' });
  }
  const list = columns.map(({ sql }, index) => `${sql} AS c${index}`).join(', ');
  const sql = `LATERAL (SELECT ${list} FROM (SELECT ${unnested.join(', ')}) AS u) AS ${alias}`;
  return aliased({ sql, fields: fieldsOf(columns, alias, []) }, relation, environment);
}

function analyzeJoin(
  join: Of<'join'>,
  environment: Environment,
  lateral: readonly Field[],
  outer: Scope | undefined,
): AnalyzedRelation {
  const left = analyzeRelation(join.left, environment, lateral, outer);
  const right = analyzeRelation(join.right, environment, [...lateral, ...left.fields], outer);
  const word = join.type === 'cross' ? 'CROSS JOIN' : `${join.type.toUpperCase()} JOIN`;
  const rightSql = join.right.kind === 'join' ? `(${right.sql})` : right.sql;
  const both = [...left.fields, ...right.fields];
  const scope: Scope = { fields: both, ...(outer && { outer }) };
  if (!join.condition) return { sql: `${left.sql} ${word} ${rightSql}`, fields: both };
  if (join.condition.kind === 'on') {
    const on = condition(join.condition.value, scope, environment, 'JOIN ON clause');
    return { sql: `${left.sql} ${word} ${rightSql} ON ${on.sql}`, fields: both };
  }
  const names = join.condition.kind === 'using' ? join.condition.columns : sharedNames(left, right);
  if (names.length === 0) return { sql: `${left.sql} CROSS JOIN ${rightSql}`, fields: both };
  const pairs = names.map((name) => {
    const of = (relation: AnalyzedRelation, side: string) =>
      relation.fields.find((field) => field.name?.toLowerCase() === name.toLowerCase() && !field.isHidden) ??
      failAt(
        environment,
        join.at,
        'COLUMN_NOT_FOUND',
        `Column '${name}' is missing from ${side} side of join`,
      );
    const [a, b] = [of(left, 'left'), of(right, 'right')];
    const type =
      commonType(a.type, b.type) ??
      failAt(environment, join.at, 'TYPE_MISMATCH', `Column types in USING clause are not equal: ${name}`);
    return { name, a, b, type, x: coerce(a, type).sql, y: coerce(b, type).sql };
  });
  const on = pairs.map(({ x, y }) => `${x} = ${y}`).join(' AND ');
  const merged: Field[] = pairs.map(({ name, type, x, y, a, b }) => {
    const value = { full: `coalesce(${x}, ${y})`, right: y, left: x, inner: x, cross: x }[join.type];
    const origin = join.type === 'right' ? b.origin : join.type === 'full' ? undefined : a.origin;
    return { name, qualifier: [], type, sql: value, ...(origin && { origin }) };
  });
  const used = new Set(pairs.flatMap(({ a, b }) => [a, b]));
  const rest = both.map((field) => (used.has(field) ? { ...field, isHidden: true } : field));
  return { sql: `${left.sql} ${word} ${rightSql} ON ${on}`, fields: [...merged, ...rest] };
}

function sharedNames(left: AnalyzedRelation, right: AnalyzedRelation): string[] {
  const names = new Set(
    right.fields.filter((field) => !field.isHidden).map((field) => field.name?.toLowerCase()),
  );
  return left.fields.flatMap((field) =>
    !field.isHidden && field.name !== undefined && names.has(field.name.toLowerCase()) ? [field.name] : [],
  );
}

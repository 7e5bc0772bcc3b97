// A plan's relations in DuckDB's SQL: one common table expression each, in the order in which they are needed.
import { duckdbName } from '../../../tabular/duckdb-text.js';
import type { AggregateFunction, Expression } from '../../plan/expression.js';
import type { Aggregate, Column, Join, JoinType, QueryText, Relation, SparkQuery } from '../../plan/plan.js';
import { formatHiveType } from '../../../tabular/hive-type.js';
import { duckdbType } from '../../../tabular/duckdb-type.js';
import { columnSql, expressionSql } from './expression-sql.js';
import { scanSql, type ScanSetting } from './scan-sql.js';
import { sparkToDuckdb } from './spark-text.js';

const JOINS: Record<JoinType, string> = {
  inner: 'INNER JOIN',
  left: 'LEFT JOIN',
  right: 'RIGHT JOIN',
  full: 'FULL JOIN',
  'left-semi': 'SEMI JOIN',
  'left-anti': 'ANTI JOIN',
};

/** `#` is the argument. */
const AGGREGATES: Record<AggregateFunction, string> = {
  avg: 'avg(#)',
  count: 'count(#)',
  countDistinct: 'count(DISTINCT #)',
  first: 'first(#)',
  // Spark's is the population's, DuckDB's kurtosis() the sample's.
  kurtosis: 'kurtosis_pop(#)',
  last: 'last(#)',
  max: 'max(#)',
  min: 'min(#)',
  // DuckDB's is adjusted for samples, Spark's is not.
  skewness:
    'CASE WHEN var_pop(#) = 0 THEN NULL WHEN count(#) = 2 THEN 0 ELSE skewness(#) * (count(#) - 2) / sqrt(count(#) * (count(#) - 1.0)) END',
  stddev_pop: 'stddev_pop(#)',
  stddev_samp: 'stddev_samp(#)',
  sum: 'sum(#)',
  sumDistinct: 'sum(DISTINCT #)',
  var_pop: 'var_pop(#)',
  var_samp: 'var_samp(#)',
};

const NEEDS_DOUBLE = new Set<AggregateFunction>([
  'avg',
  'kurtosis',
  'skewness',
  'stddev_pop',
  'stddev_samp',
  'var_pop',
  'var_samp',
]);

/** The expressions that a statement needs, each once, however often it is read. */
interface Named {
  parts: string[];
  nameFor: (relation: Relation) => string;
}

function openNames(setting: ScanSetting): Named {
  const parts: string[] = [];
  const names = new Map<Relation, string>();
  const nameFor = (relation: Relation): string => {
    const known = names.get(relation);
    if (known !== undefined) return known;
    const body = bodySql(relation, nameFor, setting);
    const name = `gluepot_${names.size}`;
    names.set(relation, name);
    parts.push(`${name} AS (${body})`);
    return name;
  };
  return { parts, nameFor };
}

/** A query over `relation`'s columns, which are called c0, c1, ...; `list` is what it selects. */
export function relationSql(relation: Relation, setting: ScanSetting, list?: string): string {
  const { parts, nameFor } = openNames(setting);
  const name = nameFor(relation);
  return `WITH ${parts.join(', ')} SELECT ${list ?? columnList(relation.columns)} FROM ${name}`;
}

/** A query that has the columns of `query`'s result under their own names. */
export function sparkQueryText(query: QueryText, setting: ScanSetting): string {
  const { parts, nameFor } = openNames(setting);
  const raw = rawQuerySql(query, nameFor);
  return `WITH ${parts.join(', ')} SELECT * FROM (${raw})`;
}

function columnList(columns: readonly Column[]): string {
  return columns.map((_, index) => `c${index}`).join(', ');
}

function bodySql(relation: Relation, nameFor: (each: Relation) => string, setting: ScanSetting): string {
  switch (relation.kind) {
    case 'scan':
      return scanSql(relation, setting);
    case 'project': {
      const values = relation.values.map((value, index) => `${expressionSql(value)} AS c${index}`);
      return `SELECT ${values.join(', ')} FROM ${nameFor(relation.input)}`;
    }
    case 'filter':
      return `SELECT * FROM ${nameFor(relation.input)} WHERE ${expressionSql(relation.condition)}`;
    case 'join':
      return joinSql(relation, nameFor(relation.left), nameFor(relation.right));
    case 'aggregate':
      return aggregateSql(relation, nameFor(relation.input));
    case 'union':
      return relation.inputs.map((input) => `SELECT * FROM ${nameFor(input)}`).join(' UNION ALL ');
    case 'distinct': {
      const by = relation.by?.map((value) => expressionSql(value)).join(', ');
      return `SELECT DISTINCT ${by === undefined ? '' : `ON (${by}) `}* FROM ${nameFor(relation.input)}`;
    }
    case 'spark-query':
      return sparkQuerySql(relation, nameFor);
    case 'nothing':
      return 'SELECT NULL AS c0 WHERE false';
  }
}

function joinSql(join: Join, left: string, right: string): string {
  const side = (expression: Expression, qualifier: string) =>
    expressionSql(expression, (index) => columnSql(index, qualifier));
  const on = join.on.map((pair) => `${side(pair.left, 'l')} = ${side(pair.right, 'r')}`).join(' AND ');
  const leftCount = join.left.columns.length;
  const values = join.columns.map((_, index) =>
    index < leftCount ? `l.c${index} AS c${index}` : `r.c${index - leftCount} AS c${index}`,
  );
  return `SELECT ${values.join(', ')} FROM ${left} AS l ${JOINS[join.type]} ${right} AS r ON ${on}`;
}

function aggregateSql(aggregate: Aggregate, input: string): string {
  const groups = aggregate.groups.map((group) => expressionSql(group));
  const groupCount = groups.length;
  const values = aggregate.aggregates.map((each, index) => {
    const value = expressionSql(each.value);
    const isText = 'type' in each.value && formatHiveType(each.value.type) === 'string';
    const needsDouble = NEEDS_DOUBLE.has(each.function) || (isText && /^sum/.test(each.function));
    const argument = needsDouble ? `TRY_CAST(${value} AS DOUBLE)` : value;
    const call = AGGREGATES[each.function].replaceAll('#', () => argument);
    return `TRY_CAST(${call} AS ${duckdbType(each.type)}) AS c${groupCount + index}`;
  });
  const list = [...groups.map((group, index) => `${group} AS c${index}`), ...values].join(', ');
  const by = groupCount > 0 ? ` GROUP BY ${groups.join(', ')}` : '';
  return `SELECT ${list} FROM ${input}${by}`;
}

function sparkQuerySql(query: SparkQuery, nameFor: (each: Relation) => string): string {
  const values = query.columns.map(
    (column, index) => `TRY_CAST(c${index} AS ${duckdbType(column.type)}) AS c${index}`,
  );
  return `SELECT ${values.join(', ')} FROM (${rawQuerySql(query, nameFor)}) AS result(${columnList(query.columns)})`;
}

function rawQuerySql(query: QueryText, nameFor: (each: Relation) => string): string {
  const aliases = query.inputs.map(({ alias, relation }) => {
    const columns = relation.columns.map((column, index) => `c${index} AS ${duckdbName(column.name)}`);
    return `${duckdbName(alias)} AS (SELECT ${columns.join(', ')} FROM ${nameFor(relation)})`;
  });
  // The line break ends a comment that the query may end with.
  return `WITH ${aliases.join(', ')} SELECT * FROM (${sparkToDuckdb(query.text)}\n)`;
}

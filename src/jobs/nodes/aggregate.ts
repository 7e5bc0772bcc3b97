// Aggregate: one row a group, with functions over its rows. Columns are named as Spark names them: `sum(price)`.
import type { AggFunction } from '@aws-sdk/client-glue';
import { formatHiveType, primitive, type HiveType } from '../../tabular/hive-type.js';
import { typeOf, type AggregateFunction } from '../plan/expression.js';
import { fieldValue, formatPath, spelledPath } from '../plan/fields.js';
import type { Column, Relation } from '../plan/plan.js';
import { ONE_INPUT, type RelationKind } from './node-kind.js';

/** Spark's name of each function's column; `#` is the field. */
const COLUMN_NAMES: Record<AggFunction, string> = {
  avg: 'avg(#)',
  count: 'count(#)',
  countDistinct: 'count(DISTINCT #)',
  first: 'first(#)',
  kurtosis: 'kurtosis(#)',
  last: 'last(#)',
  max: 'max(#)',
  min: 'min(#)',
  skewness: 'skewness(#)',
  stddev_pop: 'stddev_pop(#)',
  stddev_samp: 'stddev_samp(#)',
  sum: 'sum(#)',
  sumDistinct: 'sum(DISTINCT #)',
  var_pop: 'var_pop(#)',
  var_samp: 'var_samp(#)',
};

const NUMERIC_ONLY = new Set<string>(
  'avg kurtosis skewness stddev_pop stddev_samp sum sumDistinct var_pop var_samp'.split(' '),
);

export const aggregate: RelationKind<'Aggregate'> = {
  kind: 'Aggregate',
  role: 'transform',
  inputCount: ONE_INPUT,
  members: { Name: 'used', Inputs: 'used', Groups: 'used', Aggs: 'used' },
  compile(node, [input], context) {
    const { columns } = input as Relation;
    const groups = (node.Groups ?? []).map((path) => fieldValue(columns, path));
    const groupColumns: Column[] = (node.Groups ?? []).map((path, index) => ({
      name: spelledPath(columns, path).at(-1) as string,
      type: typeOf(groups[index]!),
    }));
    const operations = node.Aggs ?? [];
    if (operations.length === 0) throw context.error('Aggs is empty; give at least one function.');
    const aggregates = operations.map((operation) => {
      const name = operation.AggFunc;
      if (name === undefined || !(name in COLUMN_NAMES)) throw context.error(`AggFunc "${name}" is unknown.`);
      const value = fieldValue(columns, operation.Column ?? []);
      return { function: name, value, type: resultType(name, typeOf(value), operation.Column ?? []) };
    });
    const aggregateColumns = operations.map((operation, index) => ({
      name: COLUMN_NAMES[operation.AggFunc!].replace('#', () =>
        formatPath(spelledPath(columns, operation.Column ?? [])),
      ),
      type: aggregates[index]!.type,
    }));
    return {
      kind: 'aggregate',
      node: context.name,
      input: input as Relation,
      groups,
      aggregates,
      columns: [...groupColumns, ...aggregateColumns],
    };
  },
};

function resultType(name: AggregateFunction, type: HiveType, path: readonly string[]): HiveType {
  if (name === 'count' || name === 'countDistinct') return primitive('bigint');
  if (!NUMERIC_ONLY.has(name)) return type;
  const typeName = formatHiveType(type);
  const isInteger = /^(tinyint|smallint|int|bigint)$/.test(typeName);
  const decimal = /^decimal\((\d+),(\d+)\)$/.exec(typeName);
  // Spark reads text as a double where it needs a number.
  if (!isInteger && !decimal && !/^(float|double|string)$/.test(typeName)) {
    throw new Error(`${name} needs numbers, and "${path.join('.')}" is a ${typeName}.`);
  }
  if (name !== 'sum' && name !== 'sumDistinct') return primitive('double');
  if (isInteger) return primitive('bigint');
  if (decimal) return primitive(`decimal(${Math.min(38, Number(decimal[1]) + 10)},${decimal[2]})`);
  return primitive('double');
}

// Filter: rows for which all or any of the conditions hold.
import type { FilterExpression, FilterValue } from '@aws-sdk/client-glue';
import { formatHiveType, primitive } from '../../tabular/hive-type.js';
import { typeOf, type ComparisonOperator, type Expression } from '../plan/expression.js';
import { fieldValue } from '../plan/fields.js';
import { keepPartitions } from '../plan/keep-partitions.js';
import type { Column, Relation } from '../plan/plan.js';
import { ONE_INPUT, type RelationKind } from './node-kind.js';

const OPERATORS: Readonly<Record<string, ComparisonOperator>> = {
  EQ: '=',
  LT: '<',
  LTE: '<=',
  GT: '>',
  GTE: '>=',
};

const NUMBER = /^(tinyint|smallint|int|bigint|float|double|decimal\(.*\))$/;

export const filter: RelationKind<'Filter'> = {
  kind: 'Filter',
  role: 'transform',
  inputCount: ONE_INPUT,
  members: { Name: 'used', Inputs: 'used', LogicalOperator: 'used', Filters: 'used' },
  compile(node, [input], context) {
    const { columns } = input as Relation;
    const conditions = (node.Filters ?? []).map((expression) => condition(columns, expression));
    if (conditions.length === 0) throw context.error('Filters is empty; give at least one condition.');
    const isAny = node.LogicalOperator === 'OR' && conditions.length > 1;
    if (!isAny && node.LogicalOperator !== 'AND' && node.LogicalOperator !== 'OR') {
      throw context.error(`LogicalOperator "${node.LogicalOperator}" is unknown; it is AND or OR.`);
    }
    return {
      kind: 'filter',
      node: context.name,
      columns,
      input: isAny ? (input as Relation) : keepPartitions(input as Relation, conditions),
      condition: { kind: isAny ? 'or' : 'and', conditions },
    };
  },
};

/**
 * AWS Glue filters with Python: a comparison with a null is not true, and its negation is (`not (row["a"] == 1)` keeps
 * rows without `a`).
 */
function condition(columns: readonly Column[], expression: FilterExpression): Expression {
  const test = positive(columns, expression);
  return expression.Negated ? { kind: 'not', condition: test } : test;
}

function positive(columns: readonly Column[], expression: FilterExpression): Expression {
  const values = expression.Values ?? [];
  const operation = expression.Operation ?? '';
  const wanted = operation === 'ISNULL' ? 1 : 2;
  if (values.length !== wanted) {
    throw new Error(`${operation} takes ${wanted} Values, a column first; there are ${values.length}.`);
  }
  const [first, second] = values as [FilterValue, FilterValue];
  if (operation === 'ISNULL') return { kind: 'is-null', value: column(columns, first) };
  if (operation === 'REGEX') {
    const value: Expression = { kind: 'cast', value: column(columns, first), type: primitive('string') };
    return { kind: 'matches', value, pattern: constant(second) };
  }
  const operator = OPERATORS[operation];
  if (!operator) {
    throw new Error(`Operation "${operation}" is unknown; it is one of EQ, LT, LTE, GT, GTE, REGEX, ISNULL.`);
  }
  const [left, right] = [first, second].map((value) =>
    value.Type === 'COLUMNEXTRACTED' ? column(columns, value) : undefined,
  );
  if (left && right) return { kind: 'compare', operator, left, right };
  if (left) return { kind: 'compare', operator, left, right: literal(second, left) };
  if (right) return { kind: 'compare', operator, left: literal(first, right), right };
  throw new Error(`${operation} compares two constants; one of its Values must be COLUMNEXTRACTED.`);
}

function column(columns: readonly Column[], value: FilterValue): Expression {
  if (value.Type !== 'COLUMNEXTRACTED') throw new Error('the first of Values must be COLUMNEXTRACTED.');
  return fieldValue(columns, value.Value ?? []);
}

function constant(value: FilterValue): string {
  const texts = value.Value ?? [];
  if (value.Type !== 'CONSTANT' || texts.length !== 1) {
    throw new Error('a CONSTANT has exactly one Value.');
  }
  return texts[0] as string;
}

/** The constant as what it is compared with. */
function literal(value: FilterValue, other: Expression): Expression {
  const text = constant(value);
  const type = typeOf(other);
  const typeName = formatHiveType(type);
  if (type.kind !== 'primitive') throw new Error(`a ${typeName} cannot be compared with "${text}".`);
  if (NUMBER.test(typeName)) {
    if (text.trim() === '' || !Number.isFinite(Number(text))) {
      throw new Error(`"${text}" is not a number, which the ${typeName} is compared with.`);
    }
    // 1.5 is not to become an int because the column is one.
    const isWhole = /^[+-]?\d+$/.test(text.trim());
    const isInteger = /int$/.test(typeName);
    return { kind: 'literal', value: text.trim(), type: isWhole || !isInteger ? type : primitive('double') };
  }
  if (typeName === 'boolean' && !/^(true|false)$/i.test(text)) {
    throw new Error(`"${text}" is not true or false, which the boolean is compared with.`);
  }
  if (/^(date|timestamp)$/.test(typeName) && Number.isNaN(Date.parse(text))) {
    throw new Error(`"${text}" is not a time, which the ${typeName} is compared with.`);
  }
  return { kind: 'literal', value: text, type };
}

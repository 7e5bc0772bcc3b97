// Union: the rows of two inputs, column by column in order.
import { formatHiveType, primitive, type HiveType } from '../../tabular/hive-type.js';
import { columnValue } from '../plan/fields.js';
import type { Relation } from '../plan/plan.js';
import { TWO_INPUTS, type NodeContext, type RelationKind } from './node-kind.js';

/** Numbers from narrow to wide: a column is as wide as the wider one. */
const NUMBERS = ['tinyint', 'smallint', 'int', 'bigint', 'float', 'double'];

export const union: RelationKind<'Union'> = {
  kind: 'Union',
  role: 'transform',
  inputCount: TWO_INPUTS,
  members: { Name: 'used', Inputs: 'used', UnionType: 'used' },
  compile(node, inputs, context) {
    const [left, right] = inputs as [Relation, Relation];
    if (node.UnionType !== 'ALL' && node.UnionType !== 'DISTINCT') {
      throw context.error(`UnionType "${node.UnionType}" is unknown; it is ALL or DISTINCT.`);
    }
    if (left.columns.length !== right.columns.length) {
      throw context.error(
        `its inputs have ${left.columns.length} and ${right.columns.length} columns; they must have as many.`,
      );
    }
    const columns = left.columns.map((column, index) => ({
      name: column.name,
      type: widerType(column.type, (right.columns[index] as typeof column).type),
    }));
    const all: Relation = {
      kind: 'union',
      node: context.name,
      columns,
      inputs: [left, right].map((input) => castColumns(input, columns, context)),
    };
    return node.UnionType === 'ALL' ? all : { kind: 'distinct', node: context.name, columns, input: all };
  },
};

/** As Spark widens: numbers to the wider number, everything else that differs to text. */
function widerType(a: HiveType, b: HiveType): HiveType {
  const [first, second] = [formatHiveType(a), formatHiveType(b)];
  if (first === second) return a;
  const [x, y] = [NUMBERS.indexOf(first), NUMBERS.indexOf(second)];
  if (x >= 0 && y >= 0) return x > y ? a : b;
  const isNumber = (name: string, at: number) => at >= 0 || name.startsWith('decimal');
  if (isNumber(first, x) && isNumber(second, y)) return primitive('double');
  if (new Set([first, second, 'date', 'timestamp']).size === 2) return primitive('timestamp');
  return primitive('string');
}

function castColumns(input: Relation, columns: Relation['columns'], context: NodeContext): Relation {
  const isSame = input.columns.every(
    (column, index) => formatHiveType(column.type) === formatHiveType((columns[index] as typeof column).type),
  );
  if (isSame) return input;
  const values = columns.map((column, index) => ({
    kind: 'cast' as const,
    value: columnValue(input.columns, index),
    type: column.type,
  }));
  return { kind: 'project', node: context.name, input, columns, values };
}

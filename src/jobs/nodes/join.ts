// Join: rows of two inputs whose key columns are equal.
import type { JoinType as GlueJoinType } from '@aws-sdk/client-glue';
import { fieldValue, indexOfName } from '../plan/fields.js';
import type { Expression } from '../plan/expression.js';
import type { Column, JoinType, Relation } from '../plan/plan.js';
import { TWO_INPUTS, type NodeContext, type NodeOf, type RelationKind } from './node-kind.js';

const TYPES: Record<GlueJoinType, JoinType> = {
  equijoin: 'inner',
  left: 'left',
  right: 'right',
  outer: 'full',
  leftsemi: 'left-semi',
  leftanti: 'left-anti',
};

export const join: RelationKind<'Join'> = {
  kind: 'Join',
  role: 'transform',
  inputCount: TWO_INPUTS,
  members: { Name: 'used', Inputs: 'used', JoinType: 'used', Columns: 'used' },
  compile(node, inputs, context) {
    const [left, right] = inputs as [Relation, Relation];
    const type = node.JoinType && TYPES[node.JoinType];
    if (!type) throw context.error(`JoinType "${node.JoinType}" is unknown.`);
    const keys = joinKeys(node, inputs, context);
    const on = keys[0].map((value, index) => ({ left: value, right: keys[1][index] as Expression }));
    const columns =
      type === 'left-semi' || type === 'left-anti'
        ? left.columns
        : [...left.columns, ...renamed(right.columns, left.columns, type, context)];
    return { kind: 'join', node: context.name, type, left, right, on, columns };
  },
};

function joinKeys(
  node: NodeOf<'Join'>,
  inputs: Relation[],
  context: NodeContext,
): [Expression[], Expression[]] {
  const sides = node.Columns ?? [];
  if (sides.length !== 2)
    throw context.error(`Columns has ${sides.length} entries; it needs one for each input.`);
  const keysOf = (index: number): Expression[] => {
    const id = context.inputIds[index];
    const side = sides.find((candidate) => candidate.From === id);
    if (!side) throw context.error(`Columns has no entry with From "${id}", which is one of its inputs.`);
    const { columns } = inputs[index] as Relation;
    return (side.Keys ?? []).map((path) => fieldValue(columns, path));
  };
  const [left, right] = [keysOf(0), keysOf(1)];
  if (left.length === 0 || left.length !== right.length) {
    throw context.error(`Columns has ${left.length} keys for one input and ${right.length} for the other.`);
  }
  return [left, right];
}

/**
 * An equijoin of DynamicFrames puts a dot before the second one's name where both have the same. The other join types
 * are joins of DataFrames on AWS, which end with two columns of one name and fail when they are written.
 */
function renamed(
  columns: readonly Column[],
  taken: readonly Column[],
  type: JoinType,
  context: NodeContext,
): Column[] {
  return columns.map((column) => {
    if (indexOfName(taken, column.name) < 0) return column;
    if (type === 'inner') return { ...column, name: `.${column.name}` };
    throw context.error(
      `both inputs have a column "${column.name}"; rename it in one of them before the join.`,
    );
  });
}

// A relation with the fields of the given trees.
import { typeOf } from '../plan/expression.js';
import { treeValue, type FieldTree } from '../plan/fields.js';
import type { Relation } from '../plan/plan.js';
import type { NodeContext } from './node-kind.js';

export function projectTrees(
  input: Relation,
  trees: readonly FieldTree[],
  context: Pick<NodeContext, 'name'>,
): Relation {
  const values = trees.map(treeValue);
  const columns = trees.map((tree, index) => ({ name: tree.name, type: typeOf(values[index]!) }));
  return { kind: 'project', node: context.name, input, columns, values };
}

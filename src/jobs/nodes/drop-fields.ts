// DropFields: all but the named fields.
import { pruneFields, spelledPath } from '../plan/fields.js';
import type { Relation } from '../plan/plan.js';
import { projectTrees } from './project-trees.js';
import { startsWith } from './select-fields.js';
import { ONE_INPUT, type NodeContext, type RelationKind } from './node-kind.js';

export const dropFields: RelationKind<'DropFields'> = {
  kind: 'DropFields',
  role: 'transform',
  inputCount: ONE_INPUT,
  members: { Name: 'used', Inputs: 'used', Paths: 'used' },
  compile(node, [input], context) {
    const { columns } = input as Relation;
    return dropPaths(
      input as Relation,
      (node.Paths ?? []).map((path) => spelledPath(columns, path)),
      context,
    );
  },
};

/** The relation without the fields at `paths`, which are spelled as its columns are. */
export function dropPaths(input: Relation, paths: string[][], context: NodeContext): Relation {
  const trees = pruneFields(input.columns, (path) => {
    if (paths.some((steps) => startsWith(path, steps))) return false;
    return paths.some((steps) => startsWith(steps, path)) ? 'some' : true;
  });
  if (trees.length === 0) throw context.error('no field is left after dropping; keep at least one.');
  return projectTrees(input, trees, context);
}

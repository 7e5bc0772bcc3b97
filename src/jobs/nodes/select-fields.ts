// SelectFields: only the named fields, nested ones in their structs, in the order in which they are named.
import { pruneFields, spelledPath } from '../plan/fields.js';
import type { Relation } from '../plan/plan.js';
import { projectTrees } from './project-trees.js';
import { ONE_INPUT, type RelationKind } from './node-kind.js';

export const selectFields: RelationKind<'SelectFields'> = {
  kind: 'SelectFields',
  role: 'transform',
  inputCount: ONE_INPUT,
  members: { Name: 'used', Inputs: 'used', Paths: 'used' },
  compile(node, [input], context) {
    const { columns } = input as Relation;
    const wanted = (node.Paths ?? []).map((path) => spelledPath(columns, path));
    if (wanted.length === 0) throw context.error('Paths is empty; name at least one field.');
    const trees = pruneFields(columns, (path) => {
      if (wanted.some((steps) => startsWith(path, steps))) return true;
      return wanted.some((steps) => startsWith(steps, path)) ? 'some' : false;
    });
    const order = (name: string) => wanted.findIndex((steps) => steps[0] === name);
    trees.sort((a, b) => order(a.name) - order(b.name));
    return projectTrees(input as Relation, trees, context);
  },
};

export function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.length <= path.length && start.every((step, index) => step === path[index]);
}

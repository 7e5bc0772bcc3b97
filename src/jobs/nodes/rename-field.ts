// RenameField: one field under another name; a nested one may move to another place by it.
import {
  allColumns,
  fieldValue,
  pruneFields,
  resolvePath,
  spelledPath,
  type FieldTree,
} from '../plan/fields.js';
import type { Relation } from '../plan/plan.js';
import { projectTrees } from './project-trees.js';
import { startsWith } from './select-fields.js';
import { ONE_INPUT, type RelationKind } from './node-kind.js';

export const renameField: RelationKind<'RenameField'> = {
  kind: 'RenameField',
  role: 'transform',
  inputCount: ONE_INPUT,
  members: { Name: 'used', Inputs: 'used', SourcePath: 'used', TargetPath: 'used' },
  compile(node, [input], context) {
    const { columns } = input as Relation;
    const source = spelledPath(columns, node.SourcePath ?? []);
    const target = (node.TargetPath ?? []).map((step) => step.replace(/^`(.*)`$/s, '$1'));
    if (target.length === 0) throw context.error('TargetPath is empty; give the new name.');
    const value = fieldValue(columns, source);
    if (source.length === 1 && target.length === 1) {
      const values = allColumns(columns);
      const renamed = columns.map((column) =>
        column.name === source[0] ? { ...column, name: target[0] as string } : column,
      );
      return { kind: 'project', node: context.name, input: input as Relation, columns: renamed, values };
    }
    const trees = pruneFields(columns, (path) => {
      if (startsWith(path, source)) return false;
      // Structs that the renamed field comes from or goes to are taken apart, all others stay whole.
      return startsWith(source, path) || startsWith(resolvePath(columns, target), path) ? 'some' : true;
    });
    insert(trees, target, { name: target.at(-1) as string, value });
    return projectTrees(input as Relation, trees, context);
  },
};

function insert(trees: FieldTree[], path: readonly string[], field: FieldTree): void {
  const [name, ...rest] = path;
  const at = trees.findIndex((tree) => tree.name === name);
  if (rest.length === 0) {
    if (at >= 0) throw new Error(`TargetPath names "${field.name}", which is a field already.`);
    trees.push(field);
    return;
  }
  if (at < 0) trees.push({ name: name as string, members: [] });
  const tree = trees[at < 0 ? trees.length - 1 : at] as FieldTree;
  if (!tree.members) throw new Error(`TargetPath goes into "${name}", which is a field and has none inside.`);
  insert(tree.members, rest, field);
}

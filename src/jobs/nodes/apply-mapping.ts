// ApplyMapping: fields taken from paths, under new names, as new types, in the order of the mapping.
import type { Mapping } from '@aws-sdk/client-glue';
import { formatHiveType, type HiveType } from '../../tabular/hive-type.js';
import { typeOf, type Expression } from '../plan/expression.js';
import { fieldValue, parsePath, treeValue, type FieldTree } from '../plan/fields.js';
import { parseType } from '../plan/parse-type.js';
import type { Column, Relation } from '../plan/plan.js';
import { projectTrees } from './project-trees.js';
import { ONE_INPUT, type RelationKind } from './node-kind.js';

/** Types that say only that a value is nested; what is in it stays as it is. */
const NESTED_WORDS: Readonly<Record<string, HiveType['kind']>> = {
  struct: 'struct',
  object: 'struct',
  array: 'array',
  list: 'array',
  map: 'map',
};

export const applyMapping: RelationKind<'ApplyMapping'> = {
  kind: 'ApplyMapping',
  role: 'transform',
  inputCount: ONE_INPUT,
  members: { Name: 'used', Inputs: 'used', Mapping: 'used' },
  compile(node, [input], context) {
    const trees: FieldTree[] = [];
    for (const mapping of node.Mapping ?? []) {
      const mapped = mappedField((input as Relation).columns, mapping, []);
      if (mapped) place(trees, mapped.path, mapped.value);
    }
    if (trees.length === 0) throw context.error('Mapping keeps no field; every one of it is dropped.');
    return projectTrees(input as Relation, trees, context);
  },
};

function mappedField(
  columns: readonly Column[],
  mapping: Mapping,
  parent: readonly string[],
): { path: string[]; value: Expression } | undefined {
  if (mapping.Dropped) return undefined;
  const from = [...parent, ...(mapping.FromPath ?? [])];
  if (from.length === parent.length) throw new Error(`the mapping to "${mapping.ToKey}" has no FromPath.`);
  const path = mapping.ToKey === undefined ? [from.at(-1) as string] : parsePath(mapping.ToKey);
  const source = fieldValue(columns, from);
  if (mapping.Children && mapping.Children.length > 0) {
    return { path, value: mappedChildren(columns, mapping, from, source) };
  }
  const read = castTo(source, mapping.FromType, from);
  return { path, value: castTo(read, mapping.ToType, from) };
}

function mappedChildren(
  columns: readonly Column[],
  mapping: Mapping,
  from: readonly string[],
  source: Expression,
): Expression {
  const members: FieldTree[] = [];
  for (const child of mapping.Children ?? []) {
    const mapped = mappedField(columns, child, from);
    if (mapped) place(members, mapped.path, mapped.value);
  }
  if (members.length === 0) throw new Error(`every child of "${from.join('.')}" is dropped; drop it itself.`);
  return treeValue({ name: mapping.ToKey ?? '', source, members });
}

function castTo(value: Expression, typeName: string | undefined, from: readonly string[]): Expression {
  if (typeName === undefined || typeName === '') return value;
  const type = typeOf(value);
  const nested = NESTED_WORDS[typeName.toLowerCase()];
  if (nested !== undefined) {
    if (nested === type.kind) return value;
    throw new Error(
      `"${from.join('.')}" is a ${formatHiveType(type)}, which cannot be mapped as "${typeName}".`,
    );
  }
  const wanted = parseType(typeName);
  if (!wanted) throw new Error(`"${typeName}" (of "${from.join('.')}") is not a type.`);
  if (wanted.kind !== 'primitive' && wanted.kind !== type.kind) {
    throw new Error(
      `"${from.join('.')}" is a ${formatHiveType(type)}, which cannot be mapped as ${formatHiveType(wanted)}.`,
    );
  }
  return formatHiveType(wanted) === formatHiveType(type) ? value : { kind: 'cast', value, type: wanted };
}

/** Puts a value at a path, making the structs on the way. */
function place(trees: FieldTree[], path: readonly string[], value: Expression): void {
  const [name, ...rest] = path;
  if (name === undefined) throw new Error('a ToKey is empty.');
  let tree = trees.find((candidate) => candidate.name === name);
  if (rest.length === 0) {
    if (tree) throw new Error(`two mappings have the ToKey "${name}".`);
    trees.push({ name, value });
    return;
  }
  if (!tree) trees.push((tree = { name, members: [] }));
  if (!tree.members)
    throw new Error(`"${path.join('.')}" would lie inside "${name}", which is a field itself.`);
  place(tree.members, rest, value);
}

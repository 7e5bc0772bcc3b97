// Finds fields of a relation by path and takes apart, prunes and puts together the structs that they lie in.
import { formatHiveType, type HiveType } from '../../tabular/hive-type.js';
import { typeOf, type Expression } from './expression.js';
import type { Column } from './plan.js';

/** Names are compared as they are and, when none is the same, without regard to case, as Spark does. */
export function indexOfName(fields: readonly { name: string }[], name: string): number {
  const exact = fields.findIndex((field) => field.name === name);
  if (exact >= 0) return exact;
  return fields.findIndex((field) => field.name.toLowerCase() === name.toLowerCase());
}

export function columnValue(columns: readonly Column[], index: number): Expression {
  return { kind: 'column', index, type: (columns[index] as Column).type };
}

export function allColumns(columns: readonly Column[]): Expression[] {
  return columns.map((_, index) => columnValue(columns, index));
}

/** Steps of a path as a person writes them: backticks keep a dot inside a name. */
export function formatPath(path: readonly string[]): string {
  return path.map((step) => (step.includes('.') ? `\`${step}\`` : step)).join('.');
}

/** `a.b` and `` `a.b`.c `` as steps. */
export function parsePath(text: string): string[] {
  const steps = text.match(/`(?:[^`]|``)*`|[^.]+/g) ?? [];
  return steps.map((step) => (step.startsWith('`') ? step.slice(1, -1).replaceAll('``', '`') : step));
}

/**
 * A path from a node, whose steps are names; one that is not a column's name is read as `a.b`.
 * @throws Error with what was looked for and what there is
 */
export function resolvePath(columns: readonly Column[], path: readonly string[]): string[] {
  const steps = path.map((step) => step.replace(/^`(.*)`$/s, '$1'));
  const first = path[0];
  if (path.length === 1 && first !== undefined && indexOfName(columns, steps[0] as string) < 0) {
    return parsePath(first);
  }
  return steps;
}

/** The value at a path. @throws Error with what was looked for and what there is */
export function fieldValue(columns: readonly Column[], path: readonly string[]): Expression {
  const steps = resolvePath(columns, path);
  const index = indexOfName(columns, steps[0] ?? '');
  if (index < 0) throw new Error(`there is no field "${formatPath(steps)}"; ${listFields(columns)}.`);
  let value = columnValue(columns, index);
  for (const step of steps.slice(1)) {
    const type = typeOf(value);
    if (type.kind !== 'struct') {
      throw new Error(
        `there is no field "${formatPath(steps)}": "${step}" is asked of a ${formatHiveType(type)}, which has no fields.`,
      );
    }
    const member = type.members[indexOfName(type.members, step)];
    if (!member) {
      throw new Error(`there is no field "${formatPath(steps)}"; ${listFields(type.members)}.`);
    }
    value = { kind: 'member', of: value, name: member.name, type: member.type };
  }
  return value;
}

/** The path spelled as the columns spell it. @throws Error as fieldValue does */
export function spelledPath(columns: readonly Column[], path: readonly string[]): string[] {
  const names: string[] = [];
  let value = fieldValue(columns, path);
  for (; value.kind === 'member'; value = value.of) names.unshift(value.name);
  if (value.kind === 'column') names.unshift((columns[value.index] as Column).name);
  return names;
}

/** A field made of other fields, or a value: what a project puts together. */
export interface FieldTree {
  name: string;
  value?: Expression;
  /** The struct that is taken apart: the new one is null where it is. */
  source?: Expression;
  members?: FieldTree[];
}

/** The value of a tree: its own, or a struct of its members. */
export function treeValue(tree: FieldTree): Expression {
  if (tree.value) return tree.value;
  const members = (tree.members ?? []).map((member) => ({ name: member.name, value: treeValue(member) }));
  const type: HiveType = {
    kind: 'struct',
    members: members.map((member) => ({ name: member.name, type: typeOf(member.value) })),
  };
  return { kind: 'struct', members, type, ...(tree.source && { nullWhen: tree.source }) };
}

/**
 * The columns with only those fields that `keeps` answers true for; 'some' looks at the fields inside. A struct of which
 * nothing is left goes too.
 */
export function pruneFields(
  columns: readonly Column[],
  keeps: (path: string[]) => boolean | 'some',
): FieldTree[] {
  const prune = (name: string, value: Expression, path: string[]): FieldTree[] => {
    const kept = keeps(path);
    if (kept === true) return [{ name, value }];
    const type = typeOf(value);
    if (kept === false || type.kind !== 'struct') return [];
    const members = type.members.flatMap((member) =>
      prune(member.name, { kind: 'member', of: value, name: member.name, type: member.type }, [
        ...path,
        member.name,
      ]),
    );
    return members.length > 0 ? [{ name, source: value, members }] : [];
  };
  return columns.flatMap((column, index) => prune(column.name, columnValue(columns, index), [column.name]));
}

function listFields(fields: readonly { name: string }[]): string {
  if (fields.length === 0) return 'there are no fields';
  const names = fields.slice(0, 40).map((field) => `"${field.name}"`);
  return `there are ${names.join(', ')}${fields.length > 40 ? ` and ${fields.length - 40} more` : ''}`;
}

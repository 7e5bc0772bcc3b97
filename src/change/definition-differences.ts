// What differs between two definitions of an object, member by member and column by column.
import { encodeDefinition } from './canonical-definition.js';
import type { CatalogObjectKind, DefinitionOfKind } from './catalog-object.js';

export interface DefinitionDifference {
  /** `Parameters.classification`, `StorageDescriptor.Columns[price].Type` */
  path: string;
  /** As canonical JSON has it; undefined when it was not there. */
  before: unknown;
  /** Undefined when it is gone. */
  after: unknown;
}

/** Members that name the items of a list; where an item stands in it is then a difference of its own. */
const NAMES = ['Name', 'ColumnName'];

/** Differences in the order of their paths; none for definitions that are the same to AWS. */
export function definitionDifferences<Kind extends CatalogObjectKind>(
  kind: Kind,
  before: DefinitionOfKind[Kind] | undefined,
  after: DefinitionOfKind[Kind] | undefined,
): DefinitionDifference[] {
  return differencesOf(
    before === undefined ? undefined : encodeDefinition(kind, before),
    after === undefined ? undefined : encodeDefinition(kind, after),
    '',
  );
}

function differencesOf(before: unknown, after: unknown, path: string): DefinitionDifference[] {
  if (isMembers(before) && isMembers(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => differencesOf(before[name], after[name], memberPath(path, name)));
  }
  if (Array.isArray(before) && Array.isArray(after)) return listDifferences(before, after, path);
  return before === after ? [] : [{ path, before, after }];
}

function listDifferences(before: unknown[], after: unknown[], path: string): DefinitionDifference[] {
  const [old, now] = [itemsByName(before), itemsByName(after)];
  if (!old || !now) {
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
  }
  const names = [...new Set([...old.keys(), ...now.keys()])];
  const items = names.flatMap((name) => differencesOf(old.get(name), now.get(name), `${path}[${name}]`));
  const stayed = (one: Map<string, unknown>, other: Map<string, unknown>) =>
    [...one.keys()].filter((name) => other.has(name));
  const [oldOrder, newOrder] = [stayed(old, now), stayed(now, old)];
  const isMoved = oldOrder.some((name, index) => name !== newOrder[index]);
  return isMoved ? [...items, { path: `${path} order`, before: oldOrder, after: newOrder }] : items;
}

/** Undefined unless each item has a name and no two have the same. */
function itemsByName(items: readonly unknown[]): Map<string, unknown> | undefined {
  const named = new Map<string, unknown>();
  for (const item of items) {
    const name = isMembers(item) ? NAMES.map((member) => item[member]).find(Boolean) : undefined;
    if (typeof name !== 'string' || named.has(name)) return undefined;
    named.set(name, item);
  }
  return named;
}

function memberPath(path: string, name: string): string {
  const member = /^[\w.-]+$/.test(name) ? name : JSON.stringify(name);
  return path === '' ? member : `${path}.${member}`;
}

function isMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

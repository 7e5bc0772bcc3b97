// Before a table is removed: is all that is in it known, so that it could be put back?
import { mapConcurrently } from '../../base/map-concurrently.js';
import type { CatalogAccess } from '../catalog-access.js';
import { keyLabel, keyText } from '../catalog-key.js';
import type { CatalogObject, ObjectOf } from '../catalog-object.js';
import { KeyNumbers } from '../key-numbers.js';
import { observePartitionIndexes, observePartitions } from '../observe-catalog.js';
import type { PackedChange } from '../plan/change-block.js';
import { isAs } from './is-as.js';

const TABLES_AT_ONCE = 8;

/**
 * By the key of a table that is to go: something in it that the plan does not know.
 * @param covered what goes with a table, by the table
 * @param found what there is of each of `changes`
 */
export async function unknownContents(
  access: CatalogAccess,
  covered: ReadonlyMap<string, readonly PackedChange[]>,
  changes: readonly PackedChange[],
  found: readonly (CatalogObject | undefined)[],
): Promise<ReadonlyMap<string, string>> {
  const unknown = new Map<string, string>();
  const going = found.filter(
    (object, index): object is ObjectOf<'table'> =>
      object?.key.kind === 'table' && changes[index]?.has('wanted') === false,
  );
  await mapConcurrently(going, TABLES_AT_ONCE, async (table) => {
    const text = keyText(table.key);
    const content = await unknownContent(access, table, covered.get(text) ?? []);
    if (content !== undefined) unknown.set(text, content);
  });
  return unknown;
}

/** The first partition or index of `table` that `covered` does not know as it is; undefined when all are known. */
async function unknownContent(
  access: CatalogAccess,
  table: ObjectOf<'table'>,
  covered: readonly PackedChange[],
): Promise<string | undefined> {
  const numbers = new KeyNumbers();
  for (const { key } of covered) numbers.add(key);
  const isUnknown = (object: CatalogObject) => {
    const number = numbers.find(object.key);
    const change = number === undefined ? undefined : covered[number];
    return !change || !isAs(change, 'current', object);
  };
  const { DatabaseName, TableName } = table.key;
  if (table.definition.PartitionKeys === undefined) return undefined;
  const indexes = await observePartitionIndexes(access, DatabaseName, TableName);
  const index = indexes.find(isUnknown);
  if (index) return keyLabel(index.key);
  for await (const page of observePartitions(access, DatabaseName, TableName)) {
    const partition = page.find(isUnknown);
    if (partition) return keyLabel(partition.key);
  }
  return undefined;
}

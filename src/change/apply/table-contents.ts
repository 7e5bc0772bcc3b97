// Before a table is removed: is all that is in it known, so that it could be put back?
import type { CatalogAccess } from '../catalog-access.js';
import { isSameDefinition } from '../canonical-definition.js';
import { keyLabel, keyText } from '../catalog-key.js';
import type { CatalogObject, CatalogObjectKind, ObjectOf } from '../catalog-object.js';
import { observePartitionIndexes, observePartitions } from '../observe-catalog.js';
import type { Change } from '../plan.js';

/** The first partition or index of `table` that `covered` does not know as it is; undefined when all are known. */
export async function unknownContent(
  access: CatalogAccess,
  table: ObjectOf<'table'>,
  covered: readonly Change[],
): Promise<string | undefined> {
  const known = new Map(covered.map((change) => [keyText(change.key), change]));
  const isUnknown = ({ key, definition }: CatalogObject) => {
    const { current } = known.get(keyText(key)) ?? {};
    return !isSameDefinition<CatalogObjectKind>(key.kind, current, definition);
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

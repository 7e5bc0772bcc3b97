// Before a table is removed: is all that is in it known, so that it could be put back?
import type { TableInput } from '@aws-sdk/client-glue';
import { mapConcurrently } from '../../base/map-concurrently.js';
import type { CatalogAccess } from '../catalog-access.js';
import { keyLabel, keyText, type TableName } from '../catalog-key.js';
import type { CatalogObject } from '../catalog-object.js';
import { KeyNumbers } from '../key-numbers.js';
import { observePartitionIndexes, observePartitions } from '../observe-catalog.js';
import type { PackedChange } from '../plan/change-block.js';
import { isAs } from './is-as.js';
import type { Run } from './run.js';

const TABLES_AT_ONCE = 8;

/**
 * By the key of a table that is to go: something in it that the plan does not know. Reading that takes a while, so the table
 * itself is to be looked at afterwards.
 */
export async function unknownContents(
  { access, covered, onConflict }: Pick<Run, 'access' | 'covered' | 'onConflict'>,
  changes: readonly PackedChange[],
): Promise<ReadonlyMap<string, string>> {
  const unknown = new Map<string, string>();
  // A table that is overwritten may be another than the plan found.
  const mayHaveSome = (change: PackedChange) =>
    onConflict === 'force' || (change.current as TableInput).PartitionKeys !== undefined;
  const going = changes.filter(
    (change) => change.key.kind === 'table' && !change.has('wanted') && mayHaveSome(change),
  );
  await mapConcurrently(going, TABLES_AT_ONCE, async ({ key }) => {
    const text = keyText(key);
    const content = await unknownContent(access, key as TableName, covered.get(text) ?? []);
    if (content !== undefined) unknown.set(text, content);
  });
  return unknown;
}

/** The first partition or index of a table that `covered` does not know as it is; undefined when all are known. */
async function unknownContent(
  access: CatalogAccess,
  { DatabaseName, TableName }: TableName,
  covered: readonly PackedChange[],
): Promise<string | undefined> {
  const numbers = new KeyNumbers();
  for (const { key } of covered) numbers.add(key);
  const isUnknown = (object: CatalogObject) => {
    const number = numbers.find(object.key);
    const change = number === undefined ? undefined : covered[number];
    return !change || !isAs(change, 'current', object);
  };
  for await (const page of observePartitions(access, DatabaseName, TableName)) {
    const partition = page.find(isUnknown);
    if (partition) return keyLabel(partition.key);
  }
  const indexes = await observePartitionIndexes(access, DatabaseName, TableName);
  const index = indexes.find(isUnknown);
  return index && keyLabel(index.key);
}

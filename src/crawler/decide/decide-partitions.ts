// Decide: what becomes of a table's partitions when its folders are found again.
import type { Partition, PartitionInput, StorageDescriptor } from '@aws-sdk/client-glue';
import type { Pause } from '../in-turns.js';
import type { LogLine, PartitionChange } from './catalog-change.js';
import type { ChangeRules } from './change-rules.js';
import { isSamePartition, mergePartition } from './merge-table.js';
import { inheritFromTable } from './table-input.js';

/** What becomes of `stored`, given that these are `wanted`. */
export async function decidePartitions(
  table: string,
  {
    wanted,
    stored,
    keyCount,
  }: { wanted: readonly PartitionInput[]; stored: readonly Partition[]; keyCount: number },
  rules: Pick<ChangeRules, 'deleteBehavior'> & { isUpdating: boolean },
  isDamaged: (location: string | undefined) => boolean,
  pause: Pause,
): Promise<{ unfit: PartitionChange[]; changes: PartitionChange[]; lines: LogLine[] }> {
  const remaining = new Map(stored.map((partition) => [JSON.stringify(partition.Values), partition]));
  const result = { unfit: [] as PartitionChange[], changes: [] as PartitionChange[], lines: [] as LogLine[] };
  for (const partition of wanted) {
    await pause();
    const key = JSON.stringify(partition.Values);
    const before = remaining.get(key);
    remaining.delete(key);
    if (!before) {
      result.changes.push(createPartition(table, partition));
      continue;
    }
    const after = mergePartition(before, partition);
    if (!rules.isUpdating || isSamePartition(before, after)) continue;
    result.changes.push({
      kind: 'partition',
      action: 'update',
      table,
      values: before.Values ?? [],
      before,
      after,
      reason: "What was found in the partition's folder differs from what is catalogued.",
    });
  }
  for (const before of remaining.values()) {
    await pause();
    const values = before.Values ?? [];
    const change = { kind: 'partition', action: 'delete', table, values, before } as const;
    if (values.length !== keyCount) {
      result.unfit.push({ ...change, reason: `The table now has ${keyCount} partition keys.` });
      continue;
    }
    if (isDamaged(before.StorageDescriptor?.Location)) continue;
    result.lines.push({
      level: 'INFO',
      text: `Found partition of table ${table} with partition values [${values.join(', ')}] with no matching schema at the partition's S3 location`,
    });
    if (rules.deleteBehavior === 'DELETE_FROM_DATABASE') {
      result.changes.push({ ...change, reason: "Nothing was found in the partition's folder." });
    }
  }
  return result;
}

/** A partition as the rules have it written. */
export function asWanted(
  partition: PartitionInput,
  table: StorageDescriptor | undefined,
  rules: ChangeRules,
): PartitionInput {
  return rules.arePartitionsInherited && table ? inheritFromTable(partition, table) : partition;
}

/** A partition that no folder had until now. */
export function createPartition(table: string, after: PartitionInput): PartitionChange {
  return {
    kind: 'partition',
    action: 'create',
    table,
    values: after.Values ?? [],
    after,
    reason: 'Its folder is not catalogued yet.',
  };
}

// Sorts a plan's changes into phases of batches, each of what one call, or a few, can do.
import { keyText, ownersOf } from '../catalog-key.js';
import type { PackedChange } from '../plan/change-block.js';
import { placeOf } from '../plan/change-order.js';
import type { WriteObjects } from './object-writer.js';
import { writeDatabase } from './write-database.js';
import { PARTITIONS_MAX, writePartitions } from './write-partitions.js';
import { writePartitionIndexes } from './write-partition-indexes.js';
import { writeStatistics } from './write-statistics.js';
import { deleteTables, TABLES_DELETED_MAX, writeTable } from './write-table.js';

export interface Batch {
  changes: PackedChange[];
  write: WriteObjects;
}

export interface Work {
  /** All of a phase is done before the next begins. */
  phases: Batch[][];
  /** By the key of a table, database or partition that is removed: what goes with it, without calls of its own. */
  covered: ReadonlyMap<string, readonly PackedChange[]>;
}

/** @param changes those to be carried out, in the order of a plan */
export function batchesOf(changes: readonly PackedChange[]): Work {
  const removed = removedOwners(changes);
  const covered = new Map<string, PackedChange[]>();
  const groups = new Map<
    string,
    { phase: number; size: number; write: WriteObjects; changes: PackedChange[] }
  >();
  for (const change of changes) {
    const { action, key } = change;
    const isRemoval = !change.has('wanted');
    const owner = isRemoval
      ? ownersOf(key)
          .map(keyText)
          .findLast((text) => removed.has(text))
      : undefined;
    if (owner !== undefined) {
      const list = covered.get(owner);
      if (list) list.push(change);
      else covered.set(owner, [change]);
      continue;
    }
    const { size, write, group } = wayOf(change);
    const { phase } = placeOf(action, key, isRemoval);
    const name = JSON.stringify([phase, group]);
    const known = groups.get(name);
    if (known) known.changes.push(change);
    else groups.set(name, { phase, size, write, changes: [change] });
  }
  const phases = new Map<number, Batch[]>();
  for (const { phase, size, write, changes: all } of groups.values()) {
    const batches = phases.get(phase) ?? [];
    for (let start = 0; start < all.length; start += size) {
      batches.push({ write, changes: all.slice(start, start + size) });
    }
    phases.set(phase, batches);
  }
  return { phases: [...phases].sort(([one], [other]) => one - other).map(([, batches]) => batches), covered };
}

/**
 * Keys, as texts, of tables that are removed, and of partitions where some have statistics to go. A database is removed only
 * when it is empty, so nothing else covers anything.
 */
function removedOwners(changes: readonly PackedChange[]): Set<string> {
  const hasStatistics = changes.some(({ key }) => key.kind === 'partition-statistics');
  const removed = new Set<string>();
  for (const change of changes) {
    const { key } = change;
    const isOwner = key.kind === 'table' || (key.kind === 'partition' && hasStatistics);
    if (isOwner && !change.has('wanted')) removed.add(keyText(key));
  }
  return removed;
}

/** How a change is carried out, and together with which others. */
function wayOf(change: PackedChange): { size: number; write: WriteObjects; group: unknown } {
  const { key } = change;
  const isWanted = change.has('wanted');
  switch (key.kind) {
    case 'database':
      return { size: 1, write: writeDatabase, group: key.DatabaseName };
    case 'table':
      return isWanted
        ? { size: 1, write: writeTable, group: [key.DatabaseName, key.TableName] }
        : { size: TABLES_DELETED_MAX, write: deleteTables, group: key.DatabaseName };
    case 'partition': {
      const group = [key.DatabaseName, key.TableName, isWanted && change.has('current')];
      return { size: PARTITIONS_MAX, write: writePartitions, group };
    }
    case 'partition-index':
      return { size: Infinity, write: writePartitionIndexes, group: [key.DatabaseName, key.TableName] };
    case 'table-statistics':
    case 'partition-statistics':
      return { size: PARTITIONS_MAX, write: writeStatistics, group: [key.DatabaseName, key.TableName] };
  }
}

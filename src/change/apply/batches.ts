// Sorts a plan's changes into phases of batches, each of what one call, or a few, can do.
import { keyText, ownersOf } from '../catalog-key.js';
import { inOrder, phaseOf } from '../plan/change-order.js';
import type { Change } from '../plan.js';
import type { WriteObjects } from './object-writer.js';
import { writeDatabase } from './write-database.js';
import { PARTITIONS_MAX, writePartitions } from './write-partitions.js';
import { writePartitionIndexes } from './write-partition-indexes.js';
import { writeStatistics } from './write-statistics.js';
import { deleteTables, TABLES_DELETED_MAX, writeTable } from './write-table.js';

export interface Batch {
  changes: Change[];
  write: WriteObjects;
}

export interface Work {
  /** All of a phase is done before the next begins. */
  phases: Batch[][];
  /** By the key of a table, database or partition that is removed: what goes with it, without calls of its own. */
  covered: ReadonlyMap<string, readonly Change[]>;
}

/** @param changes those to be carried out, with the definitions that are wanted */
export function batchesOf(changes: readonly Change[]): Work {
  const removed = new Set(changes.filter(isRemoval).map(({ key }) => keyText(key)));
  const covered = new Map<string, Change[]>();
  const groups = new Map<string, { phase: number; size: number; write: WriteObjects; changes: Change[] }>();
  for (const change of inOrder(changes)) {
    // A database is removed only when it is empty, so nothing but tables and partitions cover anything.
    const owner = ownersOf(change.key)
      .filter(({ kind }) => kind !== 'database')
      .map(keyText)
      .findLast((text) => removed.has(text));
    if (isRemoval(change) && owner !== undefined) {
      const list = covered.get(owner);
      if (list) list.push(change);
      else covered.set(owner, [change]);
      continue;
    }
    const { size, write, group } = wayOf(change);
    const name = JSON.stringify([phaseOf(change), group]);
    const known = groups.get(name);
    if (known) known.changes.push(change);
    else groups.set(name, { phase: phaseOf(change), size, write, changes: [change] });
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

function isRemoval({ wanted }: Change): boolean {
  return wanted === undefined;
}

/** How a change is carried out, and together with which others. */
function wayOf(change: Change): { size: number; write: WriteObjects; group: unknown } {
  const { key, wanted, current } = change;
  switch (key.kind) {
    case 'database':
      return { size: 1, write: writeDatabase, group: key.DatabaseName };
    case 'table':
      return wanted
        ? { size: 1, write: writeTable, group: [key.DatabaseName, key.TableName] }
        : { size: TABLES_DELETED_MAX, write: deleteTables, group: key.DatabaseName };
    case 'partition': {
      const group = [key.DatabaseName, key.TableName, wanted !== undefined && current !== undefined];
      return { size: PARTITIONS_MAX, write: writePartitions, group };
    }
    case 'partition-index':
      return { size: Infinity, write: writePartitionIndexes, group: [key.DatabaseName, key.TableName] };
    case 'table-statistics':
    case 'partition-statistics':
      return { size: PARTITIONS_MAX, write: writeStatistics, group: [key.DatabaseName, key.TableName] };
  }
}

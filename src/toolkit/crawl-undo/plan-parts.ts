// What goes and comes with tables and partitions: indexes, column statistics, and all that was in a table that is made anew.
import { mapConcurrently } from '../../base/map-concurrently.js';
import {
  decideChange,
  keyLabel,
  type CatalogAccess,
  type CatalogObject,
  type CatalogObjectKey,
  type Change,
  type Knowledge,
  type ObjectOf,
  type StatisticsRead,
  type ThreeWayOptions,
} from '../../change/index.js';
import {
  observePartitionIndexes,
  observePartitionStatistics,
  observeTableStatistics,
} from '../../change/observe-catalog.js';
import type { TableView } from './table-view.js';

type Table = ObjectOf<'table'>;

/** Partitions of a table whose statistics are read at once. */
const STATISTICS_AT_ONCE = 8;

export interface TableDecision extends Pick<ThreeWayOptions, 'onConflict' | 'tableFormats'> {
  /**
   * Column statistics of tables that are deleted are read, so that redo can put them back; under `all` also those of partitions
   * that are, at a call for 100 columns of each. `tables` when not given.
   */
  statistics?: StatisticsRead;
}

/** Takes a change up, and keeps it. */
export type AddChange = (change: Change) => void;

/** Column statistics of partitions that are deleted: written down, so that they can come back with them. */
export async function statisticsGoing(
  access: CatalogAccess,
  table: Table,
  partitions: readonly ObjectOf<'partition'>[],
): Promise<Change[]> {
  const changes = await mapConcurrently(partitions, STATISTICS_AT_ONCE, async (partition) => {
    const found = await observePartitionStatistics(access, table, partition.key.Values, partition);
    return found && goingWith(partition.key, found, []);
  });
  return changes.filter((change) => change !== undefined);
}

/** Partitions, indexes and statistics of a table that is made anew, as the snapshot from before has them. */
export async function planRecreatedParts(
  before: TableView | undefined,
  decision: TableDecision,
  add: AddChange,
): Promise<void> {
  if (!before?.table) return;
  const { indexes, statistics, evidence } = before.table;
  for (const part of [...indexes, ...(statistics ? [statistics] : [])]) {
    add(recreatedPart(part, { evidence: [evidence], damage: before.partsDamage }, decision));
  }
  for await (const page of before.partitions()) {
    for (const { found, damage, ...seen } of page) {
      const known = { evidence: [seen.evidence], damage };
      if (found) add(recreatedPart(found.partition, known, decision));
      if (found?.statistics) add(recreatedPart(found.statistics, known, decision));
    }
  }
}

export function recreatedPart(
  part: CatalogObject,
  { evidence, damage }: { evidence: Change['evidence']; damage?: string | undefined },
  decision: TableDecision,
): Change {
  const wanted: Knowledge =
    damage === undefined
      ? { known: true, definition: part.definition, evidence }
      : { known: false, reason: damage };
  return decideChange(
    { key: part.key, base: { known: true, evidence }, wanted, current: undefined },
    { ...decision, making: 'recreate' },
  );
}

/** Indexes and statistics go with their table; written down, so that they can come back with it. */
export async function planDeletedParts(
  access: CatalogAccess,
  table: Table,
  deleted: Change,
  { statistics: asked }: TableDecision,
): Promise<Change[]> {
  const { DatabaseName, TableName } = table.key;
  const indexes = await observePartitionIndexes(access, DatabaseName, TableName);
  const statistics = asked === 'none' ? undefined : await observeTableStatistics(access, table);
  return [...indexes, ...(statistics ? [statistics] : [])].map((part) =>
    goingWith(table.key, part, deleted.evidence),
  );
}

function goingWith(owner: CatalogObjectKey, part: CatalogObject, evidence: Change['evidence']): Change {
  const reason = `It goes with the ${keyLabel(owner)}.`;
  return { action: 'delete', key: part.key, current: part.definition, reason, evidence };
}

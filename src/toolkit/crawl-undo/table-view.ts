// A table and its partitions as the snapshots on one side of a crawl saw them; what is damaged of the nearest, as the next one did.
import { keyText, type Evidence, type ObjectOf } from '../../change/index.js';
import {
  DamagedSnapshotError,
  isInChunk,
  isSameEntry,
  partitionCountOf,
  tableEntryOf,
  type Snapshot,
  type SnapshotDamage,
  type SnapshotPartition,
  type SnapshotTable,
  type TableEntry,
} from '../../change/snapshot/index.js';
import type { OwnWrites } from './own-writes.js';
import type { SampleBackup } from './sample-backup/read-backup.js';

/** The snapshots nearest to a crawl, each list the nearest first; and a backup of AWS's sample script, on one side. */
export interface SnapshotsAround {
  /** Finished before it began. */
  before: readonly Snapshot[];
  /** Begun after it ended. */
  after: readonly Snapshot[];
  backup?: { side: Side; from: SampleBackup } | undefined;
  /** Snapshots that were looked at and are no evidence, for they cannot be read. */
  damages?: readonly SnapshotDamage[];
  /** Journals of redos after the first of the crawls and before the last. */
  redoneBetween?: readonly string[] | undefined;
  /** What journals in the store of the snapshots tell, from the first of the crawls on. */
  ownWrites?: OwnWrites | undefined;
}

export type Side = 'before' | 'after';

/** A table as a snapshot or a backup saw it. */
export interface TableView {
  evidence: Evidence;
  /** When it was looked at: begun, and ended. */
  seenFrom: Date;
  seenUntil: Date;
  /** Undefined when it was not there, or when it was and nothing whole is left of it, as `damage` says. */
  table: SeenTable | undefined;
  /**
   * Why it is not known what the table was, although it was there. `table` is then what another snapshot saw, further away from the
   * crawl; it was not the same then, for what has the same content is kept once and would be damaged there as well.
   */
  damage?: string | undefined;
  /** The same of its indexes and statistics. */
  partsDamage?: string | undefined;
  /** What is not in it may have been there all the same. */
  isPartial: boolean;
  partition(Values: readonly string[]): Promise<SeenPartition>;
  /** All that are known of. */
  partitions(): AsyncIterable<SeenPartition[]>;
}

export type SeenTable = Pick<SnapshotTable, 'table' | 'indexes' | 'statistics'> & { evidence: Evidence };

/** As `TableView`, of one partition: with `damage` it is not known either whether it was there. */
export interface SeenPartition {
  evidence: Evidence;
  found: SnapshotPartition | undefined;
  damage?: string | undefined;
}

/**
 * By the nearest snapshot that covers the table and did not see it move, else the backup; undefined when there is none.
 * @param onDamage told of what cannot be read, whenever it would be
 */
export async function viewOfTable(
  around: SnapshotsAround,
  side: Side,
  key: ObjectOf<'table'>['key'],
  onDamage: (damage: SnapshotDamage) => void,
): Promise<TableView | undefined> {
  const seen = await viewOfSnapshots(seeing(around, side, key), { key, side, onDamage });
  if (seen) return seen;
  return viewOfBackup(around, side, key);
}

interface Looking {
  key: ObjectOf<'table'>['key'];
  side: Side;
  onDamage: (damage: SnapshotDamage) => void;
}

async function viewOfSnapshots(
  [snapshot, ...others]: readonly Snapshot[],
  looking: Looking,
): Promise<TableView | undefined> {
  if (!snapshot) return undefined;
  const { key, side, onDamage } = looking;
  const { id: snapshotId, startedAt, takenAt } = snapshot.manifest;
  const evidence: Evidence = { from: 'snapshot', snapshotId, takenAt };
  const entry = tableEntryOf(snapshot.manifest, key);
  const partitions = snapshot.partitionsOf(key.DatabaseName, key.TableName);
  let further: Promise<TableView | undefined> | undefined;
  const nextView = () => (further ??= viewOfSnapshots(others, looking));
  const passOver = (error: unknown): string => {
    if (!(error instanceof DamagedSnapshotError)) throw error;
    onDamage({ snapshotId, problem: error.message });
    return `snapshot ${snapshotId}, which saw it ${side} the crawl, is damaged`;
  };

  const view: TableView = {
    evidence,
    seenFrom: new Date(startedAt),
    seenUntil: new Date(takenAt),
    table: undefined,
    isPartial: false,
    async partition(Values) {
      try {
        return { evidence, found: await partitions?.partition(Values) };
      } catch (error) {
        const damage = passOver(error);
        return { evidence, found: undefined, ...(await (await nextView())?.partition(Values)), damage };
      }
    },
    async *partitions() {
      const lost: ((partition: SnapshotPartition | undefined) => boolean)[] = [];
      let damage: string | undefined;
      for (const chunk of entry?.chunks ?? []) {
        try {
          const page = (await partitions?.partitionsOf(chunk)) ?? [];
          yield page.map((found) => ({ evidence, found }));
        } catch (error) {
          damage = passOver(error);
          lost.push((one) => one !== undefined && isInChunk(chunk, one.partition.key.Values));
        }
      }
      if (damage === undefined) return;
      for await (const page of (await nextView())?.partitions() ?? []) {
        const among = page.filter(({ found }) => lost.some((isIn) => isIn(found)));
        yield among.map((one) => ({ ...one, damage }));
      }
    },
  };
  try {
    const table = await snapshot.table(key.DatabaseName, key.TableName);
    return table ? { ...view, table: { ...table, evidence } } : view;
  } catch (error) {
    const damage = passOver(error);
    const table = (await nextView())?.table;
    const isKnown = table !== undefined && isOfVersion(entry, table.table);
    return { ...view, table, ...(isKnown ? {} : { damage }), partsDamage: damage };
  }
}

function isOfVersion(entry: TableEntry | undefined, { provenance }: ObjectOf<'table'>): boolean {
  if (entry?.VersionId === undefined || entry.UpdateTime === undefined) return false;
  const { VersionId, UpdateTime } = provenance;
  return entry.VersionId === VersionId && entry.UpdateTime === UpdateTime?.toISOString();
}

function viewOfBackup(
  around: SnapshotsAround,
  side: Side,
  key: ObjectOf<'table'>['key'],
): TableView | undefined {
  if (around.backup?.side !== side) return undefined;
  const backup = around.backup.from;
  const kept = backup.tables.find(({ table }) => keyText(table.key) === keyText(key));
  if (!kept) return undefined;
  const evidence: Evidence = { from: 'backup-file', location: backup.location };
  const seen = (partition: ObjectOf<'partition'> | undefined): SeenPartition => ({
    evidence,
    found: partition && { partition, statistics: undefined },
  });
  return {
    evidence,
    seenFrom: backup.takenAt,
    seenUntil: backup.takenAt,
    table: { evidence, table: kept.table, indexes: [], statistics: undefined },
    isPartial: true,
    partition: (Values) => Promise.resolve(seen(kept.partitions.get(JSON.stringify(Values)))),

    async *partitions() {
      yield [...kept.partitions.values()].map(seen);
    },
  };
}

/** Whether something saw a table, or that it was not there; see `viewOfTable`. */
export function isSeen(around: SnapshotsAround, side: Side, key: ObjectOf<'table'>['key']): boolean {
  return seeing(around, side, key).length > 0 || viewOfBackup(around, side, key) !== undefined;
}

/** Those that cover a table and did not see it move, the nearest first. */
function seeing(around: SnapshotsAround, side: Side, key: ObjectOf<'table'>['key']): Snapshot[] {
  return around[side].filter((one) => one.covers(key) && tableEntryOf(one.manifest, key)?.isMoving !== true);
}

/**
 * How many partitions a table has that is the same in the snapshots from before and after, version, partitions and all: so
 * nothing wrote it in between. Undefined for any other.
 */
export function untouchedPartitionCount(
  around: SnapshotsAround,
  key: ObjectOf<'table'>['key'],
): number | undefined {
  const [before, after] = (['before', 'after'] as const).map((side) => {
    const [snapshot] = seeing(around, side, key);
    return snapshot && tableEntryOf(snapshot.manifest, key);
  });
  const hasVersion = before?.VersionId !== undefined;
  return hasVersion && after && isSameEntry(before, after) ? partitionCountOf(before) : undefined;
}

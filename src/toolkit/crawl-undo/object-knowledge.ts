// What snapshots tell of a table and its partitions around a crawl: before it, after it, or nothing.
import { keyText, type Evidence, type Knowledge, type ObjectOf } from '../../change/index.js';
import {
  isSameEntry,
  partitionCountOf,
  tableEntryOf,
  type Snapshot,
  type SnapshotTable,
} from '../../change/snapshot/index.js';
import { mayHaveWritten, type Crawl } from './crawl.js';
import type { SampleBackup } from './sample-backup/read-backup.js';

/** The snapshots nearest to a crawl, each list the nearest first; and a backup of AWS's sample script, on one side. */
export interface SnapshotsAround {
  /** Finished before it began. */
  before: readonly Snapshot[];
  /** Begun after it ended. */
  after: readonly Snapshot[];
  backup?: { side: Side; from: SampleBackup } | undefined;
}

export type Side = 'before' | 'after';

/** A table as a snapshot or a backup saw it. */
export interface TableView {
  evidence: Evidence;
  /** When it was looked at: begun, and ended. */
  seenFrom: Date;
  seenUntil: Date;
  /** Undefined when it was not there. */
  table: SeenTable | undefined;
  /** What is not in it may have been there all the same. */
  isPartial: boolean;
}

type SeenTable = Pick<SnapshotTable, 'table' | 'indexes' | 'statistics' | 'partitions' | 'partition'>;

/** What is known, and when what is known of was made. */
export type SeenKnowledge = Knowledge & { CreateTime?: Date | undefined };

/** By the nearest snapshot that covers the table and did not see it move, else the backup; undefined when there is none. */
export async function viewOfTable(
  around: SnapshotsAround,
  side: Side,
  key: ObjectOf<'table'>['key'],
): Promise<TableView | undefined> {
  const snapshot = nearest(around, side, key);
  if (snapshot) {
    const { id: snapshotId, startedAt, takenAt } = snapshot.manifest;
    return {
      evidence: { from: 'snapshot', snapshotId, takenAt },
      seenFrom: new Date(startedAt),
      seenUntil: new Date(takenAt),
      table: await snapshot.table(key.DatabaseName, key.TableName),
      isPartial: false,
    };
  }
  const backup = around.backup?.side === side ? around.backup.from : undefined;
  const kept = backup?.tables.find(({ table }) => keyText(table.key) === keyText(key));
  if (!backup || !kept) return undefined;
  return {
    evidence: { from: 'backup-file', location: backup.location },
    seenFrom: backup.takenAt,
    seenUntil: backup.takenAt,
    table: {
      table: kept.table,
      indexes: [],
      statistics: undefined,
      partition: (Values) => {
        const partition = kept.partitions.get(JSON.stringify(Values));
        return Promise.resolve(partition && { partition, statistics: undefined });
      },

      async *partitions() {
        yield [...kept.partitions.values()].map((partition) => ({ partition, statistics: undefined }));
      },
    },
    isPartial: true,
  };
}

function nearest(around: SnapshotsAround, side: Side, key: ObjectOf<'table'>['key']): Snapshot | undefined {
  return around[side].find((one) => one.covers(key) && tableEntryOf(one.manifest, key)?.isMoving !== true);
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
    const snapshot = nearest(around, side, key);
    return snapshot && tableEntryOf(snapshot.manifest, key);
  });
  const hasVersion = before?.VersionId !== undefined;
  return hasVersion && after && isSameEntry(before, after) ? partitionCountOf(before) : undefined;
}

export function tableKnowledge(view: TableView | undefined, side: Side): SeenKnowledge {
  return view ? seen(view, view.table?.table) : unknown(side);
}

export async function partitionKnowledge(
  view: TableView | undefined,
  side: Side,
  Values: readonly string[],
): Promise<SeenKnowledge> {
  if (!view) return unknown(side);
  const found = await view.table?.partition(Values);
  return found || !view.isPartial ? seen(view, found?.partition) : unknown(side);
}

/**
 * Why what was seen on a side is not what there was right before the crawls, or what they left: another crawl wrote in between.
 * Undefined when none did.
 */
export function doubtAbout(
  view: TableView | undefined,
  side: Side,
  TableName: string,
  { crawls, others = [] }: { crawls: readonly Crawl[]; others?: readonly Crawl[] | undefined },
): string | undefined {
  const [first, last] = [crawls[0], crawls.at(-1)];
  if (!view || !first || !last) return undefined;
  const between = others.find((other) => {
    const { start, end } = other;
    const isBetween =
      side === 'before'
        ? start < first.start && (end === undefined || end > view.seenFrom)
        : start > last.start && start < view.seenUntil;
    return isBetween && mayHaveWritten(other, TableName);
  });
  if (!between) return undefined;
  const name = between.crawlId === undefined ? 'another crawl' : `crawl ${between.crawlId}`;
  return `${name} wrote into its table between this crawl and the snapshot from ${side} it`;
}

/** Why what was seen on each side of the crawls may not be what they found and left; see `doubtAbout`. */
export interface Doubts {
  before: string | undefined;
  after: string | undefined;
}

export function unlessDoubted(knowledge: Knowledge, doubt: string | undefined): Knowledge {
  return doubt === undefined ? knowledge : { known: false, reason: doubt };
}

function unknown(side: Side): SeenKnowledge {
  return { known: false, reason: `no snapshot from ${side} the crawl covers it` };
}

function seen(
  { evidence }: TableView,
  found: ObjectOf<'table'> | ObjectOf<'partition'> | undefined,
): SeenKnowledge {
  return {
    known: true,
    definition: found?.definition,
    evidence: [evidence],
    CreateTime: found?.provenance.CreateTime,
  };
}

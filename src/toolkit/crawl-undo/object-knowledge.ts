// What snapshots tell of a table and its partitions around a crawl: before it, after it, or nothing.
import type { Evidence, Knowledge, ObjectOf } from '../../change/index.js';
import { tableEntryOf, type Snapshot, type SnapshotTable } from '../../change/snapshot/index.js';

/** The snapshots nearest to a crawl, each list the nearest first. */
export interface SnapshotsAround {
  /** Finished before it began. */
  before: readonly Snapshot[];
  /** Begun after it ended. */
  after: readonly Snapshot[];
}

type Side = keyof SnapshotsAround;

/** A table as a snapshot saw it. */
export interface TableView {
  snapshot: Snapshot;
  /** Undefined when it was not there. */
  table: SnapshotTable | undefined;
}

/** What is known, and when what is known of was made. */
export type SeenKnowledge = Knowledge & { CreateTime?: Date | undefined };

/** By the nearest snapshot that covers the table and did not see it move; undefined when there is none. */
export async function viewOfTable(
  around: SnapshotsAround,
  side: Side,
  key: ObjectOf<'table'>['key'],
): Promise<TableView | undefined> {
  const snapshot = around[side].find(
    (one) => one.covers(key) && tableEntryOf(one.manifest, key)?.isMoving !== true,
  );
  return snapshot && { snapshot, table: await snapshot.table(key.DatabaseName, key.TableName) };
}

export function tableKnowledge(view: TableView | undefined, side: Side): SeenKnowledge {
  if (!view) return unknown(side);
  return seen(view.snapshot, view.table?.table);
}

export async function partitionKnowledge(
  view: TableView | undefined,
  side: Side,
  Values: readonly string[],
): Promise<SeenKnowledge> {
  if (!view) return unknown(side);
  return seen(view.snapshot, (await view.table?.partition(Values))?.partition);
}

function unknown(side: Side): SeenKnowledge {
  return { known: false, reason: `no snapshot from ${side} the crawl covers it` };
}

function seen(
  snapshot: Snapshot,
  found: ObjectOf<'table'> | ObjectOf<'partition'> | undefined,
): SeenKnowledge {
  const evidence = [snapshotEvidence(snapshot)];
  return {
    known: true,
    definition: found?.definition,
    evidence,
    CreateTime: found?.provenance.CreateTime,
  };
}

export function snapshotEvidence({ manifest }: Snapshot): Evidence {
  return { from: 'snapshot', snapshotId: manifest.id, takenAt: manifest.takenAt };
}

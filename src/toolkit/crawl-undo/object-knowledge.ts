// What snapshots tell of an object around a crawl: before it, after it, or nothing.
import type { CatalogObjectKey, Evidence, Knowledge } from '../../change/index.js';
import { tableEntryOf, type Snapshot } from '../../change/snapshot/index.js';

/** The snapshots nearest to a crawl, each list the nearest first. */
export interface SnapshotsAround {
  /** Finished before it began. */
  before: readonly Snapshot[];
  /** Begun after it ended. */
  after: readonly Snapshot[];
}

export type Side = keyof SnapshotsAround;

/** From the nearest snapshot that covers the object and did not see its table move; unknown when there is none. */
export async function snapshotKnowledge(
  around: SnapshotsAround,
  side: Side,
  key: CatalogObjectKey,
): Promise<Knowledge> {
  const snapshot = around[side].find((one) => one.covers(key) && !isMoving(one, key));
  if (!snapshot) return { known: false, reason: `no snapshot from ${side} the crawl covers it` };
  const found = await snapshot.object(key);
  return { known: true, definition: found?.definition, evidence: [snapshotEvidence(snapshot)] };
}

export function snapshotEvidence({ manifest }: Snapshot): Evidence {
  return { from: 'snapshot', snapshotId: manifest.id, takenAt: manifest.takenAt };
}

/** Whether its table was changed each time the snapshot read it. */
export function isMoving({ manifest }: Snapshot, key: CatalogObjectKey): boolean {
  return tableEntryOf(manifest, key)?.isMoving === true;
}

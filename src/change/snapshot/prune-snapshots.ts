// Removes snapshots that a policy does not keep, and objects that no snapshot needs any more.
import { systemClock, type Clock } from '../../base/clock.js';
import { randomIds, type Ids } from '../../base/ids.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import type { DocumentStore } from '../document-store.js';
import { objectsOf } from './manifest.js';
import { snapshotsToKeep, type RetentionPolicy } from './retention.js';
import { readManifests } from './read-manifests.js';
import { hashWithin, manifestName, objectName, OBJECTS, snapshotIds } from './snapshot-store.js';
import { beginPruning, marked, type Pruning } from './writers.js';

const DELETES_AT_ONCE = 16;

export interface PrunePlan {
  keep: readonly { id: string; reasons: readonly string[] }[];
  remove: readonly string[];
  /** Kept, for nobody knows what they need. While there are any, no object goes either. */
  unreadable: readonly { id: string; problem: string }[];
  /** That no kept snapshot needs, with what they take in the store. */
  objects: readonly { sha256: string; size: number }[];
  /** Files of writers that were killed more than a day ago. */
  abandoned: readonly { path: string; size: number }[];
}

export interface PruneReport {
  removed: readonly string[];
  objects: number;
  bytes: number;
  /** Files of killed writers. */
  abandoned: number;
  /** Snapshots being written at the time: on their account all objects stayed, for a later prune. */
  waitingFor: readonly string[];
  /** True when it stopped for the time it took; a later prune goes on. */
  isPartial: boolean;
}

/** Reads every manifest and lists every object; changes nothing. */
export async function planPrune(
  store: DocumentStore,
  policy: RetentionPolicy,
  clock: Clock = systemClock,
): Promise<PrunePlan> {
  const ids = await snapshotIds(store);
  const keep = snapshotsToKeep(ids, policy);
  const remove: string[] = [];
  const unreadable: { id: string; problem: string }[] = [];
  const needed = new Set<string>();
  for await (const one of readManifests(store, ids)) {
    if ('problem' in one) {
      unreadable.push(one);
      keep.delete(one.id);
    } else if (keep.has(one.id)) {
      for (const { sha256 } of objectsOf(one.manifest)) needed.add(sha256);
    } else {
      remove.push(one.id);
    }
  }
  const objects: { sha256: string; size: number }[] = [];
  if (unreadable.length === 0) {
    for await (const { name, size } of store.list(OBJECTS)) {
      const sha256 = hashWithin(name);
      if (sha256 !== undefined && !needed.has(sha256)) objects.push({ sha256, size });
    }
  }
  const abandoned = (await store.abandoned?.(clock.now())) ?? [];
  return {
    keep: [...keep].map(([id, reasons]) => ({ id, reasons })),
    ...{ remove, unreadable, objects },
    abandoned: abandoned.map(({ path, size }) => ({ path, size })),
  };
}

/**
 * Carries out what `planPrune` shows, planned anew under a lock. Snapshots that are being written lose nothing: while there
 * are any, only manifests go.
 * @throws GluepotError `conflict` while another prune is at work
 */
export async function pruneSnapshots(
  store: DocumentStore,
  policy: RetentionPolicy,
  { clock = systemClock, ids = randomIds, signal }: { clock?: Clock; ids?: Ids; signal?: AbortSignal } = {},
): Promise<PruneReport> {
  const pruning = await beginPruning(store, ids.hex(8), clock);
  return marked(pruning, async () => {
    const plan = await planPrune(store, policy, clock);
    await mapConcurrently(plan.remove, DELETES_AT_ONCE, async (id) => {
      signal?.throwIfAborted();
      await store.delete(manifestName(id));
    });
    const { objects, bytes } = await removeObjects(store, plan, pruning, signal);
    const abandoned = (await store.abandoned?.(clock.now())) ?? [];
    for (const file of abandoned) await file.remove();
    return {
      removed: plan.remove,
      objects,
      bytes,
      abandoned: abandoned.length,
      waitingFor: pruning.writers,
      isPartial: pruning.writers.length === 0 && objects < plan.objects.length,
    };
  });
}

async function removeObjects(
  store: DocumentStore,
  { objects }: PrunePlan,
  pruning: Pruning,
  signal: AbortSignal | undefined,
): Promise<{ objects: number; bytes: number }> {
  const removed = { objects: 0, bytes: 0 };
  if (pruning.writers.length > 0) return removed;
  const failures: unknown[] = [];
  const isOver = () => failures.length > 0 || signal?.aborted === true || !pruning.isInTime();
  // Whatever ends it, deletions that are under way are waited for: who writes next must not find what they are about to take.
  await mapConcurrently(objects, DELETES_AT_ONCE, async ({ sha256, size }) => {
    if (isOver()) return;
    try {
      await store.delete(objectName(sha256));
      removed.objects++;
      removed.bytes += size;
    } catch (error) {
      failures.push(error);
    }
  });
  if (failures.length > 0) throw failures[0];
  signal?.throwIfAborted();
  return removed;
}

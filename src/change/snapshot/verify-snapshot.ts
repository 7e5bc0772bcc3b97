// Reads everything that snapshots need, and compares it with the checksums that they name it by.
import { messageOf } from '../../base/errors.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import type { DocumentStore } from '../document-store.js';
import { DamagedSnapshotError } from './damaged-snapshot-error.js';
import { objectsOf, type ChunkObject, type SnapshotManifest } from './manifest.js';
import { readManifests } from './read-manifests.js';
import { hashWithin, noSnapshot, OBJECTS, readObjectText, snapshotIds } from './snapshot-store.js';

const READS_AT_ONCE = 8;

export interface SnapshotProblem {
  /** The snapshots that cannot be relied on for it. */
  snapshots: readonly string[];
  problem: string;
}

export interface SnapshotVerification {
  snapshots: number;
  /** Each object counts once, however many snapshots share it. */
  objects: number;
  problems: readonly SnapshotProblem[];
  /** Objects that no readable snapshot needs: left by one that was never finished, or for a prune. Only of all snapshots. */
  unreferenced?: number;
}

/** @param id of one snapshot; all of the store when not given. Changes nothing. */
export async function verifySnapshots(store: DocumentStore, id?: string): Promise<SnapshotVerification> {
  const ids = id === undefined ? await snapshotIds(store) : [id];
  const problems: SnapshotProblem[] = [];
  const needed = new Map<string, { count?: number; snapshots: string[] }>();
  let count = 0;
  for await (const one of readManifests(store, ids)) {
    count++;
    if ('problem' in one) problems.push({ snapshots: [one.id], problem: one.problem });
    else addNeeded(needed, one.manifest);
  }
  if (id !== undefined && count === 0) throw noSnapshot(store, id);
  await mapConcurrently([...needed], READS_AT_ONCE, ([hash, { count, snapshots }]) =>
    reportingDamage(
      async () => requireCount(await readObjectText(store, hash), hash, count),
      (problem) => problems.push({ snapshots, problem }),
    ),
  );
  const found = { snapshots: count, objects: needed.size, problems: await stillThere(store, problems) };
  if (id !== undefined) return found;
  let unreferenced = 0;
  for await (const { name } of store.list(OBJECTS)) {
    const hash = hashWithin(name);
    if (hash !== undefined && !needed.has(hash)) unreferenced++;
  }
  return { ...found, unreferenced };
}

/** What snapshots need that a prune removed meanwhile goes with them. */
async function stillThere(
  store: DocumentStore,
  problems: readonly SnapshotProblem[],
): Promise<SnapshotProblem[]> {
  if (problems.length === 0) return [];
  const ids = new Set(await snapshotIds(store));
  const kept = problems.map(({ snapshots, problem }) => ({
    snapshots: snapshots.filter((id) => ids.has(id)),
    problem,
  }));
  return kept.filter(({ snapshots }) => snapshots.length > 0);
}

function addNeeded(
  needed: Map<string, { count?: number; snapshots: string[] }>,
  manifest: SnapshotManifest,
): void {
  for (const object of objectsOf(manifest)) {
    const count = 'count' in object ? (object.count as number) : undefined;
    const entry = needed.get(object.sha256) ?? { ...(count === undefined ? {} : { count }), snapshots: [] };
    if (entry.snapshots.at(-1) !== manifest.id) entry.snapshots.push(manifest.id);
    needed.set(object.sha256, entry);
  }
}

function requireCount(text: string, hash: string, count: number | undefined): void {
  if (count === undefined) return;
  const { partitions } = JSON.parse(text) as ChunkObject;
  if (partitions.length === count) return;
  throw new DamagedSnapshotError(
    `Object ${hash} has ${partitions.length} partitions, and should have ${count}.`,
  );
}

async function reportingDamage<T>(
  read: () => Promise<T>,
  report: (problem: string) => void,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof DamagedSnapshotError)) throw error;
    report(messageOf(error));
    return undefined;
  }
}

// Reads everything that snapshots need, and compares it with the checksums that they name it by.
import { messageOf } from '../../base/errors.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import type { DocumentStore } from '../document-store.js';
import { DamagedSnapshotError } from './damaged-snapshot-error.js';
import { objectsOf, type ChunkObject, type SnapshotManifest } from './manifest.js';
import { hashWithin, OBJECTS, readManifest, readObjectText, snapshotIds } from './snapshot-store.js';

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
  for (const one of ids) {
    const manifest = await reportingDamage(
      () => readManifest(store, one),
      (problem) => problems.push({ snapshots: [one], problem }),
    );
    if (manifest) addNeeded(needed, manifest);
  }
  await mapConcurrently([...needed], READS_AT_ONCE, ([hash, { count, snapshots }]) =>
    reportingDamage(
      async () => requireCount(await readObjectText(store, hash), hash, count),
      (problem) => problems.push({ snapshots, problem }),
    ),
  );
  const found = { snapshots: ids.length, objects: needed.size, problems };
  if (id !== undefined) return found;
  let unreferenced = 0;
  for await (const { name } of store.list(OBJECTS)) {
    const hash = hashWithin(name);
    if (hash !== undefined && !needed.has(hash)) unreferenced++;
  }
  return { ...found, unreferenced };
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

// Many manifests, of which some may be damaged or go meanwhile.
import { GluepotError, messageOf } from '../../base/errors.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import type { DocumentStore } from '../document-store.js';
import { DamagedSnapshotError } from './damaged-snapshot-error.js';
import type { SnapshotManifest } from './manifest.js';
import { readManifest } from './snapshot-store.js';

const READS_AT_ONCE = 16;

export type ManifestRead = { id: string } & ({ manifest: SnapshotManifest } | { problem: string });

/** In the order of `ids`, a few at a time. One that cannot be read comes with its problem, and one that was pruned since not at all. */
export async function* readManifests(
  store: DocumentStore,
  ids: readonly string[],
): AsyncGenerator<ManifestRead> {
  for (let start = 0; start < ids.length; start += READS_AT_ONCE) {
    const some = ids.slice(start, start + READS_AT_ONCE);
    for (const one of await mapConcurrently(some, READS_AT_ONCE, (id) => readUnlessGone(store, id))) {
      if (one) yield one;
    }
  }
}

/** Undefined for a snapshot that is not there. */
export async function readUnlessGone(store: DocumentStore, id: string): Promise<ManifestRead | undefined> {
  try {
    return { id, manifest: await readManifest(store, id) };
  } catch (error) {
    if (error instanceof DamagedSnapshotError) return { id, problem: messageOf(error) };
    if (error instanceof GluepotError && error.kind === 'usage') return undefined;
    throw error;
  }
}

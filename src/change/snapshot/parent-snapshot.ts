// The snapshot that a new one follows: what it has kept need not be kept again.
import { GluepotError } from '../../base/errors.js';
import { isSameCatalog, type CatalogHome } from '../catalog-home.js';
import type { DocumentStore } from '../document-store.js';
import { objectsOf, type ObjectReference, type SnapshotManifest } from './manifest.js';
import { seriesOfId } from './snapshot-id.js';
import { hashWithin, OBJECTS, readManifest, snapshotIds } from './snapshot-store.js';

/** A damaged manifest is passed over; several of them are somebody's business. */
const PARENTS_TRIED_MAX = 3;

/** The newest readable snapshot of the same scope of the same catalog; where there is none, of any scope. */
export async function readParent(
  store: DocumentStore,
  home: CatalogHome,
  series: string,
): Promise<SnapshotManifest | undefined> {
  const ids = await snapshotIds(store);
  const followed = ids.filter((id) => seriesOfId(id) === series);
  for (const id of (followed.length > 0 ? followed : ids).slice(-PARENTS_TRIED_MAX).reverse()) {
    try {
      const manifest = await readManifest(store, id);
      if (isSameCatalog(manifest, home)) return manifest;
    } catch (error) {
      // Damaged, or pruned since it was listed: without a parent a snapshot costs more and is as good.
      if (!(error instanceof GluepotError)) throw error;
    }
  }
  return undefined;
}

export interface KeptObjects {
  /** As long as when they were written. */
  whole: readonly ObjectReference[];
  /** Hashes of those that are of another length: cut short, or overwritten. */
  damaged: ReadonlySet<string>;
}

/**
 * Which objects of a snapshot the store still has, for a rule of the bucket or somebody who cleared up may have removed some: a
 * new snapshot writes those again. A list of the store's objects, none of which is read.
 */
export async function keptObjects(
  store: DocumentStore,
  manifest: SnapshotManifest | undefined,
): Promise<KeptObjects> {
  const damaged = new Set<string>();
  if (!manifest) return { whole: [], damaged };
  const sizes = new Map<string, number>();
  for await (const { name, size } of store.list(OBJECTS)) {
    const hash = hashWithin(name);
    if (hash !== undefined) sizes.set(hash, size);
  }
  const whole: ObjectReference[] = [];
  for (const object of objectsOf(manifest)) {
    const size = sizes.get(object.sha256);
    if (size === object.size) whole.push(object);
    else if (size !== undefined) damaged.add(object.sha256);
  }
  return { whole, damaged };
}

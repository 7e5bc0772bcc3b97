// The snapshots that tell most of a part of the catalog, among those of other parts, of which a store may hold far more.
import { isSameCatalog, type CatalogHome } from '../catalog-home.js';
import type { DocumentStore } from '../document-store.js';
import type { SnapshotManifest, SnapshotScope } from './manifest.js';
import { readUnlessGone } from './read-manifests.js';
import { openSnapshot, type Snapshot } from './read-snapshot.js';
import { includesScope, overlapsScope } from './scope.js';
import { seriesOfId } from './snapshot-id.js';

/** So many of each scope are kept: the nearest one may be damaged, or have seen a table move. */
const NEAREST_MAX = 5;

/** What cannot be read of a snapshot, and so is no evidence. */
export interface SnapshotDamage {
  snapshotId: string;
  /** Which document of the store it is, and what is wrong with it. */
  problem: string;
}

export interface NearestAsked {
  /** The nearest first. */
  ids: readonly string[];
  /** What they are to tell of: a part of it is enough. */
  scope: SnapshotScope;
  /** All are wanted when not given. */
  isWanted?: (manifest: SnapshotManifest) => boolean;
  /** Told of those that cannot be read, of whatever scope they are. */
  onDamage?: (damage: SnapshotDamage) => void;
}

/**
 * Snapshots of a catalog that tell of `scope`, in the order of `ids`: up to five of each scope, and none that is further away than
 * five that tell of all of it. Of scopes that have nothing to do with it one manifest each is read.
 */
export async function nearestSnapshots(
  store: DocumentStore,
  home: CatalogHome,
  { ids, scope, isWanted = () => true, onDamage = () => {} }: NearestAsked,
): Promise<Snapshot[]> {
  const nearest: Snapshot[] = [];
  const counts = new Map<string, number>();
  const passedSeries = new Set<string>();
  for (const id of ids) {
    const series = seriesOfId(id);
    if (series !== undefined && passedSeries.has(series)) continue;
    const read = await readUnlessGone(store, id);
    if (!read) continue;
    if ('problem' in read) {
      onDamage({ snapshotId: id, problem: read.problem });
      continue;
    }
    const { manifest } = read;
    if (!isSameCatalog(manifest, home) || !overlapsScope(manifest.scope, scope)) {
      if (series !== undefined) passedSeries.add(series);
      continue;
    }
    if (!isWanted(manifest)) continue;
    nearest.push(openSnapshot(store, manifest));
    const { tables } = manifest.scope;
    const seen = JSON.stringify([series, tables]);
    const count = (counts.get(seen) ?? 0) + 1;
    counts.set(seen, count);
    if (count < NEAREST_MAX) continue;
    if (includesScope(manifest.scope, scope)) break;
    // Snapshots of named tables are of one series whatever the names.
    if (series !== undefined && typeof tables !== 'object') passedSeries.add(series);
  }
  return nearest;
}

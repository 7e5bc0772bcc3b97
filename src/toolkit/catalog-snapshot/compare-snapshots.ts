// Compares two snapshots, or one with the catalog as it is now.
import type { CatalogAccess } from '../../change/catalog-access.js';
import type { DocumentStore } from '../../change/document-store.js';
import { GluepotError } from '../../base/errors.js';
import {
  diffSnapshots,
  isSameCatalog,
  leftOutOf,
  readSnapshot,
  resolveSnapshotId,
  snapshotNow,
  type CatalogHome,
  type LeftOut,
  type ObjectDifference,
  type Snapshot,
  type SnapshotProgress,
} from '../../change/snapshot/index.js';

/** Stands for the catalog as it is. */
export const NOW = '@now';

export interface ComparedSnapshots {
  /** Ids, or `@now`. */
  before: string;
  after: string;
  /** How to get from `before` to `after`; see `diffSnapshots`. */
  differences: AsyncIterable<ObjectDifference>;
  /** What is not compared, for one of the two does not cover it. */
  leftOut: readonly LeftOut[];
  close(): Promise<void>;
}

/**
 * @param before a snapshot as `resolveSnapshotId` takes it, or `@now`; `after` likewise
 * @throws GluepotError `usage` for snapshots that are not there, or of different catalogs
 */
export async function compareSnapshots(
  access: CatalogAccess,
  home: CatalogHome,
  store: DocumentStore,
  [before, after]: readonly [before: string, after: string],
  options: { onProgress?: (progress: SnapshotProgress) => void } = {},
): Promise<ComparedSnapshots> {
  if (before === NOW && after === NOW) {
    throw new GluepotError('usage', 'The catalog as it is now is no different from itself: name a snapshot.');
  }
  const kept = async (text: string) =>
    text === NOW ? undefined : readSnapshot(store, await resolveSnapshotId(store, text));
  const [one, other] = [await kept(before), await kept(after)];
  const { manifest } = (one ?? other) as Snapshot;
  requireSameCatalog(manifest, other?.manifest ?? home);
  if (one && other) return compared(one, other, { before, after }, () => Promise.resolve());
  const now = await snapshotNow(access, home, store, manifest.scope, options);
  return compared(one ?? now.snapshot, other ?? now.snapshot, { before, after }, now.close);
}

function compared(
  one: Snapshot,
  other: Snapshot,
  asked: { before: string; after: string },
  close: () => Promise<void>,
): ComparedSnapshots {
  return {
    before: asked.before === NOW ? NOW : one.manifest.id,
    after: asked.after === NOW ? NOW : other.manifest.id,
    differences: diffSnapshots(one, other),
    leftOut: leftOutOf(one, other),
    close,
  };
}

/** @throws GluepotError `usage` when they are of different catalogs */
export function requireSameCatalog(one: CatalogHome, other: CatalogHome): void {
  if (isSameCatalog(one, other)) return;
  const nameOf = ({ accountId, region, CatalogId = accountId }: CatalogHome) =>
    `catalog ${CatalogId} in ${region}`;
  throw new GluepotError(
    'usage',
    `One is of ${nameOf(one)}, the other of ${nameOf(other)}: nothing to compare.`,
  );
}

// The snapshots in a store that tell what was before crawls and after them.
import { snapshotsOf, type CatalogHome, type Snapshot } from '../../change/snapshot/index.js';
import type { DocumentStore } from '../../change/index.js';
import type { Crawl } from './crawl.js';
import type { SnapshotsAround } from './object-knowledge.js';

/** So many from before are kept: a nearer one may cover only a part. */
const BEFORE_MAX = 5;

/** A snapshot that was being taken while a crawl ran is of neither side. */
export async function findSnapshotsAround(
  store: DocumentStore,
  home: CatalogHome,
  crawls: readonly Crawl[],
): Promise<SnapshotsAround> {
  const before: Snapshot[] = [];
  const after: Snapshot[] = [];
  const start = crawls[0]?.start.toISOString() ?? '';
  const end = crawls.at(-1)?.end?.toISOString();
  for await (const snapshot of snapshotsOf(store, home)) {
    const { startedAt, takenAt } = snapshot.manifest;
    if (end !== undefined && startedAt >= end) after.unshift(snapshot);
    if (takenAt <= start && before.push(snapshot) >= BEFORE_MAX) break;
  }
  return { before, after };
}

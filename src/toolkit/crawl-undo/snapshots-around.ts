// The snapshots in a store that tell what was before crawls and after them.
import { snapshotsOf, type CatalogHome, type Snapshot } from '../../change/snapshot/index.js';
import { journalTime, listJournals, openJournal, type DocumentStore } from '../../change/index.js';
import type { FoundCrawls } from './find-crawls.js';
import type { SnapshotsAround } from './object-knowledge.js';

/** So many from before are kept: a nearer one may cover only a part. */
const BEFORE_MAX = 5;

/**
 * A snapshot that was being taken while a crawl ran is of neither side. One that was taken before an earlier plan was carried
 * out on the database, as journals in the same store tell, does not know what there was when the crawl began.
 */
export async function findSnapshotsAround(
  store: DocumentStore,
  home: CatalogHome,
  { crawls, DatabaseName }: Pick<FoundCrawls, 'crawls' | 'DatabaseName'>,
): Promise<SnapshotsAround> {
  const before: Snapshot[] = [];
  const after: Snapshot[] = [];
  const start = crawls[0]?.start ?? new Date(0);
  const end = crawls.at(-1)?.end?.toISOString();
  const rewritten = (await lastRewrite(store, DatabaseName, start))?.toISOString() ?? '';
  for await (const snapshot of snapshotsOf(store, home)) {
    const { startedAt, takenAt } = snapshot.manifest;
    if (end !== undefined && startedAt >= end) after.unshift(snapshot);
    if (startedAt < rewritten) break;
    if (takenAt <= start.toISOString() && before.push(snapshot) >= BEFORE_MAX) break;
  }
  return { before, after };
}

/** When the last plan that changes the database began to be carried out, before `start`. */
async function lastRewrite(
  store: DocumentStore,
  DatabaseName: string,
  start: Date,
): Promise<Date | undefined> {
  for (const id of (await listJournals(store)).reverse()) {
    const began = journalTime(id);
    if (began === undefined || began > start) continue;
    const { plan, entries } = await openJournal(store, id);
    const isHere = plan.changes.some(({ key }) => key.DatabaseName === DatabaseName);
    if (isHere && entries.length > 0) return began;
  }
  return undefined;
}

// The snapshots in a store that tell what was before crawls and after them.
import { GluepotError } from '../../base/errors.js';
import { snapshotsOf, type CatalogHome, type Snapshot } from '../../change/snapshot/index.js';
import { journalTime, listJournals, openJournal, type DocumentStore } from '../../change/index.js';
import type { FoundCrawls } from './find-crawls.js';
import type { SnapshotsAround } from './object-knowledge.js';
import type { SampleBackup } from './sample-backup/read-backup.js';

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
    // It lacks indexes and statistics of some tables, which those that are made anew are to have.
    if (snapshot.manifest.scope.partsOf) continue;
    if (takenAt <= start.toISOString() && before.push(snapshot) >= BEFORE_MAX) break;
  }
  return { before, after };
}

/**
 * On which side of the crawls a backup of AWS's sample script is evidence.
 * @throws GluepotError `usage` when it was written while one ran
 */
export function besideCrawls(
  from: SampleBackup,
  { crawls }: Pick<FoundCrawls, 'crawls'>,
): NonNullable<SnapshotsAround['backup']> {
  const start = crawls[0]?.start;
  const end = crawls.at(-1)?.end;
  if (start && from.takenAt <= start) return { side: 'before', from };
  if (end && from.takenAt >= end) return { side: 'after', from };
  throw new GluepotError(
    'usage',
    `The backup in ${from.location} was written at ${from.takenAt.toISOString()}, while a crawl that is to be undone ran: ` +
      'it is evidence neither of what was before nor of what came of it.',
  );
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

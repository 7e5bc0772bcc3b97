// The snapshots in a store that tell what was before crawls and after them.
import { GluepotError } from '../../base/errors.js';
import {
  nearestSnapshots,
  snapshotIds,
  timeOfId,
  type CatalogHome,
  type Snapshot,
  type SnapshotDamage,
} from '../../change/snapshot/index.js';
import {
  changesDatabase,
  journalTime,
  lastWrites,
  listJournals,
  readJournalHead,
  type DocumentStore,
} from '../../change/index.js';
import type { FoundCrawls } from './find-crawls.js';
import { openOwnWrites } from './own-writes.js';
import type { SnapshotsAround } from './table-view.js';
import type { SampleBackup } from './sample-backup/read-backup.js';

/**
 * A snapshot that was being taken while a crawl ran is of neither side. One that was taken before an earlier plan was carried
 * out on the database, as journals in the same store tell, does not know what there was when the crawl began.
 */
export async function findSnapshotsAround(
  store: DocumentStore,
  home: CatalogHome,
  { crawls, DatabaseName }: Pick<FoundCrawls, 'crawls' | 'DatabaseName'>,
): Promise<SnapshotsAround> {
  const start = crawls[0]?.start ?? new Date(0);
  const end = crawls.at(-1)?.end;
  const damages: SnapshotDamage[] = [];
  const onDamage = (damage: SnapshotDamage) => damages.push(damage);
  const scope = { databases: [DatabaseName] };
  const ids = await snapshotIds(store);
  const before = await nearestSnapshots(store, home, {
    ...{ scope, onDamage },
    ids: ids.filter((id) => !(timeOfId(id) > start)).reverse(),
    // What has parts of some tables only lacks indexes and statistics that others are to have which are made anew.
    isWanted: ({ takenAt, scope: { partsOf } }) => !partsOf && takenAt <= start.toISOString(),
  });
  const after =
    end === undefined
      ? []
      : await nearestSnapshots(store, home, {
          ...{ scope, onDamage },
          ids: ids.filter((id) => timeOfId(id) >= end),
        });
  const oldest = before.at(-1)?.manifest.startedAt;
  const rewritten =
    oldest === undefined ? undefined : await lastRewrite(store, home, DatabaseName, { oldest, start });
  const isKept = ({ manifest }: Snapshot) => rewritten === undefined || manifest.startedAt >= rewritten;
  const redoneBetween = await findRedoneBetween(store, home, { crawls, DatabaseName });
  const ownWrites = openOwnWrites(store, home, { DatabaseName, since: start });
  return { before: before.filter(isKept), after, damages, redoneBetween, ownWrites };
}

/** What a redo makes anew bears the crawl's mark and was made after it, so that nothing shows whose it is. */
async function findRedoneBetween(
  store: DocumentStore,
  home: CatalogHome,
  { crawls, DatabaseName }: Pick<FoundCrawls, 'crawls' | 'DatabaseName'>,
): Promise<string[]> {
  const [first, last] = [crawls[0], crawls.at(-1)];
  if (!first || !last || first === last) return [];
  const redone: string[] = [];
  for (const id of await listJournals(store)) {
    const began = journalTime(id);
    if (began === undefined || began < first.start || began > last.start) continue;
    const head = await readJournalHead(store, id);
    if (head?.subject.operation === 'crawl-redo' && changesDatabase(head, home, DatabaseName))
      redone.push(id);
  }
  return redone;
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

/**
 * When the last plan that changes the database was done with, as far as it was carried out before `start`: also one that began long
 * ago, and was gone on with or rolled back. Of journals into which nothing was written since `oldest` nothing is read.
 */
async function lastRewrite(
  store: DocumentStore,
  home: CatalogHome,
  DatabaseName: string,
  { oldest, start }: { oldest: string; start: Date },
): Promise<string | undefined> {
  const ends = [...(await lastWrites(store, start))].flatMap(([id, written]) => {
    const began = journalTime(id);
    if (began === undefined || began > start) return [];
    // The clock of the store may be behind.
    return { id, ended: (began > written ? began : written).toISOString() };
  });
  ends.sort((one, other) => (one.ended < other.ended ? 1 : -1));
  for (const { id, ended } of ends) {
    if (ended < oldest) break;
    if (changesDatabase(await readJournalHead(store, id), home, DatabaseName)) return ended;
  }
  return undefined;
}

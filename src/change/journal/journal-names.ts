// Where journals lie in a store: a folder each, named by its id, which begins with the time.
import type { Clock } from '../../base/clock.js';
import { GluepotError } from '../../base/errors.js';
import type { Ids } from '../../base/ids.js';
import type { DocumentStore } from '../document-store.js';

const FOLDER = 'journals/';

export function journalFolder(journalId: string): string {
  return `${FOLDER}${journalId}/`;
}

/** Clocks of programs that keep journals in one store are closer than this; of AWS's clock each knows little more than the second. */
const CLOCKS_APART_MS = 60_000;

/** For a journal that is begun now: after all that are there, for their order is that of the changes, also where another clock is a little ahead. */
export async function newJournalId(store: DocumentStore, clock: Clock, ids: Ids): Promise<string> {
  const nowMs = clock.now().getTime();
  const newestMs = journalTime((await listJournals(store)).at(-1) ?? '')?.getTime() ?? 0;
  const isJustAhead = newestMs >= nowMs && newestMs < nowMs + CLOCKS_APART_MS;
  const time = new Date(isJustAhead ? newestMs + 1 : nowMs);
  return `${time.toISOString().replace(/[-:]/g, '')}-${ids.hex(4)}`;
}

/** Ids of the journals of a store, oldest first. What is in them is neither listed nor read: a call for 1,000 journals of an S3 store. */
export async function listJournals(store: DocumentStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const id of store.folders(FOLDER)) ids.push(id);
  return ids.sort();
}

/** When the apply of a journal began, as its id says; undefined for an id that does not say it. */
export function journalTime(journalId: string): Date | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)([\d.]+Z)-/.exec(journalId) ?? [];
  return year === undefined ? undefined : new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}`);
}

/**
 * When something was last written into each journal, up to `until`; into those that are not in it nothing was: their plans were not
 * begun. All that is in journals is listed: a call for 1,000 documents of an S3 store.
 */
export async function lastWrites(store: DocumentStore, until: Date): Promise<Map<string, Date>> {
  const last = new Map<string, Date>();
  for await (const { name, lastModified } of store.list(FOLDER)) {
    const [journalId = ''] = name.slice(FOLDER.length).split('/');
    if (!name.endsWith('.jsonl') || lastModified > until) continue;
    if (lastModified > (last.get(journalId) ?? new Date(0))) last.set(journalId, lastModified);
  }
  return last;
}

const NAMED_MAX = 5;

/** What is thrown for an id that no journal has: it names the newest there are. */
export async function noJournal(store: DocumentStore, journalId: string): Promise<GluepotError> {
  const known = (await listJournals(store)).slice(-NAMED_MAX).reverse();
  const newest = known.length === 0 ? 'There is none at all.' : `The newest: ${known.join(', ')}.`;
  return new GluepotError('usage', `There is no journal ${journalId} in ${store.location}. ${newest}`);
}

// Where journals lie in a store: a folder each, named by its id, which begins with the time.
import { GluepotError } from '../../base/errors.js';
import type { DocumentStore } from '../document-store.js';

const FOLDER = 'journals/';

export function journalFolder(journalId: string): string {
  return `${FOLDER}${journalId}/`;
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

/** When something was last written into a journal, up to `until`; undefined when nothing was: then its plan was not begun. */
export async function lastWrite(
  store: DocumentStore,
  journalId: string,
  until: Date,
): Promise<Date | undefined> {
  let last: Date | undefined;
  for await (const { name, lastModified } of store.list(journalFolder(journalId))) {
    if (name.endsWith('.jsonl') && lastModified <= until && !(last && last > lastModified))
      last = lastModified;
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

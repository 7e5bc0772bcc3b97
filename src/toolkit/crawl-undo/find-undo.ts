// The journal of an undo or redo that is to be taken back.
import {
  listJournals,
  openJournal,
  readJournalHead,
  type DocumentStore,
  type Journal,
  type PlanSubject,
} from '../../change/index.js';
import { isSameCatalog, type CatalogHome } from '../../change/snapshot/index.js';
import { GluepotError } from '../../base/errors.js';

/** What a redo is the inverse of, and the other way round. */
export const INVERSE: Readonly<Partial<Record<PlanSubject['operation'], PlanSubject['operation']>>> = {
  'crawl-undo': 'crawl-redo',
  'crawl-redo': 'crawl-undo',
};

/** Plans that undo and redo make, and can carry out later. */
export const UNDO_OPERATIONS = ['crawl-undo', 'crawl-redo'] as const;

/** Of journals only those of this crawler and database; all when not given. */
export interface UndoScope {
  crawlerName?: string | undefined;
  DatabaseName?: string | undefined;
}

/**
 * The journal of an undo or redo.
 * @throws GluepotError `usage` when there is none of this id, or it is of something else
 */
export async function findUndo(
  store: DocumentStore,
  journalId: string,
  scope: UndoScope = {},
): Promise<Journal> {
  const journal = await openJournal(store, journalId);
  requireUndo(journal, scope);
  return journal;
}

/**
 * The journal of the last undo or redo in a catalog that changed something and was not rolled back. A store may have journals of
 * other accounts and regions.
 * @throws GluepotError `usage` when there is none
 */
export async function findLastUndo(
  store: DocumentStore,
  home: CatalogHome,
  scope: UndoScope = {},
): Promise<Journal> {
  for (const id of (await listJournals(store)).reverse()) {
    const head = await readJournalHead(store, id);
    if (!head || !isSameCatalog(head, home)) continue;
    if (!INVERSE[head.subject.operation] || !isOf(head.subject.resolved, scope)) continue;
    const journal = await openJournal(store, id);
    if (journal.history.hasChanged) return journal;
  }
  const { crawlerName, DatabaseName } = scope;
  const of = crawlerName === undefined ? '' : ` of ${crawlerName}`;
  const into = DatabaseName === undefined ? '' : ` into ${DatabaseName}`;
  throw new GluepotError(
    'usage',
    `No crawl${of}${into} has been undone with the store ${store.location} yet, or all that was is rolled back.`,
  );
}

function requireUndo({ journalId, plan: { subject } }: Journal, scope: UndoScope): void {
  const refuse = (why: string) => new GluepotError('usage', `Journal ${journalId} is of ${why}.`);
  if (!INVERSE[subject.operation]) {
    throw refuse(`a ${subject.operation}, which is neither an undo nor a redo of a crawl`);
  }
  if (isOf(subject.resolved, scope)) return;
  const { crawler = 'unknown', database = 'unknown' } = subject.resolved;
  throw refuse(`crawler ${crawler} and database ${database}, which are not those that were named`);
}

function isOf(resolved: PlanSubject['resolved'], { crawlerName, DatabaseName }: UndoScope): boolean {
  const databases = resolved['database']?.split(', ') ?? [];
  return (
    (crawlerName === undefined || resolved['crawler'] === crawlerName) &&
    (DatabaseName === undefined || databases.includes(DatabaseName.toLowerCase()))
  );
}

// What journals in the store tell that undos, redos and restores made of objects: that is nobody else's work.
import { definitionHash } from '../../change/canonical-definition.js';
import {
  changesDatabase,
  journalTime,
  keyText,
  listJournals,
  openJournal,
  readJournalHead,
  type CatalogObject,
  type CatalogObjectKey,
  type DocumentStore,
  type Journal,
  type ObjectOf,
  type PlanSubject,
} from '../../change/index.js';
import type { CatalogHome } from '../../change/snapshot/index.js';

export interface OwnWrite extends Pick<PlanSubject, 'operation'> {
  journalId: string;
  crawlerName: string | undefined;
}

export interface OwnWrites {
  /** The last that left a table as it is. */
  ofTable(table: ObjectOf<'table'>): Promise<OwnWrite | undefined>;
  /** The last that changed an object, which may be something else by now. */
  of(key: CatalogObjectKey): Promise<OwnWrite | undefined>;
}

interface JournalsAmong {
  DatabaseName: string;
  since: Date;
}

/** By journals that changed the database and were begun at `since` or later; they are read once, and only when one of them is asked for. */
export function openOwnWrites(store: DocumentStore, home: CatalogHome, among: JournalsAmong): OwnWrites {
  let journals: Promise<KnownJournal[]> | undefined;
  const newestFirst = () => (journals ??= readJournals(store, home, among));
  return {
    async ofTable(table) {
      const hash = definitionHash<'table'>('table', table.definition);
      return (await newestFirst()).find(({ tables }) => tables.get(keyText(table.key)) === hash)?.write;
    },
    async of(key) {
      return (await newestFirst()).find(({ history }) => history.isChanged(key))?.write;
    },
  };
}

interface KnownJournal extends Pick<Journal, 'history'> {
  write: OwnWrite;
  /** Hashes of what it made of tables, by their keys as texts. */
  tables: ReadonlyMap<string, string>;
}

async function readJournals(
  store: DocumentStore,
  home: CatalogHome,
  { DatabaseName, since }: JournalsAmong,
): Promise<KnownJournal[]> {
  const known: KnownJournal[] = [];
  for (const journalId of (await listJournals(store)).reverse()) {
    const began = journalTime(journalId);
    if (began === undefined || began < since) continue;
    if (!changesDatabase(await readJournalHead(store, journalId), home, DatabaseName)) continue;
    known.push(knownOf(await openJournal(store, journalId)));
  }
  return known;
}

function knownOf({ journalId, plan, history }: Journal): KnownJournal {
  const tables = new Map<string, string>();
  for (const { key, wanted } of plan.changes) {
    if (key.kind !== 'table' || !wanted || !history.isDone(key, 'apply') || !history.isChanged(key)) continue;
    tables.set(keyText(key), definitionHash<CatalogObject['key']['kind']>(key.kind, wanted));
  }
  const { operation, resolved } = plan.subject;
  return { history, tables, write: { journalId, operation, crawlerName: resolved['crawler'] } };
}

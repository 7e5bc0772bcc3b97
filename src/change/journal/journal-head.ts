// What has to be known of a journal among many, in a small document beside its plan, which may be large.
import * as v from 'valibot';
import { GluepotError } from '../../base/errors.js';
import { isSameCatalog, type CatalogHome } from '../catalog-home.js';
import type { DocumentStore } from '../document-store.js';
import type { Plan } from '../plan.js';
import { isActing } from '../plan/build-plan.js';
import { journalFolder } from './journal-names.js';
import { readJournalPlan } from './journal-plan.js';

/** Of whose catalog, and of which plan. */
export interface JournalHead extends Pick<Plan, 'planId' | 'subject' | 'createdAt'>, CatalogHome {
  /** In which the plan changes something. */
  databases: readonly string[];
  /** Of what the plan touches, taken right before; undefined when none was. */
  snapshotId?: string;
}

const HEAD_NAME = 'head.json';

const name = v.pipe(v.string(), v.nonEmpty());
const HEAD = v.strictObject({
  planId: v.exactOptional(name),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  accountId: v.exactOptional(name),
  region: v.exactOptional(name),
  CatalogId: v.exactOptional(name),
  subject: v.strictObject({ operation: name, resolved: v.record(v.string(), v.string()) }),
  databases: v.array(name),
  snapshotId: v.exactOptional(name),
});

export async function writeJournalHead(
  store: DocumentStore,
  journalId: string,
  plan: Plan,
  snapshotId: string | undefined,
): Promise<void> {
  const head = { ...headOf(plan), ...(snapshotId === undefined ? {} : { snapshotId }) };
  const text = `${JSON.stringify(head, undefined, 2)}\n`;
  await store.put(`${journalFolder(journalId)}${HEAD_NAME}`, Buffer.from(text), { ifAbsent: true });
}

/**
 * One small document is read; the plan too of a journal whose writer died at once and left none, and of an earlier gluepot, which
 * wrote less into it. Undefined when there is no such journal.
 * @throws GluepotError `failed` when it is damaged
 */
export async function readJournalHead(
  store: DocumentStore,
  journalId: string,
): Promise<JournalHead | undefined> {
  const document = await readDocument(store, journalId);
  if (document?.planId !== undefined && document.accountId !== undefined) return document as JournalHead;
  const plan = await readJournalPlan(store, journalId);
  return plan && { ...headOf(plan), ...(document as JournalHead | undefined) };
}

/** Whether the plan of a journal changes something in a database of this catalog; false where there is no journal. */
export function changesDatabase(
  head: JournalHead | undefined,
  home: CatalogHome,
  DatabaseName: string,
): boolean {
  return head !== undefined && isSameCatalog(head, home) && head.databases.includes(DatabaseName);
}

/** Id of the snapshot that was taken right before, where the journal's document tells: its plan may be damaged. */
export async function readJournalSnapshot(
  store: DocumentStore,
  journalId: string,
): Promise<string | undefined> {
  return (await readDocument(store, journalId))?.snapshotId;
}

async function readDocument(
  store: DocumentStore,
  journalId: string,
): Promise<v.InferOutput<typeof HEAD> | undefined> {
  const folder = journalFolder(journalId);
  const document = await store.get(`${folder}${HEAD_NAME}`);
  if (!document) return undefined;
  try {
    return v.parse(HEAD, JSON.parse(textOf(document.bytes)));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof v.ValiError)) throw cause;
    const message = `Journal ${journalId} in ${store.location} is damaged: see ${folder}${HEAD_NAME}.`;
    throw new GluepotError('failed', message, { cause });
  }
}

function headOf({ planId, createdAt, accountId, region, CatalogId, subject, changes }: Plan): JournalHead {
  const databases = [...new Set(changes.filter(isActing).map(({ key }) => key.DatabaseName))];
  const catalog = { accountId, region, ...(CatalogId === undefined ? {} : { CatalogId }) };
  return { planId, createdAt, ...catalog, subject, databases };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

// What has to be known of a journal among many, in a small document beside its plan, which may be large.
import * as v from 'valibot';
import { GluepotError } from '../../base/errors.js';
import type { DocumentStore } from '../document-store.js';
import type { Plan } from '../plan.js';
import { isActing } from '../plan/build-plan.js';
import { journalFolder } from './journal-names.js';
import { readJournalPlan } from './journal-plan.js';

export interface JournalHead extends Pick<Plan, 'subject' | 'createdAt'> {
  /** Undefined for a journal of an earlier gluepot, which did not write it here. */
  planId?: string;
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
 * One small document is read; of a journal that has none, whose writer died at once, the plan. Undefined when there is no such
 * journal.
 * @param options without `orPlan` nothing but the document is read
 * @throws GluepotError `failed` when it is damaged
 */
export async function readJournalHead(
  store: DocumentStore,
  journalId: string,
  { orPlan = true }: { orPlan?: boolean } = {},
): Promise<JournalHead | undefined> {
  const folder = journalFolder(journalId);
  const head = await store.get(`${folder}${HEAD_NAME}`);
  if (!head) {
    const plan = orPlan ? await readJournalPlan(store, journalId) : undefined;
    return plan && headOf(plan);
  }
  try {
    return v.parse(HEAD, JSON.parse(textOf(head.bytes))) as JournalHead;
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof v.ValiError)) throw cause;
    const message = `Journal ${journalId} in ${store.location} is damaged: see ${folder}${HEAD_NAME}.`;
    throw new GluepotError('failed', message, { cause });
  }
}

function headOf({ planId, createdAt, subject, changes }: Plan): JournalHead {
  const databases = [...new Set(changes.filter(isActing).map(({ key }) => key.DatabaseName))];
  return { planId, createdAt, subject, databases };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

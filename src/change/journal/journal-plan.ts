// The plan of a journal: the text of its file, gzipped, for that is what a plan is held as.
import { GluepotError, messageOf } from '../../base/errors.js';
import type { DocumentStore } from '../document-store.js';
import type { Plan } from '../plan.js';
import { parsePlanGzip } from '../plan/plan-gzip.js';
import { planGzip } from '../plan/plan-text.js';
import { journalFolder } from './journal-names.js';

const PLAN_NAME = 'plan.json.gz';

/** @throws GluepotError `conflict` when there is a journal of this id */
export async function writeJournalPlan(store: DocumentStore, journalId: string, plan: Plan): Promise<void> {
  await store.put(`${journalFolder(journalId)}${PLAN_NAME}`, planGzip(plan), { ifAbsent: true });
}

/**
 * Undefined when there is no such journal.
 * @param advice asked for what people can do when the plan is damaged
 * @throws GluepotError `failed` when it is
 */
export async function readJournalPlan(
  store: DocumentStore,
  journalId: string,
  advice?: () => Promise<string>,
): Promise<Plan | undefined> {
  const document = await store.get(`${journalFolder(journalId)}${PLAN_NAME}`);
  if (!document) return undefined;
  try {
    return await parsePlanGzip(document.bytes, `Its ${PLAN_NAME}`, '');
  } catch (error) {
    const parts = [
      `Journal ${journalId} in ${store.location} is damaged.`,
      messageOf(error),
      await advice?.(),
    ];
    throw new GluepotError('failed', parts.filter(Boolean).join(' '), { cause: error });
  }
}

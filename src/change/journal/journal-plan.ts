// The plan of a journal: the text of its file, gzipped, for that is what a plan is held as.
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GluepotError } from '../../base/errors.js';
import type { DocumentStore } from '../document-store.js';
import type { Plan } from '../plan.js';
import { openPlanReader, planGzip } from '../plan/plan-text.js';
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
  const reader = openPlanReader(`Its ${PLAN_NAME}`, '');
  // As a stream: its text can be many times larger than what holds it.
  const text = Readable.from([document.bytes]).pipe(createGunzip()).setEncoding('utf8');
  try {
    for await (const part of text as AsyncIterable<string>) reader.add(part);
    return reader.plan();
  } catch (error) {
    const why = error instanceof GluepotError ? error.message : `Its ${PLAN_NAME} cannot be gunzipped.`;
    const parts = [`Journal ${journalId} in ${store.location} is damaged.`, why, await advice?.()];
    throw new GluepotError('failed', parts.filter(Boolean).join(' '), { cause: error });
  }
}

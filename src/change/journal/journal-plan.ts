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

/** Undefined when there is no such journal. @throws GluepotError `failed` or `usage` when it is damaged */
export async function readJournalPlan(store: DocumentStore, journalId: string): Promise<Plan | undefined> {
  const document = await store.get(`${journalFolder(journalId)}${PLAN_NAME}`);
  if (!document) return undefined;
  const reader = openPlanReader(`The plan of journal ${journalId}`);
  // As a stream: its text can be many times larger than what holds it.
  const text = Readable.from([document.bytes]).pipe(createGunzip()).setEncoding('utf8');
  try {
    for await (const part of text as AsyncIterable<string>) reader.add(part);
  } catch (error) {
    if (error instanceof GluepotError) throw error;
    throw new GluepotError(
      'failed',
      `Journal ${journalId} in ${store.location} is damaged: its ${PLAN_NAME} cannot be gunzipped.`,
      { cause: error },
    );
  }
  return reader.plan();
}

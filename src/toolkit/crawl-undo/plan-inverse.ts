// Plans the inverse of an apply: redo of an undo, and undo of a redo, deletions included.
import {
  buildPlan,
  decideChange,
  keyText,
  listJournals,
  openJournal,
  readObjects,
  type CatalogAccess,
  type CatalogObject,
  type Change,
  type DocumentStore,
  type Journal,
  type Plan,
  type PlanSubject,
  type ThreeWayOptions,
} from '../../change/index.js';
import { GluepotError } from '../../base/errors.js';
import type { CatalogHome } from '../../change/snapshot/index.js';
import type { PlanUndoOptions } from './plan-undo.js';

const INVERSE: Readonly<Partial<Record<PlanSubject['operation'], PlanSubject['operation']>>> = {
  'crawl-undo': 'crawl-redo',
  'crawl-redo': 'crawl-undo',
};

/**
 * The journal of the undo or redo with this id; the last one of the store when none is given.
 * @throws GluepotError `usage` when there is none, or it is of something else
 */
export async function findUndo(store: DocumentStore, journalId?: string): Promise<Journal> {
  if (journalId !== undefined) {
    const journal = await openJournal(store, journalId);
    if (INVERSE[journal.plan.subject.operation]) return journal;
    throw new GluepotError(
      'usage',
      `Journal ${journalId} is of a ${journal.plan.subject.operation}, which is neither an undo nor a redo of a crawl.`,
    );
  }
  for (const id of (await listJournals(store)).reverse()) {
    const journal = await openJournal(store, id);
    if (INVERSE[journal.plan.subject.operation]) return journal;
  }
  throw new GluepotError('usage', `No crawl has been undone with the store ${store.location} yet.`);
}

/** Each object that was changed becomes what it was before, unless somebody has changed it since. */
export async function planInverse(
  access: CatalogAccess,
  { accountId, region }: CatalogHome,
  { journalId, plan, entries }: Journal,
  decision: Pick<ThreeWayOptions, 'onConflict' | 'tableFormats'> = {},
  options: PlanUndoOptions = {},
): Promise<Plan> {
  const done = new Set<string>();
  for (const { op, state, key } of entries) {
    if (state !== 'done') continue;
    if (op === 'apply') done.add(keyText(key));
    else done.delete(keyText(key));
  }
  const made = plan.changes.filter(({ key }) => done.has(keyText(key)));
  const now = new Map<string, CatalogObject>();
  const keys = made.map(({ key }) => key);
  await readObjects(access, keys, (key, found) => {
    if (found) now.set(keyText(key), found);
  });
  const changes = made.map(({ key, current, wanted, evidence }): Change => {
    const states = {
      key,
      base: { known: true as const, definition: wanted, evidence },
      wanted: { known: true as const, definition: current, evidence },
      current: now.get(keyText(key)),
    };
    return decideChange(states, { ...decision, making: 'recreate' });
  });
  const { operation, resolved } = plan.subject;
  const subject = {
    operation: INVERSE[operation] ?? operation,
    resolved: { ...resolved, inverseOf: journalId },
  };
  return buildPlan({ accountId, region, subject, changes }, options);
}

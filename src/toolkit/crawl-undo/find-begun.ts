// The journal of a plan that somebody began to apply: its program was killed, or its time was up, and nobody was told.
import {
  isActing,
  journalTime,
  listJournals,
  openJournal,
  readJournalHead,
  type DocumentStore,
  type Journal,
  type Plan,
} from '../../change/index.js';

/**
 * The journal in which changes of `plan` are begun, for `resumeApply`, which goes on with it or proves that all is done. Undefined when
 * there is none, when it was rolled back, and when all is done and somebody applied another plan since. Journals from before
 * the plan are not looked at.
 */
export async function findBegun(store: DocumentStore, plan: Plan): Promise<Journal | undefined> {
  const made = new Date(plan.createdAt);
  const newestFirst = (await listJournals(store)).reverse();
  for (const [later, id] of newestFirst.entries()) {
    const began = journalTime(id);
    if (began && began < made) return undefined;
    if ((await readJournalHead(store, id))?.planId !== plan.planId) continue;
    const journal = await openJournal(store, id);
    const { history } = journal;
    if (history.lineCount === 0 || history.isRollbackBegun) continue;
    const isDone = plan.changes.every((change) => !isActing(change) || history.isDone(change.key, 'apply'));
    return isDone && later > 0 ? undefined : journal;
  }
  return undefined;
}

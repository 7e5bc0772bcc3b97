// Goes on with an apply that was cut short.
import { GluepotError } from '../../base/errors.js';
import type { CatalogAccess } from '../catalog-access.js';
import { requireReach } from '../catalog-home.js';
import type { DocumentStore } from '../document-store.js';
import { openJournal } from '../journal/journal.js';
import { isActing } from '../plan/build-plan.js';
import { packChanges } from '../plan/pack-changes.js';
import type { ApplyOptions } from './apply-options.js';
import type { ApplyReport } from './apply-report.js';
import { carryOut, counted } from './carry-out.js';
import { withDatabaseLeases } from './database-leases.js';

/**
 * Finishes an apply that was cut short or failed in part. What was begun is looked at first: it may be done, not done, or
 * be something else by now, which is a conflict. Resuming what is finished changes nothing.
 * @throws GluepotError `usage` without such a journal, `conflict` when it was rolled back; as `applyPlan`
 */
export async function resumeApply(
  access: CatalogAccess,
  store: DocumentStore,
  journalId: string,
  options: ApplyOptions = {},
): Promise<ApplyReport> {
  const counting = counted(access, options);
  const journal = await openJournal(store, journalId);
  await requireReach(access, journal.plan, `Journal ${journalId}`);
  const { plan, history } = journal;
  if (history.isRollbackBegun) {
    throw new GluepotError(
      'conflict',
      `Journal ${journalId} was rolled back. Apply the plan anew, or roll back again.`,
    );
  }
  const isForced = options.onConflict === 'force';
  const acting = packChanges(plan.changes).changes.filter(isActing);
  const isLeft = ({ action, key }: (typeof acting)[0]) =>
    action === 'conflict' && !isForced && !history.isBegun(key);
  const changes = acting.filter((change) => !isLeft(change));
  const left = acting.filter(isLeft);
  return withDatabaseLeases({ access, store, plan, journalId, options }, ({ hold: holdLeases }) =>
    carryOut({ ...counting, plan, op: 'apply', changes, left, journal, holdLeases, options }),
  );
}

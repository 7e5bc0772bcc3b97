// Applies a plan: nothing is done unless all is as the plan found it.
import { GluepotError } from '../../base/errors.js';
import type { CatalogAccess } from '../catalog-access.js';
import { requireReach } from '../catalog-home.js';
import { keyLabel } from '../catalog-key.js';
import { createJournal } from '../journal/journal.js';
import type { Plan } from '../plan.js';
import { isActing, requireUnaltered } from '../plan/build-plan.js';
import { packChanges } from '../plan/pack-changes.js';
import type { ApplyPlanOptions } from './apply-options.js';
import type { ApplyReport } from './apply-report.js';
import { carryOut, counted } from './carry-out.js';
import { withDatabaseLeases, type HeldLeases } from './database-leases.js';
import { firstLook, requireUnmoved } from './first-look.js';

/**
 * Carries out a plan. First all objects are read: when one is not as the plan found it, nothing is done. Each is read
 * again right before it is written, but for tables, whose updates AWS itself refuses when their version is another than the
 * one that was read; and all once more at the end.
 * @throws GluepotError `usage` for a plan that was altered, `conflict` when the catalog has moved or the plan has conflicts:
 *   nothing was done; `guard-refused`, also, while another apply is at work on one of the databases; PartialApplyError when some was done
 */
export async function applyPlan(
  access: CatalogAccess,
  plan: Plan,
  options: ApplyPlanOptions = {},
): Promise<ApplyReport> {
  const { onConflict = 'abort', journal: store } = options;
  requireUnaltered(plan);
  await requireReach(access, plan, 'The plan');
  const all = packChanges(plan.changes).changes;
  const conflicts = all.filter(({ action }) => action === 'conflict');
  if (conflicts[0] && onConflict === 'abort') {
    throw new GluepotError(
      'conflict',
      `Nothing was done: the plan has ${conflicts.length} conflicts, e.g. ${keyLabel(conflicts[0].key)}: ` +
        `${conflicts[0].reason} Say what to do with them: keep-current or force.`,
    );
  }
  const counting = counted(access, options);
  const act = async (held?: HeldLeases) => {
    const look = await firstLook(counting.access, plan, options);
    if (onConflict === 'abort') requireUnmoved(plan, look.moved);
    const journal =
      store && held && (await createJournal(store, held.journalId, plan, options.snapshotId?.()));
    if (journal) options.onJournal?.(journal.journalId);
    const changes = all.filter(
      (change) => isActing(change) && (change.action !== 'conflict' || onConflict === 'force'),
    );
    const left = onConflict === 'keep-current' ? conflicts : [];
    const { tables } = look;
    return carryOut({
      ...counting,
      plan,
      op: 'apply',
      changes,
      left,
      tables,
      journal,
      holdLeases: held?.hold,
      options,
    });
  };
  if (!store) return act();
  return withDatabaseLeases({ access, store, plan, options }, act);
}

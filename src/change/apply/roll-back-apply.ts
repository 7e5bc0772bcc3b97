// Takes back what an apply did.
import { GluepotError } from '../../base/errors.js';
import type { CatalogAccess } from '../catalog-access.js';
import { requireReach } from '../catalog-home.js';
import { keyLabel } from '../catalog-key.js';
import type { DocumentStore } from '../document-store.js';
import { openJournal, type Journal } from '../journal/journal.js';
import type { PackedChange } from '../plan/change-block.js';
import { openChangePacker } from '../plan/pack-changes.js';
import { decode } from '../plan/plan-text.js';
import type { ApplyOptions } from './apply-options.js';
import type { ApplyReport } from './apply-report.js';
import { carryOut, counted } from './carry-out.js';
import { withDatabaseLeases } from './database-leases.js';

/**
 * Undoes what an apply did, or began to do: each change's inverse, in the inverse order. Rolling back again goes on where
 * it was cut short; when all is rolled back it changes nothing.
 * @throws GluepotError `usage` without such a journal; as `applyPlan`
 */
export async function rollBackApply(
  access: CatalogAccess,
  store: DocumentStore,
  journalId: string,
  options: ApplyOptions = {},
): Promise<ApplyReport> {
  const counting = counted(access, options);
  const journal = await openJournal(store, journalId);
  await requireReach(access, journal.plan, `Journal ${journalId}`);
  const { plan } = journal;
  const changes = inverseOf(journal);
  return withDatabaseLeases({ access, store, plan, journalId, options }, ({ hold: holdLeases }) =>
    carryOut({ ...counting, plan, op: 'rollback', changes, left: [], journal, holdLeases, options }),
  );
}

/** The inverse of what was begun. */
function inverseOf({ journalId, plan, history }: Journal): readonly PackedChange[] {
  const packer = openChangePacker();
  for (const { key, current, wanted, evidence } of plan.changes) {
    if (!history.isBegun(key)) continue;
    const found = history.overwritten(key);
    const before = found === undefined ? current : found === null ? undefined : decode(key, found);
    if (found && !before) {
      throw new GluepotError(
        'failed',
        `Journal ${journalId} is damaged: what it says the ${keyLabel(key)} was is no such definition. Nothing was rolled back.`,
      );
    }
    const action = before === undefined ? 'delete' : wanted === undefined ? 'recreate' : 'update';
    packer.add({ action, key, current: wanted, wanted: before, reason: 'Rolled back.', evidence });
  }
  return packer.finish().changes;
}

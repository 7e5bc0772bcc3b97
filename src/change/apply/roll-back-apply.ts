// Takes back what an apply did.
import type { CatalogAccess } from '../catalog-access.js';
import { keyText } from '../catalog-key.js';
import type { Definition } from '../catalog-object.js';
import type { DocumentStore } from '../document-store.js';
import { openJournal, type Journal } from '../journal/journal.js';
import type { PackedChange } from '../plan/change-block.js';
import { openChangePacker } from '../plan/pack-changes.js';
import { decode } from '../plan/plan-text.js';
import type { ApplyOptions } from './apply-options.js';
import type { ApplyReport } from './apply-report.js';
import { carryOut, counted } from './carry-out.js';

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
  const { plan } = journal;
  const inverse = inverseOf(journal);
  return carryOut({ ...counting, ...inverse, plan, op: 'rollback', left: [], journal, options });
}

function inverseOf({ plan, entries }: Journal): { changes: readonly PackedChange[]; begun: Set<string> } {
  const overwritten = new Map<string, Definition | undefined>();
  const begun = new Set<string>();
  for (const { op, key, ...entry } of entries) {
    const text = keyText(key);
    begun.add(text);
    if (op === 'apply' && 'found' in entry) {
      overwritten.set(text, entry.found === null ? undefined : decode(key, entry.found));
    }
  }
  const packer = openChangePacker();
  for (const { key, current, wanted, evidence } of plan.changes) {
    const text = keyText(key);
    if (!begun.has(text)) continue;
    const before = overwritten.has(text) ? overwritten.get(text) : current;
    const action = before === undefined ? 'delete' : wanted === undefined ? 'recreate' : 'update';
    packer.add({ action, key, current: wanted, wanted: before, reason: 'Rolled back.', evidence });
  }
  return { changes: packer.finish().changes, begun };
}

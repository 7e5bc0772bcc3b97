// Plans the inverse of an apply: redo of an undo, and undo of a redo, deletions included.
import {
  buildPlan,
  decideChange,
  keyText,
  readObjects,
  type CatalogAccess,
  type CatalogObject,
  type Change,
  type Journal,
  type Plan,
  type ThreeWayOptions,
} from '../../change/index.js';
import type { CatalogHome } from '../../change/snapshot/index.js';
import { changedBy, INVERSE } from './find-undo.js';
import type { PlanUndoOptions } from './plan-undo.js';

/** Each object that was changed becomes what it was before, unless somebody has changed it since. */
export async function planInverse(
  access: CatalogAccess,
  { accountId, region }: CatalogHome,
  journal: Journal,
  decision: Pick<ThreeWayOptions, 'onConflict' | 'tableFormats'> = {},
  options: PlanUndoOptions = {},
): Promise<Plan> {
  const { journalId, plan } = journal;
  const changed = changedBy(journal);
  const made = plan.changes.filter(({ key }) => changed.has(keyText(key)));
  const now = new Map<string, CatalogObject>();
  await readObjects(access, made, ({ key }, found) => {
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

// Plans the inverse of an apply: redo of an undo, and undo of a redo, deletions included.
import {
  decideChange,
  openPlan,
  readObjects,
  statisticsRead,
  type CatalogAccess,
  type Journal,
  type Plan,
  type ThreeWayOptions,
} from '../../change/index.js';
import type { CatalogHome } from '../../change/snapshot/index.js';
import { INVERSE } from './find-undo.js';
import type { PlanUndoOptions } from './plan-undo.js';

/** Each object that was changed becomes what it was before, unless somebody has changed it since. */
export async function planInverse(
  access: CatalogAccess,
  { accountId, region }: CatalogHome,
  journal: Journal,
  decision: Pick<ThreeWayOptions, 'onConflict' | 'tableFormats'> = {},
  options: PlanUndoOptions = {},
): Promise<Plan> {
  const { journalId, plan, history } = journal;
  const builder = openPlan(options);
  const made = plan.changes.filter(({ key }) => history.isChanged(key));
  await readObjects(access, made, ({ key, current: before, wanted: after, evidence }, current) => {
    const states = {
      key,
      base: { known: true as const, definition: after, evidence },
      wanted: { known: true as const, definition: before, evidence },
      current,
    };
    builder.add(decideChange(states, { ...decision, making: 'recreate' }));
  });
  const { operation, resolved } = plan.subject;
  const subject = {
    operation: INVERSE[operation] ?? operation,
    // Of what goes now no statistics are read.
    resolved: { ...resolved, ...statisticsRead('tables'), inverseOf: journalId },
  };
  return builder.build({ accountId, region, subject });
}

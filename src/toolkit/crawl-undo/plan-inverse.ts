// Plans the inverse of an apply: redo of an undo, and undo of a redo, deletions included.
import {
  decideChange,
  journalTime,
  openPlan,
  readObjects,
  requireHome,
  requireReach,
  statisticsRead,
  tableKeyOf,
  type CatalogAccess,
  type Journal,
  type ObjectStates,
  type Plan,
  type ThreeWayOptions,
} from '../../change/index.js';
import type { CatalogHome } from '../../change/snapshot/index.js';
import { selectTables, withoutSelection, type TablesAsked } from '../catalog-snapshot/table-selection.js';
import { INVERSE } from './find-undo.js';
import type { PlanUndoOptions } from './plan-undo.js';
import { decideNaming, isOverEdit, openWhoChanged } from './who-changed.js';

export interface RedoAsked extends Pick<ThreeWayOptions, 'onConflict' | 'tableFormats'>, TablesAsked {}

/**
 * Each object that was changed becomes what it was before, unless somebody has changed it since. What an undo left out it did not
 * change.
 * @throws GluepotError `usage` when nothing was changed of a table that is named, or the journal is of another catalog
 */
export async function planInverse(
  access: CatalogAccess,
  home: CatalogHome,
  journal: Journal,
  { tables, except, ...decision }: RedoAsked = {},
  planning: PlanUndoOptions = {},
): Promise<Plan> {
  await requireReach(access, home, 'What is to be redone');
  const { journalId, plan, history } = journal;
  requireHome(plan, home);
  const builder = openPlan(planning);
  const selection = selectTables({ tables, except });
  const made = plan.changes.filter(({ key }) => {
    const table = history.isChanged(key) && tableKeyOf(key);
    return table && selection.has(table);
  });
  const selected = selection.resolved(`among those that journal ${journalId} changed`);
  const options: ThreeWayOptions = { ...decision, making: 'recreate', isPuttingBack: true };
  const edited: ObjectStates[] = [];
  await readObjects(access, made, ({ key, current: before, wanted: after, evidence }, current) => {
    const states = {
      key,
      base: { known: true as const, definition: after, evidence },
      wanted: { known: true as const, definition: before, evidence },
      current,
    };
    const change = decideChange(states, options);
    if (isOverEdit(change, states, options)) edited.push(states);
    else builder.add(change);
  });
  const whoChanged = openWhoChanged(access, journalTime(journalId) ?? new Date(0));
  for (const states of edited) builder.add(await decideNaming(states, options, whoChanged));
  const { operation } = plan.subject;
  const subject = {
    operation: INVERSE[operation] ?? operation,
    // Of what goes now no statistics are read.
    resolved: {
      ...withoutSelection(plan.subject),
      ...selected,
      ...statisticsRead('tables'),
      inverseOf: journalId,
    },
  };
  return builder.build({ ...home, subject });
}

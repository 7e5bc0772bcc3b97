// What carrying a plan out takes away for good, or does not bring back with what it makes anew: said before, and of what was done after.
import type { Plan, PlanSubject } from '../plan.js';
import { isActing } from './build-plan.js';
import type { PackedChange } from './change-block.js';
import { packChanges } from './pack-changes.js';

/** Whose column statistics were read for a plan; `all` is those of partitions, too. */
export type StatisticsRead = 'none' | 'tables' | 'all';

const STATISTICS = 'statistics';

/** For what a plan says was resolved. */
export function statisticsRead(of: StatisticsRead): Record<string, string> {
  return { [STATISTICS]: of };
}

/** For people, before a plan is carried out; empty when nothing is lost. */
export function lossesOfPlan({ changes, subject }: Plan): string[] {
  const acting = packChanges(changes).changes.filter(isActing);
  return lossesOf(acting, subject);
}

/** The same of some changes of a plan. */
export function lossesOf(
  changes: Iterable<PackedChange>,
  { resolved }: Pick<PlanSubject, 'resolved'>,
): string[] {
  const losses: string[] = [];
  let [tablesGone, tablesRemade, partitionsGone, partitionsRemade, statisticsRemade] = [0, 0, 0, 0, 0];
  for (const change of changes) {
    const { action, key } = change;
    const isGone = !change.has('wanted');
    if (isGone) {
      if (key.kind === 'table') tablesGone++;
      else if (key.kind === 'partition') partitionsGone++;
      continue;
    }
    if (action !== 'recreate') continue;
    if (key.kind === 'partition') partitionsRemade++;
    else if (key.kind === 'partition-statistics') statisticsRemade++;
    else if (key.kind === 'table') tablesRemade++;
  }
  if (tablesRemade > 0) {
    losses.push(
      `${counted(tablesRemade, 'table')} made anew without older versions, tags and Lake Formation grants, which are gone for good.`,
    );
  }
  const isReadOf = resolved[STATISTICS];
  if (tablesGone > 0) {
    const statistics = isReadOf === 'none' ? ', and column statistics, which are not read' : '';
    losses.push(
      `${counted(tablesGone, 'table')} deleted: older versions, tags and Lake Formation grants go for good${statistics}.`,
    );
  }
  if (partitionsGone > 0 && isReadOf !== 'all') {
    const advice =
      isReadOf === undefined ? '' : ' (--statistics all reads them, at a call or more a partition)';
    losses.push(
      `${counted(partitionsGone, 'partition')} deleted: column statistics of theirs, if there are any, go for good${advice}.`,
    );
  }
  const without = partitionsRemade - statisticsRemade;
  if (without > 0) {
    losses.push(
      `${counted(without, 'partition')} made anew without column statistics, for none are known of.`,
    );
  }
  return losses;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? ' is' : 's are'}`;
}

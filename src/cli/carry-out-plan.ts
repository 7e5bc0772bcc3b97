// What becomes of a plan on the command line: shown, saved, refused, or agreed to and carried out.
import {
  checkGuards,
  countActions,
  databasesOf,
  guardRefusals,
  isActing,
  lossesOfPlan,
  objectsLookedAt,
  requireFresh,
  type ApplyPlanOptions,
  type ApplyReport,
  type GuardLimits,
  type Plan,
} from '../change/index.js';
import { GluepotError } from '../base/errors.js';
import { parametersOfOwners } from '../toolkit/crawl-undo/index.js';
import type { ChangeOptions } from './change-options.js';
import type { CommandContext } from './command.js';
import { confirm } from './confirm.js';
import { countText } from './count-text.js';
import { journalAdvice, withJournalAdvice } from './journal-advice.js';
import type { Outcome } from './output.js';
import { requireQuietDatabases, waitForOthers } from './quiet-databases.js';
import { renderChangePlan } from './render-change-plan.js';
import { savePlan } from './saved-plan.js';
import type { SnapshotSession } from './snapshot-session.js';
import { tellShortcomingsOf } from './tell-shortcomings.js';

const CHANGES_PRESENT = 2;

export interface PlanWork<Report extends ApplyReport> {
  plan: Plan;
  apply(
    watching: Required<Pick<ApplyPlanOptions, 'onEvent' | 'onJournal' | 'waitMs' | 'onWait'>>,
  ): Promise<Report>;
  /** For people, when all is done. */
  print(report: Report): void;
  /** What else may be done about conflicts. */
  advice?: string;
}

/**
 * @throws GluepotError `conflict` when somebody else changed an object or the catalog has moved since, `guard-refused` by a limit,
 *   for a crawler at work, or without a yes; PartialApplyError
 */
export async function carryOutPlan<Report extends ApplyReport>(
  context: CommandContext,
  { connection, calls }: SnapshotSession,
  given: ChangeOptions,
  { plan, apply, print, advice = '' }: PlanWork<Report>,
): Promise<Outcome> {
  const { options, output, signal, leaves } = context;
  const access = { glue: connection.clients.glue, CatalogId: plan.CatalogId, signal };
  const { changes, ...head } = plan;
  const printed = output.isJson ? { plan: { ...head, changes } } : {};
  for (const [name, value] of Object.entries(plan.subject.resolved)) output.print(`${name}: ${value}`);
  output.print(renderChangePlan(plan, output.colors));
  if (given.out !== undefined) {
    await savePlan(plan, given.out, output.progress);
    output.print(`The plan is in ${given.out}.`);
  }
  const { dryRun = false } = given;
  const counts = countActions(plan.changes);
  const planned = { dryRun, ...printed, counts };
  if (!plan.changes.some(isActing)) {
    output.print('Nothing to do.');
    return { result: { ...planned, notRestored: [] } };
  }
  const limits = await limitsOf(access, plan, given);
  const conflicts = counts.conflict === 0 ? [] : [conflictsText(counts.conflict, given, advice)];
  const toldLosses = () => {
    const notRestored = lossesOfPlan(plan);
    for (const loss of notRestored) output.print(`Not to be brought back: ${loss}`);
    return { notRestored };
  };
  if (dryRun || given.out !== undefined) {
    if (given.plan !== undefined) {
      await calls.during(output.progress, 'look at the catalog', () => requireFresh(access, plan));
    }
    const refusals = [...conflicts, ...guardRefusals(plan, limits)];
    for (const refusal of refusals) output.warn(`It would be refused: ${refusal}`);
    const losses = refusals.length === 0 ? toldLosses() : { notRestored: [] };
    return {
      result: { ...planned, ...losses },
      exitCode: given.detailedExitcode ? CHANGES_PRESENT : 0,
    };
  }
  if (conflicts[0]) throw new GluepotError('conflict', `Nothing was done: ${conflicts[0]}`);
  checkGuards(plan, limits);
  const losses = toldLosses();
  await confirm('Make these changes?', { isYes: given.yes ?? false, signal });
  // Also of a plan that was made when all was quiet: by now it may not be.
  await requireQuietDatabases(context, connection.clients, given, databasesOf(plan));
  const place = { options, given, operation: plan.subject.operation };
  const report = await calls
    .during(output.progress, plan.subject.operation, (at) =>
      apply({
        ...waitForOthers(context, given),
        onEvent: ({ done, total }) => at(`${done} of ${total}`),
        onJournal(journalId) {
          const advice = journalAdvice(place, journalId, 'apply');
          leaves(`Journal ${journalId} tells what was done: ${advice}`);
          output.note(`Journal ${journalId}. Should this be cut short, ${advice}`);
        },
      }),
    )
    .catch((error: unknown) => {
      tellShortcomingsOf(error, output);
      throw withJournalAdvice(error, place, 'apply');
    });
  for (const line of report.notRestored) output.warn(line);
  print(report);
  return { result: { ...planned, ...losses, report } };
}

async function limitsOf(
  access: Parameters<typeof parametersOfOwners>[0],
  plan: Plan,
  { maxChanges, maxDeletes, protect }: ChangeOptions,
): Promise<GuardLimits> {
  return {
    maxChanges,
    maxDeletes,
    objectCount: objectsLookedAt(plan),
    protectedTables: protect,
    parametersOf: await parametersOfOwners(access, plan),
  };
}

function conflictsText(count: number, { plan }: ChangeOptions, advice: string): string {
  const objects = countText(count, 'object was', 'objects were');
  const anew = plan === undefined ? '' : 'Plan anew: ';
  return (
    `${objects} changed since. ${anew}Keep them with --on-conflict keep-current, ` +
    `leave their tables out with --except, or overwrite them with --on-conflict force${advice}.`
  );
}

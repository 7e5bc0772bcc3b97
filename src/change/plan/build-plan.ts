// Makes a plan of changes: in order, under a name of its own, with the hash of all that it says.
import { systemClock, type Clock } from '../../base/clock.js';
import { described } from '../../base/described.js';
import { GluepotError } from '../../base/errors.js';
import { randomIds, type Ids } from '../../base/ids.js';
import { sha256 } from '../canonical-definition.js';
import type { Action, Change, Plan, PlanSubject } from '../plan.js';
import { membersInOrder } from './change-line.js';
import { openChangePacker, packChanges } from './pack-changes.js';

export interface PlanParts {
  accountId: string;
  region: string;
  /** When it is not the account's own. */
  CatalogId?: string;
  subject: PlanSubject;
}

/** A plan in the making, which holds what it was given as the plan will. */
export interface PlanBuilder {
  /** @throws GluepotError `usage` when a change of the same object was added before */
  add(change: Change): void;
  build(parts: PlanParts): Plan;
}

export interface PlanOptions {
  clock?: Clock | undefined;
  ids?: Ids | undefined;
}

export function openPlan({ clock = systemClock, ids = randomIds }: PlanOptions = {}): PlanBuilder {
  const packer = openChangePacker();
  return {
    add: (change) => packer.add(change),
    build({ accountId, region, CatalogId, subject }) {
      const { changes } = packer.finish();
      const now = clock.now().toISOString();
      const planId = `${now.replace(/[-:]/g, '')}-${ids.hex(4)}`;
      const parts = {
        schemaVersion: 2 as const,
        planId,
        createdAt: now,
        accountId,
        region,
        ...(CatalogId === undefined ? {} : { CatalogId }),
        subject,
        changes,
      };
      return { ...parts, planHash: planHash(parts) };
    },
  };
}

/** @throws GluepotError `usage` when two changes are of the same object */
export function buildPlan(
  { changes, ...parts }: PlanParts & { changes: readonly Change[] },
  options: PlanOptions = {},
): Plan {
  const builder = openPlan(options);
  for (const change of changes) builder.add(change);
  return builder.build(parts);
}

/** True for what apply acts on: also conflicts, which it resolves or refuses. */
export function isActing({ action }: Pick<Change, 'action'>): boolean {
  return action !== 'skip';
}

/** Databases in which a plan changes something. */
export function databasesOf({ changes }: Pick<Plan, 'changes'>): string[] {
  return [...new Set(changes.filter(isActing).map(({ key }) => key.DatabaseName))];
}

/** See `Plan.planHash`. The order of the changes and of what was resolved does not matter. */
export function planHash(plan: Omit<Plan, 'planHash'>): string {
  const { planId, createdAt, accountId, region, CatalogId, subject, changes } = plan;
  const resolved = membersInOrder(subject.resolved);
  const parts = [planId, createdAt, accountId, region, subject.operation, resolved];
  const head = JSON.stringify(CatalogId === undefined ? parts : [...parts, CatalogId]);
  return sha256(`${head}\n${packChanges(changes).linesHash}`);
}

/** @throws GluepotError `usage` */
export function requirePlan(plan: unknown): void {
  const { changes, subject, planHash: hash } = (plan ?? {}) as Partial<Plan>;
  if (typeof hash === 'string' && subject && typeof changes?.filter === 'function') return;
  throw new GluepotError(
    'usage',
    `Nothing was done: ${described(plan)} is no plan. Give the member plan of what planUndo or planRestore answers, or what ` +
      'planInverse, planFromBackup, buildPlan or parsePlan does.',
  );
}

/** @throws GluepotError `usage` when that is no plan, or not what was made, e.g. when changes of it were left out */
export function requireUnaltered(plan: Plan): void {
  requirePlan(plan);
  if (planHash(plan) === plan.planHash) return;
  throw new GluepotError(
    'usage',
    `Nothing was done: the plan ${plan.planId} is not what was made, as its planHash shows. Plan what is meant, or make a plan ` +
      'of the changes that are with buildPlan.',
  );
}

export type ActionCounts = Readonly<Record<Action, number>>;

export function countActions(changes: readonly Change[]): ActionCounts {
  const counts = { create: 0, update: 0, delete: 0, recreate: 0, skip: 0, conflict: 0 };
  for (const { action } of changes) counts[action]++;
  return counts;
}

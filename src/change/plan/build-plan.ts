// Makes a plan of changes: in order, under a name of its own, with the hash of what it was decided on.
import { createHash } from 'node:crypto';
import { systemClock, type Clock } from '../../base/clock.js';
import { randomIds, type Ids } from '../../base/ids.js';
import { keyText } from '../catalog-key.js';
import type { Action, Change, Plan, PlanSubject } from '../plan.js';
import type { PackedChange } from './change-block.js';
import { openChangePacker, packChanges } from './pack-changes.js';

export interface PlanParts {
  accountId: string;
  region: string;
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
    build({ accountId, region, subject }) {
      const { changes } = packer.finish();
      const now = clock.now().toISOString();
      const planId = `${now.replace(/[-:]/g, '')}-${ids.hex(4)}`;
      const head = { schemaVersion: 1 as const, planId, createdAt: now, accountId, region, subject };
      return { ...head, changes, observedHash: observedHash(changes) };
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

/** See `Plan.observedHash`. The order of the changes does not matter. */
export function observedHash(changes: readonly Change[]): string {
  const hash = createHash('sha256');
  for (const { key, observedHash: observed } of byName(packChanges(changes).changes)) {
    hash.update(`${keyText(key)} ${observed}\n`);
  }
  return hash.digest('hex');
}

/** What is acted on, in the order of the keys' texts. Changes are so within a phase: stretches of them are merged. */
function* byName(changes: readonly PackedChange[]): Generator<PackedChange> {
  const stretches: { name: string; next: number; end: number }[] = [];
  let last = '';
  for (const [index, { action, key }] of changes.entries()) {
    if (action === 'skip') break;
    const name = keyText(key);
    const stretch = stretches.at(-1);
    if (stretch && last < name) stretch.end = index + 1;
    else stretches.push({ name, next: index, end: index + 1 });
    last = name;
  }
  while (stretches.length > 0) {
    const least = stretches.reduce((one, other) => (one.name < other.name ? one : other));
    yield changes[least.next] as PackedChange;
    if (++least.next === least.end) stretches.splice(stretches.indexOf(least), 1);
    else least.name = keyText((changes[least.next] as PackedChange).key);
  }
}

export type ActionCounts = Readonly<Record<Action, number>>;

export function countActions(changes: readonly Change[]): ActionCounts {
  const counts = { create: 0, update: 0, delete: 0, recreate: 0, skip: 0, conflict: 0 };
  for (const { action } of changes) counts[action]++;
  return counts;
}

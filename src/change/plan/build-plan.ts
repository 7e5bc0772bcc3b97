// Makes a plan of changes: in order, under a name of its own, with the hash of what it was decided on.
import { systemClock, type Clock } from '../../base/clock.js';
import { GluepotError } from '../../base/errors.js';
import { randomIds, type Ids } from '../../base/ids.js';
import { definitionHash, sha256 } from '../canonical-definition.js';
import { keyLabel, keyText } from '../catalog-key.js';
import type { CatalogObjectKey, CatalogObjectKind, Definition } from '../catalog-object.js';
import type { Action, Change, Plan, PlanSubject } from '../plan.js';
import { inOrder } from './change-order.js';

export interface PlanParts {
  accountId: string;
  region: string;
  subject: PlanSubject;
  changes: readonly Change[];
}

/** @throws GluepotError `usage` when two changes are of the same object */
export function buildPlan(
  { accountId, region, subject, changes }: PlanParts,
  { clock = systemClock, ids = randomIds }: { clock?: Clock | undefined; ids?: Ids | undefined } = {},
): Plan {
  const keys = new Set<string>();
  for (const { key } of changes) {
    const text = keyText(key);
    if (keys.has(text)) {
      throw new GluepotError(
        'usage',
        `A plan can change an object once, and the ${keyLabel(key)} is in it twice.`,
      );
    }
    keys.add(text);
  }
  const now = clock.now().toISOString();
  return {
    schemaVersion: 1,
    planId: `${now.replace(/[-:]/g, '')}-${ids.hex(4)}`,
    createdAt: now,
    accountId,
    region,
    subject,
    changes: inOrder(changes),
    observedHash: observedHash(changes),
  };
}

/** True for what apply acts on: also conflicts, which it resolves or refuses. */
export function isActing({ action }: Change): boolean {
  return action !== 'skip';
}

/** See `Plan.observedHash`. The order of the changes does not matter. */
export function observedHash(changes: readonly Change[]): string {
  const lines = changes
    .filter(isActing)
    .map(({ key, current }) => `${keyText(key)} ${hashOf(key, current)}\n`);
  return sha256(lines.sort().join(''));
}

const hashes = new WeakMap<Definition, string>();

/** The definition's hash, made once, for a plan's definitions are never altered; `absent` for an object that is not there. */
export function hashOf(key: CatalogObjectKey, definition: Definition | undefined): string {
  if (definition === undefined) return 'absent';
  let hash = hashes.get(definition);
  if (hash === undefined) {
    hashes.set(definition, (hash = definitionHash<CatalogObjectKind>(key.kind, definition)));
  }
  return hash;
}

export type ActionCounts = Readonly<Record<Action, number>>;

export function countActions(changes: readonly Change[]): ActionCounts {
  const counts = { create: 0, update: 0, delete: 0, recreate: 0, skip: 0, conflict: 0 };
  for (const { action } of changes) counts[action]++;
  return counts;
}

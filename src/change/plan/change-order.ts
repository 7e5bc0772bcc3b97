// The order in which changes can be made: what is in the way goes first, from the inside out; then what is wanted comes.
import { keyText } from '../catalog-key.js';
import type { CatalogObjectKind } from '../catalog-object.js';
import type { Change } from '../plan.js';

/** From the outside in. */
const KINDS: readonly CatalogObjectKind[] = [
  'database',
  'table',
  'partition',
  'partition-index',
  'table-statistics',
  'partition-statistics',
];

/** Changes of a phase do not depend on one another, and all of it is done before the next one. */
export function phaseOf({ key, wanted }: Change): number {
  const depth = KINDS.indexOf(key.kind);
  return wanted === undefined ? KINDS.length - 1 - depth : KINDS.length + depth;
}

const SKIPPED = 2 * KINDS.length;

/** In the order of their phases, then of their names; what is skipped comes last. */
export function inOrder(changes: readonly Change[]): Change[] {
  return changes
    .map((change) => ({
      change,
      phase: change.action === 'skip' ? SKIPPED : phaseOf(change),
      name: keyText(change.key),
    }))
    .sort((one, other) => one.phase - other.phase || (one.name < other.name ? -1 : 1))
    .map(({ change }) => change);
}

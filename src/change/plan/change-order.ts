// The order in which changes can be made: what is in the way goes first, from the inside out; then what is wanted comes.
import { keyText } from '../catalog-key.js';
import type { CatalogObjectKey, CatalogObjectKind } from '../catalog-object.js';
import type { Action } from '../plan.js';

/** From the outside in. */
const KINDS: readonly CatalogObjectKind[] = [
  'database',
  'table',
  'partition',
  'partition-index',
  'table-statistics',
  'partition-statistics',
];

const SKIPPED = 2 * KINDS.length;

/** Where a change stands in its plan. */
export interface Place {
  /** Changes of a phase do not depend on one another, and all of it is done before the next one; what is skipped comes last. */
  phase: number;
  /** The key's text, which orders those of a phase. */
  name: string;
}

/** @param isRemoval that nothing is wanted */
export function placeOf(action: Action, key: CatalogObjectKey, isRemoval: boolean): Place {
  const name = keyText(key);
  if (action === 'skip') return { phase: SKIPPED, name };
  const depth = KINDS.indexOf(key.kind);
  return { phase: isRemoval ? KINDS.length - 1 - depth : KINDS.length + depth, name };
}

export function comparePlaces(one: Place, other: Place): number {
  return one.phase - other.phase || (one.name < other.name ? -1 : one.name > other.name ? 1 : 0);
}

// How many objects there were when a plan was made: what a percentage of deletions is of.
import type { Plan } from '../plan.js';

/** Kept with the plan, so that a percentage means the same when it is carried out later, or redone. */
const NAME = 'objectsLookedAt';

/** For what a plan says was resolved. */
export function lookedAt(objectCount: number): Record<string, string> {
  return { [NAME]: String(objectCount) };
}

/** Undefined for a plan that does not say. */
export function objectsLookedAt({ subject }: Pick<Plan, 'subject'>): number | undefined {
  const text = subject.resolved[NAME];
  return text === undefined ? undefined : Number(text);
}

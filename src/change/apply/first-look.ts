// The first look of an apply: is everything as the plan found it? If not, nothing is done.
import { GluepotError } from '../../base/errors.js';
import type { CatalogAccess } from '../catalog-access.js';
import { keyLabel, keyText } from '../catalog-key.js';
import type { ObjectOf } from '../catalog-object.js';
import type { Plan } from '../plan.js';
import { isActing } from '../plan/build-plan.js';
import type { PackedChange } from '../plan/change-block.js';
import { packChanges } from '../plan/pack-changes.js';
import { readObjects, type VisitObject } from '../read-objects.js';
import { CONCURRENCY, type ApplyOptions, type ApplyPlanOptions } from './apply-options.js';
import { isAs } from './is-as.js';

/** @throws GluepotError `conflict` when an object is not as the plan found it */
export async function requireFresh(
  access: CatalogAccess,
  plan: Plan,
  options: ApplyOptions = {},
): Promise<void> {
  const { moved } = await firstLook(access, plan, options);
  requireUnmoved(plan, moved);
}

interface FirstLook {
  /** Labels of objects that are not as the plan found them. */
  moved: ReadonlySet<string>;
  /** Tables that are as the plan found them. */
  tables: ReadonlyMap<string, ObjectOf<'table'>>;
}

export async function firstLook(
  access: CatalogAccess,
  plan: Plan,
  { firstLook: read = readObjects, concurrency = CONCURRENCY, signal }: ApplyPlanOptions,
): Promise<FirstLook> {
  const acting = packChanges(plan.changes).changes.filter(isActing);
  const moved = new Set<string>();
  const tables = new Map<string, ObjectOf<'table'>>();
  const visit: VisitObject<PackedChange> = (change, found) => {
    if (!isAs(change, 'current', found)) moved.add(keyLabel(change.key));
    else if (found?.key.kind === 'table') tables.set(keyText(change.key), found as ObjectOf<'table'>);
  };
  await read({ ...access, signal }, acting, visit, concurrency);
  return { moved, tables };
}

/** @throws GluepotError `conflict` */
export function requireUnmoved(plan: Plan, moved: ReadonlySet<string>): void {
  const [first] = moved;
  if (first === undefined) return;
  const more = moved.size > 1 ? ` and ${moved.size - 1} more` : '';
  throw new GluepotError(
    'conflict',
    `Nothing was done: the catalog has moved since the plan of ${plan.createdAt} was made: ${first}${more}. ` +
      'Make the plan anew.',
  );
}

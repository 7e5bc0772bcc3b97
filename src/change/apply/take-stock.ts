// What a look at a batch's objects means: what is as wanted already, what somebody else changed, what can be written.
import { keyLabel, keyText, ownersOf } from '../catalog-key.js';
import type { CatalogObject } from '../catalog-object.js';
import type { PackedChange } from '../plan/change-block.js';
import { isHalfWay } from './half-way.js';
import { isAs } from './is-as.js';
import type { WriteItem } from './object-writer.js';
import { finish, refuse } from './record-batch.js';
import type { Intentions, Run } from './run.js';

/**
 * Settles what is already as wanted and what somebody else changed; returns what can be written.
 * @param unknown what is in tables that are to go, and not known, by their keys' texts
 */
export async function takeStock(
  run: Run,
  changes: readonly PackedChange[],
  found: readonly (CatalogObject | undefined)[],
  unknown: ReadonlyMap<string, string>,
  intended: Intentions,
): Promise<WriteItem[]> {
  const ready: WriteItem[] = [];
  const landed: PackedChange[] = [];
  for (const [index, change] of changes.entries()) {
    const object = found[index];
    const text = keyText(change.key);
    if (isAs(change, 'wanted', object)) {
      const isOurWork = intended.has(text) || isUnfinished(run, change);
      // An index is there as soon as AWS begins to build it, and stays when that fails.
      if (isOurWork && object?.key.kind === 'partition-index') ready.push({ change, found: object });
      else if (isOurWork) landed.push(change);
      else {
        run.settle(change, 'already-so');
        for (const part of run.covered.get(text) ?? []) run.settle(part, 'already-so');
      }
      continue;
    }
    const conflict = unknown.has(text)
      ? `It has the ${unknown.get(text)}, which this plan does not know and which would go with it.`
      : edited(run, change, object, intended);
    if (conflict === undefined) {
      ready.push({ change, found: object });
      continue;
    }
    settleConflict(run, change, intended, conflict);
  }
  await finish(run, landed, intended);
  return ready;
}

/** What somebody else did to it, or to what it belongs to; undefined for nothing, and where that is overwritten. */
function edited(
  run: Run,
  change: PackedChange,
  object: CatalogObject | undefined,
  intended: Intentions,
): string | undefined {
  const { history, foreign, onConflict, op } = run;
  if (onConflict === 'force') return undefined;
  const { key } = change;
  const owner = ownersOf(key).find((one) => foreign.has(keyText(one)));
  if (owner) return `It belongs to the ${keyLabel(owner)}, which is in conflict.`;
  if (isAs(change, 'current', object)) {
    return history.isDone(key, op) ? 'It was done, and somebody else took it back.' : undefined;
  }
  const isBegun = intended.has(keyText(key)) || history.isBegun(key);
  return isBegun && isHalfWay(change, object) ? undefined : 'It is no longer as the plan found it.';
}

/** Whether an earlier run of the operation began it, and is not known to have finished it: where it is as wanted, it has. */
function isUnfinished({ op, history }: Run, { key }: PackedChange): boolean {
  return history.isBegun(key, op) && !history.isDone(key, op);
}

export function settleConflict(run: Run, change: PackedChange, intended: Intentions, reason: string): void {
  run.settle(change, 'conflict', reason);
  const text = keyText(change.key);
  if (!change.has('current')) run.foreign.add(text);
  for (const part of run.covered.get(text) ?? []) {
    run.settle(part, 'conflict', `It stays with the ${keyLabel(change.key)}.`);
  }
  refuse(run, change, intended, reason);
}

// Carries out a batch: looks, writes what is as expected, looks again where a write may or may not have landed.
import { systemClock } from '../../base/clock.js';
import { keyLabel, keyText, ownersOf } from '../catalog-key.js';
import type { CatalogObject, ObjectOf } from '../catalog-object.js';
import type { PackedChange } from '../plan/change-block.js';
import { readObjectList } from '../read-objects.js';
import type { Batch } from './batches.js';
import type { WriteItem } from './object-writer.js';
import { fail, finish, intend } from './record-batch.js';
import type { Intentions, Run } from './run.js';
import { unknownContents } from './table-contents.js';
import { settleConflict, takeStock } from './take-stock.js';
import { LOOKS_MAX, thrownFailure, type WriteFailure } from './write-failure.js';

const PAUSE_MIN_MS = 100;
const PAUSE_MAX_MS = 10_000;

/** @throws the signal's reason, or an abort, at an interruption: what was begun by then, another run finds out about */
export async function runBatch(run: Run, batch: Batch): Promise<void> {
  const { access } = run;
  const { clock = systemClock, signal } = access;
  const intended: Intentions = new Map();
  const failures = new Map<PackedChange, WriteFailure>();
  const messageOf = (change: PackedChange) => failures.get(change)?.message ?? 'AWS kept failing.';
  let left = withoutMissingOwners(run, batch.changes);
  for (let looks = 1; left.length > 0; looks++) {
    if (looks > 1) {
      signal?.throwIfAborted();
      // Before the look, for what is written is what it saw.
      await clock.sleep(pauseMs(looks), signal);
    }
    let unknown: ReadonlyMap<string, string>;
    let found: (CatalogObject | undefined)[];
    try {
      unknown = await unknownContents(run, left);
      found = (looks === 1 ? guardedByVersion(run, left) : undefined) ?? (await readObjectList(access, left));
    } catch (error) {
      signal?.throwIfAborted();
      const failure = thrownFailure(error);
      if (looks > failure.looksMax) {
        return fail(run, left, intended, () => failure.message);
      }
      continue;
    }
    const ready = await takeStock(run, left, found, unknown, intended);
    const [hopeful, hopeless] = parted(ready, ({ change }) => {
      const failure = failures.get(change);
      return looks <= (failure?.looksMax ?? LOOKS_MAX);
    });
    const [foreign, failed] = parted(hopeless, ({ change }) => failures.get(change)?.isOthersDoing ?? false);
    for (const { change } of foreign) settleConflict(run, change, intended, messageOf(change));
    fail(
      run,
      failed.map(({ change }) => change),
      intended,
      messageOf,
    );
    if (hopeful.length === 0 || (run.isStopped() && looks === 1)) return;
    await intend(run, hopeful, intended);
    const results = await write(run, batch, hopeful);
    const over: PackedChange[] = [];
    left = [];
    hopeful.forEach(({ change }, index) => {
      const failure = results[index];
      if (!failure) return void over.push(change);
      failures.set(change, failure);
      left.push(change);
      const intention = intended.get(keyText(change.key));
      if (intention && !failure.isRefused) intention.isRefused = false;
    });
    await finish(run, over, intended);
  }
}

/** Tables that can be updated without another look, for the update names the version that was read; undefined when some cannot. */
function guardedByVersion(
  { tables, history }: Run,
  changes: readonly PackedChange[],
): ObjectOf<'table'>[] | undefined {
  if (tables.size === 0) return undefined;
  const known = changes.map((change) => {
    const table = change.has('wanted') ? tables.get(keyText(change.key)) : undefined;
    return table?.provenance.VersionId === undefined || history.isBegun(change.key) ? undefined : table;
  });
  return known.every((table) => table !== undefined) ? known : undefined;
}

function pauseMs(looks: number): number {
  return Math.min(PAUSE_MIN_MS * 2 ** (looks - 1), PAUSE_MAX_MS);
}

function withoutMissingOwners(run: Run, changes: readonly PackedChange[]): PackedChange[] {
  if (run.missing.size === 0) return [...changes];
  return changes.filter((change) => {
    const owner = ownersOf(change.key).find((key) => run.missing.has(keyText(key)));
    if (owner) run.settle(change, 'failed', `The ${keyLabel(owner)} is not there.`);
    return !owner;
  });
}

async function write(
  run: Run,
  batch: Batch,
  items: readonly WriteItem[],
): Promise<(WriteFailure | undefined)[]> {
  // Of the items some may be there and some not when an edit is overwritten, and AWS makes and updates by different calls.
  const [there, absent] = parted(items, ({ found }) => found !== undefined);
  const results = new Map<WriteItem, WriteFailure | undefined>();
  for (const group of [there, absent]) {
    if (group.length === 0) continue;
    const failures = await writeGroup(run, batch, group);
    group.forEach((item, index) => results.set(item, failures[index]));
  }
  return items.map((item) => results.get(item));
}

async function writeGroup(
  run: Run,
  batch: Batch,
  items: readonly WriteItem[],
): Promise<(WriteFailure | undefined)[]> {
  try {
    return await batch.write(run.access, items);
  } catch (error) {
    const failure = thrownFailure(error);
    return items.map(() => failure);
  }
}

function parted<T>(items: readonly T[], isFirst: (item: T) => boolean): [first: T[], second: T[]] {
  const first: T[] = [];
  const second: T[] = [];
  for (const item of items) (isFirst(item) ? first : second).push(item);
  return [first, second];
}

// Carries out a batch: looks, writes what is as expected, looks again where a write may or may not have landed.
import { systemClock } from '../../base/clock.js';
import { encodeDefinition, isSameDefinition } from '../canonical-definition.js';
import type { CatalogAccess } from '../catalog-access.js';
import { keyLabel, keyText, ownersOf } from '../catalog-key.js';
import type { CatalogObject, CatalogObjectKind, ObjectOf } from '../catalog-object.js';
import type { JournalLine, JournalOperation } from '../journal/journal-entry.js';
import type { Change } from '../plan.js';
import { hashOf } from '../plan/build-plan.js';
import { readObjectList } from '../read-objects.js';
import type { ConflictPolicy } from '../three-way.js';
import type { Batch } from './batches.js';
import { isHalfWay } from './half-way.js';
import type { WriteItem } from './object-writer.js';
import { unknownContents } from './table-contents.js';
import { thrownFailure, type WriteFailure } from './write-failure.js';

export type Outcome = 'applied' | 'already-so' | 'conflict' | 'failed';

export interface Run {
  access: CatalogAccess;
  op: JournalOperation;
  onConflict: ConflictPolicy;
  covered: ReadonlyMap<string, readonly Change[]>;
  /** Keys that an earlier run of the same journal set out to change: they may be half-way. */
  begun: ReadonlySet<string>;
  /** Those of them that it is known to have finished. */
  finished: ReadonlySet<string>;
  /** Tables as they were read before anything was done: AWS refuses updates of those that have another version by now. */
  tables: ReadonlyMap<string, ObjectOf<'table'>>;
  /** Keys of objects that were to be made and are not there. */
  missing: Set<string>;
  append(lines: readonly JournalLine[]): Promise<void>;
  settle(change: Change, outcome: Outcome, reason?: string): void;
  /** True when no more is to be begun. */
  isStopped(): boolean;
}

const LOOKS_MAX = 8;
const PAUSE_MIN_MS = 100;
const PAUSE_MAX_MS = 10_000;

export async function runBatch(run: Run, batch: Batch): Promise<void> {
  const { access } = run;
  const { clock = systemClock } = access;
  const intended = new Map<string, JournalLine>();
  const failures = new Map<string, WriteFailure>();
  let left = withoutMissingOwners(run, batch.changes);
  for (let looks = 1; left.length > 0; looks++) {
    let found: (CatalogObject | undefined)[];
    try {
      found =
        (looks === 1 ? guardedByVersion(run, left) : undefined) ??
        (await readObjectList(
          access,
          left.map(({ key }) => key),
        ));
    } catch (error) {
      const failure = thrownFailure(error);
      if (!failure.isWorthAnotherLook || looks > LOOKS_MAX) {
        return fail(run, left, intended, () => failure.message);
      }
      await clock.sleep(pauseMs(looks));
      continue;
    }
    const ready = await takeStock(run, left, found, intended);
    const [hopeful, hopeless] = parted(ready, ({ change }) => {
      const failure = failures.get(keyText(change.key));
      return looks <= LOOKS_MAX && (failure === undefined || failure.isWorthAnotherLook);
    });
    await fail(
      run,
      hopeless.map(({ change }) => change),
      intended,
      (change) => failures.get(keyText(change.key))?.message ?? 'AWS kept failing.',
    );
    if (hopeful.length === 0 || (run.isStopped() && looks === 1)) return;
    if (looks > 1) await clock.sleep(pauseMs(looks));
    await intend(run, hopeful, intended);
    const results = await write(run, batch, hopeful);
    const over: Change[] = [];
    left = [];
    hopeful.forEach(({ change }, index) => {
      const failure = results[index];
      if (!failure) return void over.push(change);
      failures.set(keyText(change.key), failure);
      left.push(change);
    });
    await finish(run, over, intended);
  }
}

/** Tables that can be updated without another look, for the update names the version that was read; undefined when some cannot. */
function guardedByVersion(
  { tables, begun }: Run,
  changes: readonly Change[],
): ObjectOf<'table'>[] | undefined {
  const known = changes.map(({ key, wanted }) => {
    const table = wanted && tables.get(keyText(key));
    return table?.provenance.VersionId === undefined || begun.has(keyText(key)) ? undefined : table;
  });
  return known.every((table) => table !== undefined) ? known : undefined;
}

function pauseMs(looks: number): number {
  return Math.min(PAUSE_MIN_MS * 2 ** looks, PAUSE_MAX_MS);
}

function withoutMissingOwners(run: Run, changes: readonly Change[]): Change[] {
  return changes.filter((change) => {
    const owner = ownersOf(change.key).find((key) => run.missing.has(keyText(key)));
    if (owner) run.settle(change, 'failed', `The ${keyLabel(owner)} is not there.`);
    return !owner;
  });
}

/** Settles what is already as wanted and what somebody else changed; returns what can be written. */
async function takeStock(
  run: Run,
  changes: readonly Change[],
  found: readonly (CatalogObject | undefined)[],
  intended: Map<string, JournalLine>,
): Promise<WriteItem[]> {
  const ready: WriteItem[] = [];
  const landed: Change[] = [];
  const unknown = await unknownContents(run.access, run.covered, changes, found);
  for (const [index, change] of changes.entries()) {
    const { key, current, wanted } = change;
    const object = found[index];
    const text = keyText(key);
    if (isSameDefinition<CatalogObjectKind>(key.kind, object?.definition, wanted)) {
      const isOurWork = intended.has(text) || (run.begun.has(text) && !run.finished.has(text));
      if (isOurWork) landed.push(change);
      else {
        run.settle(change, 'already-so');
        for (const part of run.covered.get(text) ?? []) run.settle(part, 'already-so');
      }
      continue;
    }
    const isExpected = isSameDefinition<CatalogObjectKind>(key.kind, object?.definition, current);
    const isOurs = isExpected || ((intended.has(text) || run.begun.has(text)) && isHalfWay(change, object));
    if (unknown.has(text)) {
      conflict(
        run,
        change,
        `It has the ${unknown.get(text)}, which this plan does not know and which would go with it.`,
      );
    } else if (isOurs || run.onConflict === 'force') ready.push({ change, found: object });
    else conflict(run, change, 'It is no longer as the plan found it.');
  }
  await finish(run, landed, intended);
  return ready;
}

function conflict(run: Run, change: Change, reason: string): void {
  run.settle(change, 'conflict', reason);
  const text = keyText(change.key);
  if (change.current === undefined) run.missing.add(text);
  for (const part of run.covered.get(text) ?? []) {
    run.settle(part, 'conflict', `It stays with the ${keyLabel(change.key)}.`);
  }
}

async function intend(
  run: Run,
  items: readonly WriteItem[],
  intended: Map<string, JournalLine>,
): Promise<void> {
  const lines: JournalLine[] = [];
  for (const { change, found } of items) {
    const text = keyText(change.key);
    if (intended.has(text)) continue;
    for (const one of [change, ...(run.covered.get(text) ?? [])]) {
      const isOverwritten =
        one === change &&
        !run.begun.has(text) &&
        !isSameDefinition<CatalogObjectKind>(one.key.kind, found?.definition, one.current);
      const line: JournalLine = {
        op: run.op,
        key: one.key,
        before: hashOf(one.key, isOverwritten ? found?.definition : one.current),
        after: hashOf(one.key, one.wanted),
        state: 'intended',
        ...(isOverwritten
          ? { found: found ? encodeDefinition<CatalogObjectKind>(one.key.kind, found.definition) : null }
          : {}),
      };
      intended.set(keyText(one.key), line);
      lines.push(line);
    }
  }
  await run.append(lines);
}

async function write(
  run: Run,
  batch: Batch,
  items: readonly WriteItem[],
): Promise<(WriteFailure | undefined)[]> {
  try {
    // Of the items some may be there and some not when an edit is overwritten, and AWS makes and updates by different calls.
    const [there, absent] = parted(items, ({ found }) => found !== undefined);
    const results = new Map<WriteItem, WriteFailure | undefined>();
    for (const group of [there, absent]) {
      if (group.length === 0) continue;
      const failures = await batch.write(run.access, group);
      group.forEach((item, index) => results.set(item, failures[index]));
    }
    return items.map((item) => results.get(item));
  } catch (error) {
    const failure = thrownFailure(error);
    return items.map(() => failure);
  }
}

async function finish(
  run: Run,
  changes: readonly Change[],
  intended: ReadonlyMap<string, JournalLine>,
): Promise<void> {
  const all = changes.flatMap((change) => [change, ...(run.covered.get(keyText(change.key)) ?? [])]);
  const fresh = all.filter(({ key }) => intended.has(keyText(key)) || !run.finished.has(keyText(key)));
  await run.append(fresh.map((change) => ({ ...lineOf(run, change, intended), state: 'done' as const })));
  for (const change of all) run.settle(change, 'applied');
}

async function fail(
  run: Run,
  changes: readonly Change[],
  intended: ReadonlyMap<string, JournalLine>,
  messageOf: (change: Change) => string,
): Promise<void> {
  const lines: JournalLine[] = [];
  for (const change of changes) {
    const text = keyText(change.key);
    const error = messageOf(change);
    if (change.current === undefined) run.missing.add(text);
    if (intended.has(text)) lines.push({ ...lineOf(run, change, intended), state: 'failed', error });
    run.settle(change, 'failed', error);
    for (const part of run.covered.get(text) ?? []) {
      run.settle(part, 'failed', `The ${keyLabel(change.key)} could not be removed.`);
    }
  }
  await run.append(lines);
}

function lineOf(
  { op }: Run,
  { key, current, wanted }: Change,
  intended: ReadonlyMap<string, JournalLine>,
): JournalLine {
  const { before, after } = intended.get(keyText(key)) ?? {
    before: hashOf(key, current),
    after: hashOf(key, wanted),
  };
  return { op, key, before, after, state: 'intended' };
}

function parted<T>(items: readonly T[], isFirst: (item: T) => boolean): [first: T[], second: T[]] {
  const first: T[] = [];
  const second: T[] = [];
  for (const item of items) (isFirst(item) ? first : second).push(item);
  return [first, second];
}

// Writes down what becomes of a batch: intentions before anything is sent, then what was done and what failed.
import { definitionHash, encodeDefinition, sha256 } from '../canonical-definition.js';
import { keyLabel, keyText } from '../catalog-key.js';
import type { CatalogObject, CatalogObjectKind } from '../catalog-object.js';
import type { JournalLine } from '../journal/journal-entry.js';
import type { PackedChange } from '../plan/change-block.js';
import { takesSeveralCalls } from './half-way.js';
import { isAs } from './is-as.js';
import type { WriteItem } from './object-writer.js';
import type { Intentions, Run } from './run.js';

/** Lines that are made before they are kept: a table may go with any number of partitions. */
const LINES_AT_ONCE = 1000;

/** Of what goes with a table, too. */
export async function intend(run: Run, items: readonly WriteItem[], intended: Intentions): Promise<void> {
  await run.append(await appendAllButLast(run, linesOf()));
  for (const { change } of items) {
    for (const one of [change, ...(run.covered.get(keyText(change.key)) ?? [])]) run.begun.add(one);
  }

  function* linesOf(): Generator<JournalLine> {
    for (const { change, found } of items) {
      const { key } = change;
      const text = keyText(key);
      if (intended.has(text)) continue;
      const isOverwritten = !run.history.isBegun(key) && !isAs(change, 'current', found);
      const before = isOverwritten ? hashOf(found) : change.observedHash;
      const after = wantedHash(change);
      intended.set(text, { before, after, isRefused: !takesSeveralCalls(key) && !run.history.isBegun(key) });
      const edit = isOverwritten ? { found: found ? encoded(found) : null } : {};
      yield { op: run.op, key, before, after, state: 'intended', ...edit };
      for (const part of run.covered.get(text) ?? []) yield { ...lineOf(run, part), state: 'intended' };
    }
  }
}

export async function finish(
  run: Run,
  changes: readonly PackedChange[],
  intended: Intentions,
): Promise<void> {
  // Known from here on, also should the journal take no more.
  for (const change of changes) {
    run.settle(change, 'applied');
    for (const part of run.covered.get(keyText(change.key)) ?? []) run.settle(part, 'applied');
  }
  run.appendInPassing(await appendAllButLast(run, linesOf()));

  function* linesOf(): Generator<JournalLine> {
    for (const change of changes) {
      const text = keyText(change.key);
      const isIntended = intended.has(text);
      for (const one of [change, ...(run.covered.get(text) ?? [])]) {
        // What an earlier run finished has its line.
        if (!isIntended && run.history.isDone(one.key, run.op)) continue;
        yield { ...lineOf(run, one, intended.get(keyText(one.key))), state: 'done' };
      }
    }
  }
}

export function fail(
  run: Run,
  changes: readonly PackedChange[],
  intended: Intentions,
  messageOf: (change: PackedChange) => string,
): void {
  const lines: JournalLine[] = [];
  for (const change of changes) {
    const text = keyText(change.key);
    const error = messageOf(change);
    if (!change.has('current')) run.missing.add(text);
    if (intended.get(text)?.isRefused) lines.push(...refusedLines(run, change, intended, error));
    else if (intended.has(text))
      lines.push({ ...lineOf(run, change, intended.get(text)), state: 'failed', error });
    run.settle(change, 'failed', error);
    for (const part of run.covered.get(text) ?? []) {
      run.settle(part, 'failed', `The ${keyLabel(change.key)} could not be removed.`);
    }
  }
  run.appendInPassing(lines);
}

/** Where it is sure that an intention did not come true; none elsewhere. */
export function refuse(run: Run, change: PackedChange, intended: Intentions, error: string): void {
  if (intended.get(keyText(change.key))?.isRefused) {
    run.appendInPassing(refusedLines(run, change, intended, error));
  }
}

function refusedLines(run: Run, change: PackedChange, intended: Intentions, error: string): JournalLine[] {
  const text = keyText(change.key);
  return [change, ...(run.covered.get(text) ?? [])].map((one) => ({
    ...lineOf(run, one, intended.get(keyText(one.key))),
    ...{ state: 'refused', error },
  }));
}

function lineOf(
  { op }: Run,
  change: PackedChange,
  { before, after } = { before: change.observedHash, after: wantedHash(change) },
): Omit<JournalLine, 'state'> {
  return { op, key: change.key, before, after };
}

/** @returns the lines that are left to be kept, at most LINES_AT_ONCE */
async function appendAllButLast(run: Run, lines: Iterable<JournalLine>): Promise<JournalLine[]> {
  let waiting: JournalLine[] = [];
  for (const line of lines) {
    if (waiting.length === LINES_AT_ONCE) {
      await run.append(waiting);
      waiting = [];
    }
    waiting.push(line);
  }
  return waiting;
}

function wantedHash(change: PackedChange): string {
  const text = change.text('wanted');
  return text === undefined ? 'absent' : sha256(text);
}

function hashOf(found: CatalogObject | undefined): string {
  return found ? definitionHash<CatalogObjectKind>(found.key.kind, found.definition) : 'absent';
}

function encoded({ key, definition }: CatalogObject): unknown {
  return encodeDefinition<CatalogObjectKind>(key.kind, definition);
}

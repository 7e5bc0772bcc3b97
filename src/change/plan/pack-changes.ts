// Puts changes in their order without ever holding all of them decoded: sorted runs of compressed lines, merged at the end.
import { createHash } from 'node:crypto';
import { GluepotError } from '../../base/errors.js';
import { definitionText } from '../canonical-definition.js';
import { keyLabel } from '../catalog-key.js';
import type { CatalogObjectKind, Definition } from '../catalog-object.js';
import { KeyNumbers } from '../key-numbers.js';
import type { Change } from '../plan.js';
import { BLOCK_LENGTH, ChangeBlock, openBlocks, PackedChange } from './change-block.js';
import { changeLine, type ChangeLine } from './change-line.js';
import { comparePlaces, placeOf, type Place } from './change-order.js';

/** Changes in the order in which they can be made, and the blocks that they are kept in. */
export interface PackedChanges {
  changes: readonly PackedChange[];
  blocks: readonly ChangeBlock[];
  /** SHA-256 of the lines, in hexadecimal digits. */
  linesHash: string;
}

export interface ChangePacker {
  /** @throws GluepotError `usage` when a change of the same object was added before */
  add(change: Change): void;
  /** All that were added; nothing can be added any more. */
  finish(): PackedChanges;
}

const packed = new WeakMap<readonly Change[], PackedChanges>();

/** @throws GluepotError `usage` when two changes are of the same object */
export function packChanges(changes: readonly Change[]): PackedChanges {
  const known = packed.get(changes);
  if (known) return known;
  const packer = openChangePacker();
  for (const change of changes) packer.add(change);
  return packer.finish();
}

/** Characters of lines that are sorted at once; fewer than this are never merged. */
const RUN_LENGTH_MAX = 8 * 1024 * 1024;

interface PlacedLine extends Place {
  line: ChangeLine;
}

export function openChangePacker(runLengthMax = RUN_LENGTH_MAX): ChangePacker {
  const numbers = new KeyNumbers();
  const runs: PackedChanges[] = [];
  let run: PlacedLine[] = [];
  let length = 0;
  const closeRun = () => {
    runs.push(packLines(run.sort(comparePlaces).map(({ line }) => line)));
    run = [];
    length = 0;
  };
  return {
    add(change) {
      const { key, action } = change;
      const line = lineOf(change);
      const place = placeOf(action, key, isRemoval(line));
      const { count } = numbers;
      if (numbers.add(key) < count) {
        throw new GluepotError(
          'usage',
          `A plan can change an object once, and the ${keyLabel(key)} is in it twice.`,
        );
      }
      run.push({ ...place, line });
      length += line.text.length;
      if (length >= runLengthMax) closeRun();
    },
    finish() {
      if (run.length > 0) closeRun();
      const [only] = runs;
      const all = runs.length === 1 && only ? only : packLines(merged(runs));
      packed.set(all.changes, all);
      return all;
    },
  };
}

function isRemoval({ currentLength, text }: ChangeLine): boolean {
  return currentLength === text.length - 1;
}

function lineOf(change: Change): ChangeLine {
  if (change instanceof PackedChange) {
    return changeLine(change, { current: change.text('current'), wanted: change.text('wanted') });
  }
  const textOf = (definition: Definition | undefined) =>
    definition && definitionText<CatalogObjectKind>(change.key.kind, definition);
  return changeLine(change, { current: textOf(change.current), wanted: textOf(change.wanted) });
}

function packLines(lines: Iterable<ChangeLine>): PackedChanges {
  const open = openBlocks();
  const blocks: ChangeBlock[] = [];
  const changes: PackedChange[] = [];
  const hash = createHash('sha256');
  let waiting: ChangeLine[] = [];
  let length = 0;
  const closeBlock = () => {
    const block = new ChangeBlock(waiting, open);
    blocks.push(block);
    for (const index of waiting.keys()) changes.push(new PackedChange(block, index));
    waiting = [];
    length = 0;
  };
  for (const line of lines) {
    waiting.push(line);
    hash.update(`${line.text}\n`);
    length += line.text.length;
    if (length >= BLOCK_LENGTH) closeBlock();
  }
  if (waiting.length > 0) closeBlock();
  return { changes, blocks, linesHash: hash.digest('hex') };
}

function* merged(runs: readonly PackedChanges[]): Generator<ChangeLine> {
  const heads = runs.flatMap(({ blocks }) => {
    const rest = placedLines(blocks);
    const { value } = rest.next();
    return value ? [{ first: value, rest }] : [];
  });
  while (heads.length > 0) {
    const least = heads.reduce((one, other) => (comparePlaces(one.first, other.first) < 0 ? one : other));
    yield least.first.line;
    const { value } = least.rest.next();
    if (value) least.first = value;
    else heads.splice(heads.indexOf(least), 1);
  }
}

function* placedLines(blocks: readonly ChangeBlock[]): Generator<PlacedLine, undefined> {
  for (const block of blocks) {
    for (const line of block.lines()) {
      yield { ...placeOf(line.action, line.key, isRemoval(line)), line };
    }
  }
}

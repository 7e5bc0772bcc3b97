// What the lines of a journal come to, object by object, in a few bytes for each however large the plan is.
import type { JournalEntry, JournalLine, JournalOperation } from './journal-entry.js';
import type { CatalogObjectKey } from '../catalog-object.js';
import { KeyNumbers } from '../key-numbers.js';

export interface JournalHistory {
  /** Lines that it is made of. */
  readonly lineCount: number;
  /** Objects that the operation is known to have changed. */
  doneCount(op: JournalOperation): number;
  /** Whether the operation set out to change the object, and may have; any operation when none is named. */
  isBegun(key: CatalogObjectKey, op?: JournalOperation): boolean;
  /** Whether the operation is known to have changed the object. */
  isDone(key: CatalogObjectKey, op: JournalOperation): boolean;
  /** Whether an apply changed the object, or set out to and nobody knows whether it did, and no rollback put it back since. */
  isChanged(key: CatalogObjectKey): boolean;
  /** Whether any object is changed. */
  readonly hasChanged: boolean;
  /** Whether a rollback was begun. */
  readonly isRollbackBegun: boolean;
  /** What an apply overwrote that was not what its plan had found, as JSON, `null` where there was nothing; undefined for no such. */
  overwritten(key: CatalogObjectKey): unknown;
}

const BEGUN: Record<JournalOperation, number> = { apply: 1, rollback: 2 };
const DONE: Record<JournalOperation, number> = { apply: 4, rollback: 8 };
const CHANGED = 16;

const MARKS_MIN = 32;

function marksAfter(marks: number, op: JournalOperation, state: JournalLine['state']): number {
  // What was done once stays so, whatever a later run met.
  if (state === 'refused')
    return marks & DONE[op] ? marks : marks & ~(BEGUN[op] | (op === 'apply' ? CHANGED : 0));
  const begun = marks | BEGUN[op] | (state === 'done' ? DONE[op] : 0);
  if (op === 'apply') return begun | CHANGED;
  return state === 'done' ? begun & ~CHANGED : begun;
}

export interface HistoryWriter extends JournalHistory {
  add(entry: JournalEntry): void;
}

/** Of a journal without lines. */
export function openHistory(): HistoryWriter {
  const numbers = new KeyNumbers();
  let marks = new Uint8Array(MARKS_MIN);
  const overwritten = new Map<number, unknown>();
  const doneCounts: Record<JournalOperation, number> = { apply: 0, rollback: 0 };
  let lineCount = 0;
  let changedCount = 0;
  let isRollbackBegun = false;
  const has = (key: CatalogObjectKey, mark: number) => {
    const number = numbers.find(key);
    return number !== undefined && ((marks[number] as number) & mark) !== 0;
  };
  return {
    get lineCount() {
      return lineCount;
    },
    get hasChanged() {
      return changedCount > 0;
    },
    get isRollbackBegun() {
      return isRollbackBegun;
    },
    doneCount: (op) => doneCounts[op],
    isBegun: (key, op) => has(key, op ? BEGUN[op] : BEGUN.apply | BEGUN.rollback),
    isDone: (key, op) => has(key, DONE[op]),
    isChanged: (key) => has(key, CHANGED),
    overwritten(key) {
      const number = numbers.find(key);
      return number === undefined ? undefined : overwritten.get(number);
    },
    add({ op, key, state, ...entry }) {
      lineCount++;
      const number = numbers.add(key);
      if (number === marks.length) {
        const more = new Uint8Array(marks.length * 2);
        more.set(marks);
        marks = more;
      }
      const before = marks[number] as number;
      const mark = marksAfter(before, op, state);
      marks[number] = mark;
      if ((mark & DONE[op]) > (before & DONE[op])) doneCounts[op]++;
      changedCount += Number((mark & CHANGED) > 0) - Number((before & CHANGED) > 0);
      if (op === 'rollback') isRollbackBegun = true;
      if (op === 'apply' && state !== 'refused' && 'found' in entry) overwritten.set(number, entry.found);
      else if ((mark & BEGUN.apply) === 0) overwritten.delete(number);
    },
  };
}

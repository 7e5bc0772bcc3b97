// What the batches of an apply share: what is known from before, what may be done, and where it is written down.
import type { CatalogAccess } from '../catalog-access.js';
import type { ObjectOf } from '../catalog-object.js';
import type { JournalLine, JournalOperation } from '../journal/journal-entry.js';
import type { JournalHistory } from '../journal/journal-history.js';
import type { PackedChange } from '../plan/change-block.js';
import type { ConflictPolicy } from '../three-way.js';

export type Outcome = 'applied' | 'already-so' | 'conflict' | 'failed';

export interface Run {
  access: CatalogAccess;
  op: JournalOperation;
  onConflict: ConflictPolicy;
  covered: ReadonlyMap<string, readonly PackedChange[]>;
  /** What earlier runs of the same journal did, or set out to do: that may be half-way. */
  history: JournalHistory;
  /** Tables as they were read before anything was done: AWS refuses updates of those that have another version by now. */
  tables: ReadonlyMap<string, ObjectOf<'table'>>;
  /** Keys of objects that were to be made and are not there. */
  missing: Set<string>;
  /** Keys of objects that were to be made and somebody else has made, or removed again: nothing is put into those. */
  foreign: Set<string>;
  /** What it set out to do, and did not find out yet what became of. */
  begun: Set<PackedChange>;
  /** What is about to be done. @throws when it cannot be kept, or somebody else is at work on the database by now */
  append(lines: readonly JournalLine[]): Promise<void>;
  /**
   * As `append`, for lines that nothing has to wait for until the end: what was done and not written down another run finds
   * out by looking. They are kept together with the next that are waited for; when they cannot be, the run stops.
   */
  appendInPassing(lines: readonly JournalLine[]): void;
  settle(change: PackedChange, outcome: Outcome, reason?: string): void;
  /** True when no more is to be begun. */
  isStopped(): boolean;
}

/** What a run set out to do to an object: hashes of what was there and of what is to be. */
export interface Intention extends Pick<JournalLine, 'before' | 'after'> {
  /** AWS refused whatever was sent of it so far. */
  isRefused: boolean;
}

/** Of objects of a batch, by the keys' texts. */
export type Intentions = Map<string, Intention>;

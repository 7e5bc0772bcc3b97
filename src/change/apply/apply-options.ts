// How an apply, a resume or a rollback is to go about it.
import type { Clock } from '../../base/clock.js';
import type { Ids } from '../../base/ids.js';
import type { DocumentStore } from '../document-store.js';
import type { ReadObjects } from '../read-objects.js';
import type { ConflictPolicy } from '../three-way.js';
import type { ApplyEvent } from './apply-report.js';

export interface ApplyOptions {
  /** Batches at a time, each of one table or of up to 100 partitions; 8 when not given. */
  concurrency?: number | undefined;
  /** What is done where somebody else changed an object; `abort` when not given, which begins nothing more. */
  onConflict?: ConflictPolicy | undefined;
  /** Ends the work: requests under way are finished and written down, pauses and waits end, nothing more is begun. */
  signal?: AbortSignal | undefined;
  /**
   * How long another apply is waited for that is at work on one of the plan's databases with the same store; 0 when not given,
   * which refuses at once.
   */
  waitMs?: number | undefined;
  /** Told what is waited for. */
  onWait?: ((what: string) => void) | undefined;
  onEvent?: ((event: ApplyEvent) => void) | undefined;
  clock?: Clock | undefined;
  ids?: Ids | undefined;
}

export interface ApplyPlanOptions extends ApplyOptions {
  /** Where a journal is kept; without one nothing can be resumed or rolled back, and nobody is told that this is at work. */
  journal?: DocumentStore | undefined;
  /** The snapshot that was taken before, asked for after the first look: kept with the journal. */
  snapshotId?: (() => string) | undefined;
  /** Told of the journal as soon as it is kept, before anything is changed. */
  onJournal?: ((journalId: string) => void) | undefined;
  /** The first look at all objects of the plan, which may keep what it sees, as a backup does; `readObjects` when not given. */
  firstLook?: ReadObjects | undefined;
}

/** Of batches and reads, when nobody says otherwise. */
export const CONCURRENCY = 8;

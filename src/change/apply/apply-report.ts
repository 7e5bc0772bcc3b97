// What an apply says it did, and how it says that it did not do all.
import { GluepotError } from '../../base/errors.js';
import type { CatalogObjectKey } from '../catalog-object.js';
import type { Change } from '../plan.js';

export interface Shortcoming {
  key: CatalogObjectKey;
  reason: string;
}

export interface ApplyReport {
  planId: string;
  /** Undefined when no journal was kept. */
  journalId?: string;
  /** Objects that this changed. */
  applied: number;
  /** Objects that were found as they were to be. */
  alreadySo: number;
  /** Objects that the plan skips. */
  skipped: number;
  /** Objects that somebody else changed; they were left. */
  conflicts: readonly Shortcoming[];
  failed: readonly Shortcoming[];
  /** All that was changed has been read back, and is as it was to be. */
  verified: boolean;
  /** What of recreated tables nobody can put back, for people. */
  notRestored: readonly string[];
  durationMs: number;
  /** API calls. */
  calls: number;
}

export interface ApplyEvent {
  change: Change;
  outcome: 'applied' | 'already-so' | 'conflict' | 'failed';
  /** Of `total` changes so many are over. */
  done: number;
  total: number;
}

/** Some of a plan was done and some was not. With a journal it can be resumed or rolled back. */
export class PartialApplyError extends GluepotError {
  constructor(
    message: string,
    readonly report: ApplyReport,
    options?: { cause?: unknown },
  ) {
    super('partial-apply', message, options);
  }
}

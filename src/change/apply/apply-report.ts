// What an apply says it did, and how it says that it did not do all.
import { asGluepotError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';
import { keyLabel } from '../catalog-key.js';
import type { CatalogObjectKey } from '../catalog-object.js';
import type { JournalOperation } from '../journal/journal-entry.js';
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
  /** What went for good with what was deleted, or did not come back with what was made anew, for people. */
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
    super('partial-apply', message, { ...options, result: { report } });
  }
}

interface End {
  op: JournalOperation;
  /** Changes that were not begun. */
  untouched: number;
  /** Changes that were begun, and nobody found out whether they were made. */
  unknown: number;
  isReadBack: boolean;
  /** A conflict stopped the work. */
  isConflictLeft: boolean;
  /** What kept it from going on, when something did: its journal could not be written, or nothing read back. */
  obstacle: unknown;
  /** Why it was interrupted, when it was. */
  cause: unknown;
}

/** @throws GluepotError `conflict` when one kept everything from being done; PartialApplyError when some was done and some was not */
export function requireAllDone(report: ApplyReport, end: End): void {
  const { applied, failed, conflicts } = report;
  const { untouched, unknown, isReadBack, isConflictLeft, cause } = end;
  if (isReadBack && failed.length === 0 && untouched + unknown === 0 && !isConflictLeft) return;
  if (applied + unknown === 0 && failed.length === 0 && isConflictLeft) {
    throw new GluepotError('conflict', `Nothing was done. ${describe(conflicts)}`, { result: { report } });
  }
  throw new PartialApplyError(partialMessage(report, end), report, { cause });
}

function partialMessage(report: ApplyReport, { op, untouched, unknown, isReadBack, obstacle }: End): string {
  const { applied, failed, conflicts, journalId } = report;
  const parts = [
    `${applied} changes were made, ${failed.length} failed, ${conflicts.length} are in conflict, ${untouched} were not begun.`,
    unknown === 0 ? '' : `${unknown} were begun, and whether they were made is found out by who goes on.`,
    describe([...failed, ...conflicts]),
    obstacle === undefined ? '' : `It could not go on: ${asGluepotError(obstacle).message}`,
    isReadBack ? '' : 'Nothing was read back.',
    journalId === undefined
      ? 'No journal was kept: plan anew.'
      : op === 'apply'
        ? `Resume journal ${journalId}, or roll it back.`
        : `Roll journal ${journalId} back again to go on.`,
  ];
  return parts.filter(Boolean).join(' ');
}

function describe(shortcomings: readonly Shortcoming[]): string {
  const [first] = shortcomings;
  if (!first) return '';
  const more = shortcomings.length > 1 ? ` (and ${shortcomings.length - 1} more)` : '';
  return `${keyLabel(first.key)}: ${first.reason}${more}`;
}

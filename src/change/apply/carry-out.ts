// Carries changes out, phase by phase, and proves what came of them: what an apply, a resume and a rollback have in common.
import { setMaxListeners } from 'node:events';
import { systemClock } from '../../base/clock.js';
import { uncutClient } from '../../aws/uncut-client.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import type { CatalogAccess } from '../catalog-access.js';
import type { ObjectOf } from '../catalog-object.js';
import { countingClient } from '../counting-client.js';
import type { Journal } from '../journal/journal.js';
import { openHistory } from '../journal/journal-history.js';
import type { JournalLine, JournalOperation } from '../journal/journal-entry.js';
import type { Plan } from '../plan.js';
import type { PackedChange } from '../plan/change-block.js';
import { lossesOf } from '../plan/losses.js';
import { CONCURRENCY, type ApplyOptions } from './apply-options.js';
import { requireAllDone, type ApplyReport, type Shortcoming } from './apply-report.js';
import { batchesOf } from './batches.js';
import type { HeldLeases } from './database-leases.js';
import { readBack } from './read-back.js';
import { runBatch } from './run-batch.js';
import type { Outcome, Run } from './run.js';

/** A client whose calls are counted, and when that began. */
export interface Counted {
  access: CatalogAccess;
  calls: { count: number };
  startMs: number;
}

export function counted(access: CatalogAccess, { clock = systemClock }: ApplyOptions): Counted {
  const { glue, calls } = countingClient(access.glue);
  return { access: { ...access, glue }, calls, startMs: clock.now().getTime() };
}

export interface Carrying extends Counted {
  plan: Plan;
  op: JournalOperation;
  /** In the order of a plan. */
  changes: readonly PackedChange[];
  /** Conflicts of the plan that are left as they are. */
  left: readonly PackedChange[];
  /** Tables as the first look found them. */
  tables?: ReadonlyMap<string, ObjectOf<'table'>>;
  journal: Journal | undefined;
  /** Of the databases; to be held before each write. */
  holdLeases?: HeldLeases['hold'] | undefined;
  options: ApplyOptions;
}

/** @throws GluepotError `conflict` when nothing was done for one; PartialApplyError when some was done and some was not */
export async function carryOut(work: Carrying): Promise<ApplyReport> {
  const { plan, op, changes, journal, options } = work;
  const { concurrency = CONCURRENCY, onConflict = 'abort', signal, onEvent, clock = systemClock } = options;
  // Every call that is under way listens to it.
  if (signal) setMaxListeners(0, signal);
  const { phases, covered } = batchesOf(changes);
  const counts: Record<Outcome, number> = { applied: 0, 'already-so': 0, conflict: 0, failed: 0 };
  const conflicts: Shortcoming[] = work.left.map(({ key, reason }) => ({ key, reason }));
  const failed: Shortcoming[] = [];
  const over: PackedChange[] = [];
  let settled = 0;
  let isStopped = false;
  /** Why it cannot go on: its journal takes no more, or nothing can be read back. */
  let obstacle: unknown;
  const orStop = async (act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      if (!isInterruption(error, signal)) obstacle ??= error;
      isStopped = true;
    }
  };
  const append = (lines: readonly JournalLine[]) => journal?.append(lines) ?? Promise.resolve();
  let inPassing: Promise<unknown> = Promise.resolve();
  const run: Run = {
    access: { ...work.access, glue: uncutClient(work.access.glue, signal), signal, clock },
    op,
    onConflict,
    covered,
    history: journal?.history ?? openHistory(),
    tables: work.tables ?? new Map<string, never>(),
    missing: new Set<string>(),
    foreign: new Set<string>(),
    begun: new Set(),
    async append(lines) {
      await work.holdLeases?.();
      await append(lines);
    },
    appendInPassing(lines) {
      inPassing = Promise.all([inPassing, orStop(() => append(lines))]);
    },
    settle(change, outcome, reason = '') {
      counts[outcome]++;
      settled++;
      run.begun.delete(change);
      if (outcome === 'conflict') conflicts.push({ key: change.key, reason });
      else if (outcome === 'failed') failed.push({ key: change.key, reason });
      else over.push(change);
      if (outcome === 'conflict' && onConflict === 'abort') isStopped = true;
      onEvent?.({ change, outcome, done: settled, total: changes.length });
    },
    isStopped: () => isStopped || (signal?.aborted ?? false),
  };
  for (const batches of phases) {
    await mapConcurrently(batches, concurrency, async (batch) => {
      if (!run.isStopped()) await orStop(() => runBatch(run, batch));
    });
  }
  await inPassing;
  let isReadBack = false;
  if (!run.isStopped()) {
    // What was in a table is gone when the table is.
    const gone = new Set([...covered.values()].flat());
    const proven = over.filter((change) => !gone.has(change));
    await orStop(async () => {
      failed.push(...(await readBack(run.access, proven, concurrency)));
      isReadBack = true;
    });
  }
  const unknown = run.begun.size;
  const untouched = changes.length - settled - unknown;
  const report: ApplyReport = {
    planId: plan.planId,
    ...(journal ? { journalId: journal.journalId } : {}),
    applied: counts.applied,
    alreadySo: counts['already-so'],
    skipped: plan.changes.filter(({ action }) => action === 'skip').length,
    conflicts,
    failed,
    verified: isReadBack && failed.length === 0 && untouched === 0 && unknown === 0 && counts.conflict === 0,
    notRestored: lossesOf(over, plan.subject),
    durationMs: clock.now().getTime() - work.startMs,
    calls: work.calls.count,
  };
  requireAllDone(report, {
    ...{ op, untouched, unknown, isReadBack, obstacle },
    cause: obstacle ?? (signal?.aborted ? signal.reason : undefined),
    isConflictLeft: counts.conflict > 0 && onConflict === 'abort',
  });
  return report;
}

/** A pause or a read that was ended, not one that failed. */
function isInterruption(error: unknown, signal: AbortSignal | undefined): boolean {
  if (!signal?.aborted) return false;
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}

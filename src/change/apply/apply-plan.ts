// Applies a plan, resumes one that was cut short, rolls one back: the same machinery, with a look before each write.
import { GluepotError } from '../../base/errors.js';
import { systemClock } from '../../base/clock.js';
import { randomIds } from '../../base/ids.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import type { CatalogAccess } from '../catalog-access.js';
import { keyLabel, keyText } from '../catalog-key.js';
import type { Definition, ObjectOf } from '../catalog-object.js';
import { countingClient } from '../counting-client.js';
import type { DocumentStore } from '../document-store.js';
import { createJournal, openJournal, type Journal } from '../journal/journal.js';
import type { JournalOperation } from '../journal/journal-entry.js';
import type { Change, Plan } from '../plan.js';
import { isActing } from '../plan/build-plan.js';
import { decode } from '../plan/plan-text.js';
import { inOrder } from '../plan/change-order.js';
import { CONCURRENCY, type ApplyOptions, type ApplyPlanOptions } from './apply-options.js';
import { PartialApplyError, type ApplyReport, type Shortcoming } from './apply-report.js';
import { batchesOf } from './batches.js';
import { firstLook, requireUnmoved } from './first-look.js';
import { readBack } from './read-back.js';
import { runBatch, type Outcome } from './run-batch.js';

/**
 * Carries out a plan. First all objects are read: when one is not as the plan found it, nothing is done. Each is read
 * again right before it is written, but for tables, whose updates AWS itself refuses when their version is another than the
 * one that was read; and all once more at the end.
 * @throws GluepotError `conflict` when the catalog has moved or the plan has conflicts, and nothing was done;
 *   PartialApplyError when some was done
 */
export async function applyPlan(
  access: CatalogAccess,
  plan: Plan,
  options: ApplyPlanOptions = {},
): Promise<ApplyReport> {
  const { onConflict = 'abort', journal: store, clock = systemClock, ids = randomIds } = options;
  const conflicts = plan.changes.filter(({ action }) => action === 'conflict');
  if (conflicts[0] && onConflict === 'abort') {
    throw new GluepotError(
      'conflict',
      `Nothing was done: the plan has ${conflicts.length} conflicts, e.g. ${keyLabel(conflicts[0].key)}: ` +
        `${conflicts[0].reason} Say what to do with them: keep-current or force.`,
    );
  }
  const startMs = clock.now().getTime();
  const { glue, calls } = countingClient(access.glue);
  const counted = { ...access, glue };
  const look = await firstLook(counted, plan, options);
  if (onConflict === 'abort') requireUnmoved(plan, look.moved);
  const journalId = `${clock.now().toISOString().replace(/[-:]/g, '')}-${ids.hex(4)}`;
  const journal = store && (await createJournal(store, journalId, plan));
  const changes = plan.changes.filter(
    ({ action }) => isActing({ action } as Change) && (action !== 'conflict' || onConflict === 'force'),
  );
  const left = onConflict === 'keep-current' ? conflicts : [];
  const { tables } = look;
  return carryOut({
    ...{ access: counted, calls, startMs, plan, op: 'apply', changes, left, journal, options },
    tables,
  });
}

/**
 * Finishes an apply that was cut short or failed in part. What was begun is looked at first: it may be done, not done, or
 * be something else by now, which is a conflict. Resuming what is finished changes nothing.
 * @throws GluepotError `usage` without such a journal, `conflict` when it was rolled back; as `applyPlan`
 */
export async function resumeApply(
  access: CatalogAccess,
  store: DocumentStore,
  journalId: string,
  options: ApplyOptions = {},
): Promise<ApplyReport> {
  const { clock = systemClock, onConflict = 'abort' } = options;
  const startMs = clock.now().getTime();
  const journal = await openJournal(store, journalId);
  const { plan, entries } = journal;
  if (entries.some(({ op }) => op === 'rollback')) {
    throw new GluepotError(
      'conflict',
      `Journal ${journalId} was rolled back. Apply the plan anew, or roll back again.`,
    );
  }
  const { glue, calls } = countingClient(access.glue);
  const begun = new Set(entries.map(({ key }) => keyText(key)));
  const changes = plan.changes.filter(
    (change) =>
      isActing(change) &&
      (change.action !== 'conflict' || onConflict === 'force' || begun.has(keyText(change.key))),
  );
  const left = plan.changes.filter((change) => change.action === 'conflict' && !changes.includes(change));
  return carryOut({
    ...{ access: { ...access, glue }, calls, startMs, plan, op: 'apply', changes, left, journal, options },
    begun,
  });
}

/**
 * Undoes what an apply did, or began to do: each change's inverse, in the inverse order. Rolling back again goes on where
 * it was cut short; when all is rolled back it changes nothing.
 * @throws GluepotError `usage` without such a journal; as `applyPlan`
 */
export async function rollBackApply(
  access: CatalogAccess,
  store: DocumentStore,
  journalId: string,
  options: ApplyOptions = {},
): Promise<ApplyReport> {
  const { clock = systemClock } = options;
  const startMs = clock.now().getTime();
  const journal = await openJournal(store, journalId);
  const { glue, calls } = countingClient(access.glue);
  const { changes, begun } = inverseOf(journal);
  const rest = { plan: journal.plan, op: 'rollback' as const, left: [], journal, options };
  return carryOut({ access: { ...access, glue }, calls, startMs, changes, begun, ...rest });
}

function inverseOf({ plan, entries }: Journal): { changes: Change[]; begun: Set<string> } {
  const overwritten = new Map<string, Definition | undefined>();
  const begun = new Set<string>();
  for (const { op, key, ...entry } of entries) {
    const text = keyText(key);
    begun.add(text);
    if (op === 'apply' && 'found' in entry) {
      overwritten.set(text, entry.found === null ? undefined : decode(key, entry.found));
    }
  }
  const changes = plan.changes
    .filter(({ key }) => begun.has(keyText(key)))
    .map(({ key, current, wanted, evidence }): Change => {
      const text = keyText(key);
      const before = overwritten.has(text) ? overwritten.get(text) : current;
      return {
        action: before === undefined ? 'delete' : wanted === undefined ? 'recreate' : 'update',
        key,
        ...(wanted === undefined ? {} : { current: wanted }),
        ...(before === undefined ? {} : { wanted: before }),
        reason: 'Rolled back.',
        evidence,
      };
    });
  return { changes: inOrder(changes), begun };
}

interface Carrying {
  access: CatalogAccess;
  calls: { count: number };
  startMs: number;
  plan: Plan;
  op: JournalOperation;
  changes: readonly Change[];
  /** Conflicts of the plan that are left as they are. */
  left: readonly Change[];
  begun?: ReadonlySet<string>;
  /** Tables as the first look found them. */
  tables?: ReadonlyMap<string, ObjectOf<'table'>>;
  journal: Journal | undefined;
  options: ApplyOptions;
}

async function carryOut(work: Carrying): Promise<ApplyReport> {
  const { access, plan, op, changes, journal, options, begun = new Set<string>() } = work;
  const { tables = new Map<string, never>() } = work;
  const { concurrency = CONCURRENCY, onConflict = 'abort', signal, onEvent, clock = systemClock } = options;
  const { phases, covered } = batchesOf(changes);
  const counts: Record<Outcome, number> = { applied: 0, 'already-so': 0, conflict: 0, failed: 0 };
  const conflicts: Shortcoming[] = work.left.map(({ key, reason }) => ({ key, reason }));
  const failed: Shortcoming[] = [];
  const over = new Set<Change>();
  let isStopped = false;
  const run = {
    // Writes that are under way are never cut off: what became of them would have to be found out.
    access: { ...access, signal: undefined, clock },
    op,
    onConflict,
    covered,
    begun,
    tables,
    finished: finishedBy(op, journal),
    missing: new Set<string>(),
    append: (lines: Parameters<Journal['append']>[0]) => journal?.append(lines) ?? Promise.resolve(),
    settle(change: Change, outcome: Outcome, reason = '') {
      counts[outcome]++;
      if (outcome === 'conflict') conflicts.push({ key: change.key, reason });
      else if (outcome === 'failed') failed.push({ key: change.key, reason });
      else over.add(change);
      if (outcome === 'conflict' && onConflict === 'abort') isStopped = true;
      const done = Object.values(counts).reduce((sum, count) => sum + count, 0);
      onEvent?.({ change, outcome, done, total: changes.length });
    },
    isStopped: () => isStopped || (signal?.aborted ?? false),
  };
  for (const batches of phases) {
    await mapConcurrently(batches, concurrency, async (batch) => {
      if (!run.isStopped()) await runBatch(run, batch);
    });
  }
  const isReadBack = !run.isStopped();
  if (isReadBack) failed.push(...(await readBack(run.access, over, covered, concurrency)));
  const untouched = changes.length - Object.values(counts).reduce((sum, count) => sum + count, 0);
  const report: ApplyReport = {
    planId: plan.planId,
    ...(journal ? { journalId: journal.journalId } : {}),
    applied: counts.applied,
    alreadySo: counts['already-so'],
    skipped: plan.changes.filter(({ action }) => action === 'skip').length,
    conflicts,
    failed,
    verified: isReadBack && failed.length === 0 && untouched === 0 && counts.conflict === 0,
    notRestored: notRestored(changes, over),
    durationMs: clock.now().getTime() - work.startMs,
    calls: work.calls.count,
  };
  const isConflictLeft = counts.conflict > 0 && onConflict === 'abort';
  if (isReadBack && failed.length === 0 && untouched === 0 && !isConflictLeft) return report;
  if (counts.applied === 0 && failed.length === 0 && isConflictLeft) {
    throw new GluepotError('conflict', `Nothing was done. ${describe(conflicts)}`);
  }
  throw new PartialApplyError(partialMessage(report, untouched, op, isReadBack), report, {
    cause: signal?.aborted ? signal.reason : undefined,
  });
}

function finishedBy(op: JournalOperation, journal: Journal | undefined): ReadonlySet<string> {
  const finished = new Set<string>();
  for (const entry of journal?.entries ?? []) {
    if (entry.op === op && entry.state === 'done') finished.add(keyText(entry.key));
  }
  return finished;
}

function notRestored(changes: readonly Change[], over: ReadonlySet<Change>): string[] {
  return changes
    .filter(({ action, key, ...change }) => action === 'recreate' && key.kind === 'table' && change.wanted)
    .filter((change) => over.has(change))
    .map(
      ({ key }) => `${keyLabel(key)}: its older versions, tags and Lake Formation grants are gone for good.`,
    );
}

function describe(shortcomings: readonly Shortcoming[]): string {
  const [first] = shortcomings;
  if (!first) return '';
  const more = shortcomings.length > 1 ? ` (and ${shortcomings.length - 1} more)` : '';
  return `${keyLabel(first.key)}: ${first.reason}${more}`;
}

function partialMessage(
  report: ApplyReport,
  untouched: number,
  op: JournalOperation,
  isReadBack: boolean,
): string {
  const { applied, failed, conflicts, journalId } = report;
  const parts = [
    `${applied} changes were made, ${failed.length} failed, ${conflicts.length} are in conflict, ${untouched} were not begun.`,
    describe([...failed, ...conflicts]),
    isReadBack ? '' : 'Nothing was read back.',
    journalId === undefined
      ? 'No journal was kept: plan anew.'
      : op === 'apply'
        ? `Resume journal ${journalId}, or roll it back.`
        : `Roll journal ${journalId} back again to go on.`,
  ];
  return parts.filter(Boolean).join(' ');
}

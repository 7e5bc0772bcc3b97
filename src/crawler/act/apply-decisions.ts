// Act: makes the decided changes, table by table, so that a killed process leaves each table old or new.
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ErrorDetail, Partition, PartitionInput, TableInput } from '@aws-sdk/client-glue';
import type { Clock } from '../../base/clock.js';
import type { Catalog } from '../../catalog/catalog.js';
import type { State } from '../../state/state.js';
import type { CatalogChange, PartitionChange, TableChange, TableDecision } from '../decide/catalog-change.js';
import { partitionInputOf, tableInputOf } from '../../catalog/stored-definition.js';
import { PARTITION_FILTERING } from '../decide/table-input.js';
import type { CrawlLog } from '../record/crawl-log.js';
import type { ChangeRecorder } from '../record/recorded-change.js';

export interface ApplyContext {
  state: State;
  catalog: Catalog;
  clock: Clock;
  database: string;
  /** ARN of the crawler's session, which becomes CreatedBy. */
  createdBy: string;
  recorder: ChangeRecorder;
  log: CrawlLog;
  signal: AbortSignal;
  onApplied?: (changeCount: number) => void;
}

/** Longest that one transaction keeps others from running, in milliseconds. */
const TURN_MS_MAX = 10;
const PARTITION_BATCH_SIZE = 200;
/** The name of the index that crawlers make; a guess. */
const PARTITION_INDEX_NAME = 'crawler_partition_index';

type Step = { decision: TableDecision } & (
  | { kind: 'table'; change: TableChange }
  | { kind: 'partitions'; action: PartitionChange['action']; changes: PartitionChange[] }
  | { kind: 'end' }
);

/**
 * Makes the changes in few transactions: a table's own change is whole within one, its partitions follow in batches.
 * What somebody else changed since the crawl looked is left alone, with a warning in the log.
 * @throws the signal's reason when it aborts, between two transactions
 */
export async function applyDecisions(
  decisions: readonly TableDecision[],
  context: ApplyContext,
): Promise<void> {
  const { state, log, signal } = context;
  const steps = stepsOf(decisions);
  const skipped = new Set<TableDecision>();
  let changeCount = 0;
  for (let isDone = false; !isDone;) {
    signal.throwIfAborted();
    state.transaction(() => {
      const turnStart = performance.now();
      do {
        const next = steps.next();
        if (next.done) {
          isDone = true;
          break;
        }
        const step = next.value;
        if (skipped.has(step.decision)) continue;
        if (step.kind === 'table') {
          if (applyTable(step.change, context)) changeCount++;
          else skipped.add(step.decision);
        } else if (step.kind === 'partitions') {
          if (context.catalog.findTable(context.database, step.decision.table)) {
            changeCount += applyPartitions(step, context);
          } else skipTable(step.decision.table, log);
        } else for (const { level, text } of step.decision.lines) log.write(level, text);
      } while (performance.now() - turnStart < TURN_MS_MAX);
      log.flush();
    });
    context.onApplied?.(changeCount);
    await yieldToOthers();
  }
}

function* stepsOf(decisions: readonly TableDecision[]): Generator<Step> {
  for (const decision of decisions) {
    let batch: PartitionChange[] = [];
    const take = (): Step => {
      const changes = batch;
      batch = [];
      return { kind: 'partitions', action: (changes[0] as PartitionChange).action, changes, decision };
    };
    const isFull = (next: CatalogChange) =>
      batch.length === PARTITION_BATCH_SIZE || next.kind === 'table' || next.action !== batch[0]?.action;
    for (const change of decision.changes) {
      if (batch.length > 0 && isFull(change)) yield take();
      if (change.kind === 'table') yield { kind: 'table', change, decision };
      else batch.push(change);
    }
    if (batch.length > 0) yield take();
    yield { kind: 'end', decision };
  }
}

/** False when somebody else was faster. */
function applyTable(change: TableChange, context: ApplyContext): boolean {
  const { catalog, clock, database, createdBy, recorder, log } = context;
  const { table, action, before, after, reason } = change;
  const current = catalog.findTable(database, table);
  if (current?.VersionId !== before?.VersionId) {
    skipTable(table, log);
    return false;
  }
  let written: TableInput | undefined;
  if (action === 'delete') catalog.deleteTable(database, table);
  else if (action === 'update') catalog.updateTable(database, (written = after as TableInput));
  else {
    written = { ...(after as TableInput), LastAccessTime: clock.now() };
    if (change.isPartitionIndexed) createIndexedTable(context, written);
    else catalog.createTable(database, written, { createdBy });
  }
  recorder.record({
    kind: 'table',
    action,
    database,
    table,
    reason,
    ...(before ? { before: tableInputOf(before), versionBefore: before.VersionId as string } : {}),
    ...(written
      ? { after: written, versionAfter: catalog.getTable(database, table).VersionId as string }
      : {}),
  });
  return true;
}

function skipTable(table: string, log: CrawlLog): void {
  log.write(
    'WARN',
    `Table ${table} was changed by somebody else during the crawl and is left as it is. Crawl again.`,
  );
}

// Seen in a dump: a partitioned table has VersionId 1 after its first crawl, so its index comes with a second write.
function createIndexedTable({ catalog, database, createdBy }: ApplyContext, table: TableInput): void {
  const without = (parameters: Record<string, string> | undefined) =>
    Object.fromEntries(Object.entries(parameters ?? {}).filter(([key]) => key !== PARTITION_FILTERING));
  catalog.createTable(
    database,
    {
      ...table,
      StorageDescriptor: {
        ...table.StorageDescriptor,
        Parameters: without(table.StorageDescriptor?.Parameters),
      },
      Parameters: without(table.Parameters),
    },
    {
      createdBy,
      partitionIndexes: [
        {
          IndexName: PARTITION_INDEX_NAME,
          Keys: (table.PartitionKeys ?? []).map((key) => key.Name as string),
        },
      ],
    },
  );
  catalog.updateTable(database, table);
}

/** Returns how many were changed; the others are in the log. */
function applyPartitions(step: Extract<Step, { kind: 'partitions' }>, context: ApplyContext): number {
  const { catalog, clock, database, recorder, log } = context;
  const { table } = step.decision;
  const skip = (change: PartitionChange) =>
    log.write(
      'WARN',
      `Partition [${change.values.join(', ')}] of table ${table} was changed by somebody else during the crawl and is left as it is. Crawl again.`,
    );
  const record = (change: PartitionChange, after: PartitionInput | undefined) =>
    recorder.record({
      kind: 'partition',
      action: step.action,
      database,
      table,
      values: change.values,
      reason: change.reason,
      ...(change.before ? { before: partitionInputOf(change.before) } : {}),
      ...(after ? { after } : {}),
    });

  if (step.action === 'create') {
    const now = clock.now();
    const inputs = step.changes.map(({ after }) => ({ ...after, LastAccessTime: now }));
    const failures = catalog.createPartitions(database, table, inputs);
    const existing = new Set(failures.map(({ PartitionValues }) => JSON.stringify(PartitionValues)));
    refuseAllBut('AlreadyExistsException', failures);
    step.changes.forEach((change, index) => {
      if (existing.has(JSON.stringify(change.values))) skip(change);
      else record(change, inputs[index]);
    });
    return step.changes.length - existing.size;
  }
  const ready = step.changes.filter((change) => {
    const current = catalog.findPartition(database, table, change.values);
    const isUntouched =
      current !== undefined &&
      isDeepStrictEqual(partitionInputOf(current), partitionInputOf(change.before as Partition));
    if (!isUntouched) skip(change);
    return isUntouched;
  });
  if (step.action === 'update') {
    const entries = ready.map(({ values, after }) => ({ values, input: after as PartitionInput }));
    refuseAllBut(undefined, catalog.updatePartitions(database, table, entries));
  } else {
    const valuesList = ready.map(({ values }) => values);
    refuseAllBut(undefined, catalog.deletePartitions(database, table, valuesList));
  }
  for (const change of ready) record(change, change.after);
  return ready.length;
}

// Nothing else can go wrong with a partition that was just looked at: the transaction is undone and the crawl fails.
function refuseAllBut(
  expectedCode: string | undefined,
  failures: readonly { ErrorDetail?: ErrorDetail | undefined }[],
): void {
  const failure = failures.find(({ ErrorDetail: detail }) => detail?.ErrorCode !== expectedCode);
  if (failure) throw new Error(`Partitions could not be written: ${JSON.stringify(failure)}.`);
}

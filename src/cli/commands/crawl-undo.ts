// gluepot crawl undo NAME and gluepot crawl redo [UNDO]
import { readFileSync, writeFileSync } from 'node:fs';
import { systemClock } from '../../base/clock.js';
import { GluepotError, messageOf } from '../../base/errors.js';
import { parseInstant } from '../../base/instant.js';
import {
  checkGuards,
  countActions,
  isActing,
  listJournals,
  openDocumentStore,
  parseDeleteLimit,
  parsePlan,
  planText,
  resumeApply,
  rollBackApply,
  type DocumentStore,
  type Plan,
} from '../../change/index.js';
import { findCatalogHome } from '../../toolkit/catalog-snapshot/index.js';
import {
  applyUndo,
  besideCrawls,
  findCrawls,
  findSnapshotsAround,
  findUndo,
  objectsLookedAt,
  parametersOfOwners,
  planFromBackup,
  planInverse,
  planUndo,
  readSampleBackup,
  requireQuiet,
  type IfRunning,
} from '../../toolkit/crawl-undo/index.js';
import type { CommandContext } from '../command.js';
import { confirm } from '../confirm.js';
import type { Outcome } from '../output.js';
import { renderChangePlan } from '../render-change-plan.js';
import { withSlowProgress } from '../slow-progress.js';
import { withSnapshotStore, type SnapshotSession } from '../snapshot-session.js';
import type { StoreOptions } from '../store-option.js';
import { readVersion } from '../version.js';

/** What undo and redo have in common. */
export interface ChangeOptions extends StoreOptions {
  ifRunning: IfRunning;
  timeout: number;
  onConflict?: 'abort' | 'keep-current' | 'force';
  includeTableFormats?: boolean;
  maxChanges?: number;
  maxDeletes?: string;
  protect?: string[];
  out?: string;
  plan?: string;
  resume?: string;
  rollback?: string;
  /** False with --no-statistics. */
  statistics: boolean;
  fromBackup?: string;
  dryRun?: boolean;
  yes?: boolean;
  detailedExitcode?: boolean;
  /** As AWS's sample scripts call crawler, --store, --database and --since. */
  crawlerName?: string;
  backupLocation?: string;
  databaseName?: string;
  timestamp?: string;
}

export interface UndoOptions extends ChangeOptions {
  crawl?: string;
  since?: string;
  database?: string;
}

const CHANGES_PRESENT = 2;

export async function crawlUndo(
  context: CommandContext,
  named: string | undefined,
  original: UndoOptions,
): Promise<Outcome> {
  const { output, signal } = context;
  const given = withoutFormerNames(original);
  return withSnapshotStore(context, given, async (session) => {
    const kept = await fromJournalOrPlan(context, session, given);
    if (kept) return kept;
    const crawlerName = named ?? original.crawlerName;
    if (crawlerName === undefined) {
      throw new GluepotError('usage', 'Which crawler? Name it: gluepot crawl undo NAME.');
    }
    const { connection, store } = session;
    const { glue } = connection.clients;
    const scope = { glue, clock: systemClock, signal };
    const since = given.since === undefined ? undefined : parseInstant(given.since, systemClock.now());
    const found = await findCrawls(scope, {
      crawlerName,
      crawlId: given.crawl,
      since,
      DatabaseName: given.database,
    });
    await requireQuiet(scope, found.DatabaseName, quietOptions(context, given));
    const home = await findCatalogHome(connection.clients, { signal });
    const around = await findSnapshotsAround(store, home, found);
    const backup =
      given.fromBackup === undefined ? undefined : await backupAt(given.fromBackup, session, signal);
    const { plan } = await withSlowProgress(output.progress, 'read the catalog', (at) =>
      planUndo(
        { glue, signal },
        home,
        {
          found,
          around: { ...around, backup: backup && besideCrawls(backup, found) },
          ...decisionOf(given),
          statistics: statisticsOf(given),
        },
        {
          onProgress: (tables) => at(`${tables} tables`),
        },
      ),
    );
    return carryOut(context, session, given, plan);
  });
}

export async function crawlRedo(
  context: CommandContext,
  undoId: string | undefined,
  original: ChangeOptions,
): Promise<Outcome> {
  const { signal } = context;
  const given = withoutFormerNames(original);
  return withSnapshotStore(context, given, async (session) => {
    const kept = await fromJournalOrPlan(context, session, given);
    if (kept) return kept;
    const { connection, store } = session;
    const { glue } = connection.clients;
    const home = await findCatalogHome(connection.clients, { signal });
    const quiet = async (databases: readonly string[]) => {
      for (const database of databases) {
        await requireQuiet({ glue, clock: systemClock, signal }, database, quietOptions(context, given));
      }
    };
    const place = given.fromBackup ?? (await sampleBackupOf(original, undoId, store));
    if (place !== undefined) {
      const backup = await backupAt(place, session, signal);
      const scope = { crawlerName: original.crawlerName, DatabaseName: given.database };
      const plan = await planFromBackup({ glue, signal }, home, backup, scope, decisionOf(given));
      await quiet([...new Set(plan.changes.map(({ key }) => key.DatabaseName))]);
      return carryOut(context, session, given, plan);
    }
    const journal = await findUndo(store, undoId);
    const { database } = journal.plan.subject.resolved;
    await quiet(database === undefined ? [] : database.split(', '));
    const plan = await planInverse({ glue, signal }, home, journal, decisionOf(given));
    return carryOut(context, session, given, plan);
  });
}

function backupAt(place: string, { connection }: SnapshotSession, signal: AbortSignal) {
  return readSampleBackup(openDocumentStore(place, connection.clients, { signal }));
}

/**
 * The sample script's --backup-location is where its own backups are; that of `crawl undo`, which takes the same flag, has
 * journals instead.
 */
async function sampleBackupOf(
  { backupLocation }: ChangeOptions,
  undoId: string | undefined,
  store: DocumentStore,
): Promise<string | undefined> {
  if (backupLocation === undefined || undoId !== undefined) return undefined;
  return (await listJournals(store)).length === 0 ? backupLocation : undefined;
}

function withoutFormerNames<Options extends ChangeOptions>(given: Options): Options & { database?: string } {
  const { backupLocation, databaseName, timestamp } = given;
  return {
    ...given,
    ...(backupLocation === undefined ? {} : { store: backupLocation }),
    ...(databaseName === undefined ? {} : { database: databaseName }),
    ...(timestamp === undefined ? {} : { since: timestamp }),
  };
}

function quietOptions({ output }: CommandContext, { ifRunning, timeout }: ChangeOptions) {
  const step = 'wait for crawlers';
  const onState = (detail: string) => output.progress.report({ step, state: 'waiting', detail });
  return { ifRunning, timeoutMs: timeout * 60_000, onState };
}

function decisionOf({ onConflict, includeTableFormats }: ChangeOptions) {
  return {
    ...(onConflict ? { onConflict } : {}),
    ...(includeTableFormats ? { tableFormats: 'without-pointers' as const } : {}),
  };
}

function statisticsOf({ statistics }: ChangeOptions): 'none' | 'tables' {
  return statistics ? 'tables' : 'none';
}

/** What --resume, --rollback and --plan ask for; undefined without them. */
async function fromJournalOrPlan(
  context: CommandContext,
  session: SnapshotSession,
  given: ChangeOptions,
): Promise<Outcome | undefined> {
  const { output, signal } = context;
  const { connection, store } = session;
  const { resume, rollback } = given;
  if (given.plan !== undefined) {
    return carryOut(context, session, given, parsePlan(readPlan(given.plan), given.plan));
  }
  const journalId = resume ?? rollback;
  if (journalId === undefined) return undefined;
  const verb = resume === undefined ? 'Roll back' : 'Resume';
  await confirm(`${verb} journal ${journalId}?`, { isYes: given.yes ?? false, signal });
  const act = resume === undefined ? rollBackApply : resumeApply;
  const report = await act({ glue: connection.clients.glue }, store, journalId, {
    signal,
    ...decisionOf(given),
  });
  output.print(
    `${verb} of ${journalId}: ${report.applied} made, ${report.alreadySo} were so already; read back and verified.`,
  );
  return { result: report };
}

function readPlan(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new GluepotError('usage', `The plan ${file} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

async function carryOut(
  { output, signal }: CommandContext,
  { connection, store }: SnapshotSession,
  given: ChangeOptions,
  plan: Plan,
): Promise<Outcome> {
  for (const [name, value] of Object.entries(plan.subject.resolved)) output.print(`${name}: ${value}`);
  output.print(renderChangePlan(plan, output.colors));
  if (given.out !== undefined) {
    writeFileSync(given.out, planText(plan), { flag: 'wx' });
    output.print(`The plan is in ${given.out}.`);
  }
  const counts = countActions(plan.changes);
  const planned = { plan: JSON.parse(planText(plan)) as unknown, counts };
  const isChange = plan.changes.some(isActing);
  const exitCode = given.detailedExitcode && isChange ? CHANGES_PRESENT : 0;
  if (given.dryRun || given.out !== undefined || !isChange) return { result: planned, exitCode };
  if (counts.conflict > 0) {
    throw new GluepotError(
      'conflict',
      `Nothing was done: ${counts.conflict} objects were changed by somebody else. Keep them with --on-conflict keep-current, ` +
        'or overwrite them with --on-conflict force.',
    );
  }
  const maxDeletes = given.maxDeletes === undefined ? undefined : parseDeleteLimit(given.maxDeletes);
  checkGuards(plan, {
    maxChanges: given.maxChanges,
    maxDeletes,
    objectCount: objectsLookedAt(plan),
    protectedTables: given.protect,
    parametersOf: await parametersOfOwners({ glue: connection.clients.glue, signal }, plan),
  });
  await confirm('Make these changes?', { isYes: given.yes ?? false, signal });
  const report = await withSlowProgress(output.progress, plan.subject.operation, (at) =>
    applyUndo(connection.clients, store, plan, {
      version: readVersion(),
      statistics: statisticsOf(given),
      signal,
      onEvent: ({ done, total }) => at(`${done} of ${total}`),
    }),
  );
  output.print(
    `${report.applied} changes made, read back and verified. Journal ${report.journalId}, snapshot from before ${report.snapshotId}.`,
  );
  for (const line of report.notRestored) output.warn(line);
  output.print(`To take it back: gluepot crawl redo ${report.journalId}`);
  return { result: { ...planned, report }, exitCode: 0 };
}

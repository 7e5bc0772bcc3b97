// Lambda: plans the undo or redo of a crawl and keeps the plan; applies a kept plan; finishes or takes back what was cut short.
import { GlueClient } from '@aws-sdk/client-glue';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import type { AwsClients } from '../aws/aws-clients.js';
import { asGluepotError } from '../aws/aws-failure.js';
import { clientConfig, s3ClientConfig } from '../aws/client-config.js';
import { systemClock, type Clock } from '../base/clock.js';
import { GluepotError } from '../base/errors.js';
import { parseInstant } from '../base/instant.js';
import { stderrLog, type Log } from '../base/log.js';
import {
  checkGuards,
  countActions,
  databasesOf,
  keyLabel,
  lossesOfPlan,
  openDocumentStore,
  parsePlanGzip,
  PartialApplyError,
  planGzip,
  requireHome,
  resumeApply,
  rollBackApply,
  type ActionCounts,
  type ApplyReport,
  type DocumentStore,
  type Plan,
} from '../change/index.js';
import { findCatalogHome } from '../toolkit/catalog-snapshot/index.js';
import {
  applyUndo,
  findBegun,
  findCrawls,
  findSnapshotsAround,
  findLastUndo,
  findUndo,
  objectsLookedAt,
  parametersOfOwners,
  planInverse,
  planUndo,
  requireQuiet,
} from '../toolkit/crawl-undo/index.js';
import { readCrawlUndoRequest, type CrawlUndoRequest } from './crawl-undo-event.js';
import { readUndoSettings, type CrawlUndoSettings } from './crawl-undo-settings.js';
import { signalBeforeEnd, type InvocationContext } from './invocation-context.js';

/** What is left for finishing what is under way before Lambda ends the function. */
const RESERVE_MS = 20_000;

/** Changes and shortcomings that an answer names, for Lambda takes none above 6 MB; all of them are in the store. */
const NAMED_MAX = 50;

export type CrawlUndoResult =
  | {
      decision: 'planned';
      planId: string;
      /** Where the plan is kept, for people and `gluepot crawl undo --plan`. */
      plan: string;
      resolved: Readonly<Record<string, string>>;
      counts: ActionCounts;
      /** What goes for good, or does not come back with what is made anew. */
      notRestored: readonly string[];
      /** The first of them, e.g. `delete partition sales.orders [2]`. */
      changes: readonly string[];
    }
  | { decision: 'applied'; report: AnsweredReport }
  /** Some is done: ask for `resume` or `roll-back` with the journal's id. */
  | { decision: 'partly-applied'; journalId: string; message: string; report: AnsweredReport }
  /** Nothing was done. */
  | { decision: 'refused'; kind: 'conflict' | 'guard-refused'; message: string };

/** The first of each list, and how long it is. */
export interface AnsweredReport extends ApplyReport {
  conflictCount: number;
  failedCount: number;
}

type Clients = Pick<AwsClients, 'glue' | 's3' | 'sts'>;

interface Invocation {
  clients: Clients;
  settings: CrawlUndoSettings;
  store: DocumentStore;
  signal: AbortSignal;
  clock: Clock;
}

/**
 * Does what `event` asks for. That a plan is refused, or was cut short, is an answer, so that a state machine can go on by it.
 * @throws GluepotError for an event or settings that are none, and when AWS refuses
 */
export async function handleCrawlUndo(
  clients: Clients,
  settings: CrawlUndoSettings,
  event: unknown,
  context: InvocationContext,
  log: Log,
  clock: Clock = systemClock,
): Promise<CrawlUndoResult> {
  const request = readCrawlUndoRequest(event);
  const signal = signalBeforeEnd(context, RESERVE_MS, clock);
  const store = openDocumentStore(settings.store, clients);
  try {
    const result = await carryOut({ clients, settings, store, signal, clock }, request);
    log('info', result.decision, { request, result });
    return result;
  } catch (error) {
    const failure = asGluepotError(error);
    const { message, kind } = failure;
    log(kind === 'failed' ? 'error' : 'warn', message, { kind, request });
    if (failure instanceof PartialApplyError && failure.report.journalId !== undefined) {
      const { report } = failure;
      return {
        decision: 'partly-applied',
        journalId: failure.report.journalId,
        message,
        report: answered(report),
      };
    }
    if (signal.aborted) throw outOfTime(request.action, failure);
    if (kind === 'conflict' || kind === 'guard-refused') return { decision: 'refused', kind, message };
    throw failure;
  }
}

/** What was cut short before there was anything to resume. */
function outOfTime(action: string, cause: unknown): GluepotError {
  return new GluepotError(
    'timed-out',
    `Its time ran out, and ${action} has changed nothing. Give the function more, 15 minutes at most, or do it on the command ` +
      'line, where nothing limits it: gluepot crawl undo or redo, with the same --store.',
    { cause },
  );
}

async function carryOut(invocation: Invocation, request: CrawlUndoRequest): Promise<CrawlUndoResult> {
  const { clients, settings, store, signal, clock } = invocation;
  const access = { glue: clients.glue, signal };
  switch (request.action) {
    case 'plan-undo':
      return keep(invocation, await undoPlan(invocation, request));
    case 'plan-redo': {
      const { journalId } = request;
      const home = await findCatalogHome(clients, { signal });
      const journal = await (journalId === undefined
        ? findLastUndo(store, home)
        : findUndo(store, journalId));
      return keep(invocation, await planInverse(access, home, journal, decisionOf(request), { clock }));
    }
    case 'apply': {
      const plan = await keptPlan(store, request.planId);
      const { maxChanges = Infinity, maxDeletes, protectedTables, version, statistics } = settings;
      const limit = Math.min(maxChanges, request.maxChanges ?? Infinity);
      checkGuards(plan, {
        maxChanges: limit,
        maxDeletes,
        objectCount: objectsLookedAt(plan),
        protectedTables,
        parametersOf: await parametersOfOwners(access, plan),
      });
      await requireQuietDatabases(invocation, plan);
      const begun = await findBegun(store, plan);
      const report = begun
        ? await resumeApply({ ...access, CatalogId: plan.CatalogId }, store, begun.journalId, {
            signal,
            clock,
          })
        : await applyUndo(clients, store, plan, {
            ...{ version, signal, clock },
            statistics: statistics === 'none' ? 'none' : 'tables',
          });
      return { decision: 'applied', report: answered(report) };
    }
    case 'resume':
    case 'roll-back': {
      const { plan } = await findUndo(store, request.journalId);
      const { CatalogId } = plan;
      requireHome(plan, await findCatalogHome(clients, { signal, CatalogId }));
      await requireQuietDatabases(invocation, plan);
      const act = request.action === 'resume' ? resumeApply : rollBackApply;
      const report = await act({ ...access, CatalogId }, store, request.journalId, { signal, clock });
      return { decision: 'applied', report: answered(report) };
    }
  }
}

async function undoPlan(
  { clients, store, signal, clock, settings: { statistics } }: Invocation,
  request: CrawlUndoRequest & { action: 'plan-undo' },
): Promise<Plan> {
  const { crawlerName, crawlId, since, database: DatabaseName } = request;
  const { glue } = clients;
  const found = await findCrawls(
    { glue, clock, signal },
    {
      crawlerName,
      crawlId,
      DatabaseName,
      ...(since === undefined ? {} : { since: parseInstant(since, clock.now()) }),
    },
  );
  const home = await findCatalogHome(clients, { signal });
  const around = await findSnapshotsAround(store, home, found);
  const asked = { found, around, statistics, ...decisionOf(request) };
  return (await planUndo({ glue, signal }, home, asked, { clock })).plan;
}

function decisionOf({
  tables,
  except,
  onConflict,
  includeTableFormats,
}: Extract<CrawlUndoRequest, { onConflict?: unknown }>) {
  return {
    ...{ tables, except },
    ...(onConflict ? { onConflict } : {}),
    ...(includeTableFormats ? { tableFormats: 'without-pointers' as const } : {}),
  };
}

async function requireQuietDatabases({ clients, signal, clock }: Invocation, plan: Plan): Promise<void> {
  const scope = { glue: clients.glue, clock, signal };
  await requireQuiet(scope, databasesOf(plan), { ifRunning: 'refuse', timeoutMs: 0 });
}

const nameOf = (planId: string) => `plans/${planId}.json.gz`;

async function keep({ store }: Invocation, plan: Plan): Promise<CrawlUndoResult> {
  const { planId, changes, subject } = plan;
  await store.put(nameOf(planId), planGzip(plan), { ifAbsent: true });
  return {
    decision: 'planned',
    planId,
    plan: `${store.location}/${nameOf(planId)}`,
    resolved: subject.resolved,
    counts: countActions(changes),
    notRestored: lossesOfPlan(plan).slice(0, NAMED_MAX),
    changes: changes.slice(0, NAMED_MAX).map(({ action, key }) => `${action} ${keyLabel(key)}`),
  };
}

function answered(report: ApplyReport): AnsweredReport {
  const { conflicts, failed, notRestored } = report;
  return {
    ...report,
    conflicts: conflicts.slice(0, NAMED_MAX),
    conflictCount: conflicts.length,
    failed: failed.slice(0, NAMED_MAX),
    failedCount: failed.length,
    notRestored: notRestored.slice(0, NAMED_MAX),
  };
}

async function keptPlan(store: DocumentStore, planId: string): Promise<Plan> {
  const document = /^[0-9A-Za-z.-]+$/.test(planId) ? await store.get(nameOf(planId)) : undefined;
  if (!document) throw new GluepotError('usage', `There is no plan ${planId} in ${store.location}.`);
  return parsePlanGzip(document.bytes, `The plan ${planId}`);
}

let clients: Clients | undefined;

/** Lambda's entry; settings come from the environment, see `readUndoSettings`. */
export async function handler(event: unknown, context: InvocationContext): Promise<CrawlUndoResult> {
  const { env } = process;
  clients ??= {
    glue: new GlueClient(clientConfig),
    s3: new S3Client(s3ClientConfig(env)),
    sts: new STSClient(clientConfig),
  };
  return handleCrawlUndo(clients, readUndoSettings(env), event, context, stderrLog());
}

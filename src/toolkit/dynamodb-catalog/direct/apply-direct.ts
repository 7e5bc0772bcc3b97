// Writes the tables that samples ask for, by the one way in which a catalog is changed.
import { keyText } from '../../../change/catalog-key.js';
import {
  applyPlan,
  buildPlan,
  PartialApplyError,
  type ApplyReport,
  type Change,
} from '../../../change/index.js';
import type { CatalogScope } from '../catalog-scope.js';
import type { TableResult } from '../apply.js';
import type { CatalogSettings } from '../settings.js';
import type { DirectDecision } from './plan-direct.js';

/** What is in conflict or fails is the result of that table; the others are written. */
export async function applyDirect(
  scope: CatalogScope,
  settings: CatalogSettings,
  decisions: readonly DirectDecision[],
): Promise<TableResult[]> {
  const changes = decisions.flatMap(({ change }) => change ?? []);
  const shortcomings = await applyChanges(scope, settings, changes);
  return decisions.map(({ TableName, change, message }): TableResult => {
    if (!change) return { TableName, outcome: 'failed', done: [], message: message ?? 'It was not read.' };
    const { action, key, reason } = change;
    if (action === 'skip') return { TableName, outcome: 'unchanged', done: [] };
    if (action === 'conflict') return { TableName, outcome: 'conflict', done: [], message: reason };
    const short = shortcomings.get(keyText(key));
    if (short) return { TableName, outcome: short.outcome, done: [], message: short.message };
    const name = key.kind === 'table' ? key.TableName : '';
    return { TableName, outcome: 'changed', done: [`${action} catalog table ${name}`] };
  });
}

export type ChangeShortcomings = Map<string, { outcome: 'failed' | 'conflict'; message: string }>;

/** Carries changes out. @returns by `keyText`, what did not come about */
export async function applyChanges(
  scope: CatalogScope,
  { DatabaseName, concurrency }: Pick<CatalogSettings, 'DatabaseName' | 'concurrency'>,
  changes: readonly Change[],
): Promise<ChangeShortcomings> {
  const { accountId, region, clock, signal } = scope;
  const acting = changes.filter(({ action }) => action !== 'skip' && action !== 'conflict');
  if (acting.length === 0) return new Map();
  const subject = { operation: 'dynamodb-catalog' as const, resolved: { database: DatabaseName } };
  const plan = buildPlan({ accountId, region, subject, changes: acting }, { clock });
  const access = { glue: scope.clients.glue, signal, clock };
  const report = await applyPlan(access, plan, {
    onConflict: 'keep-current',
    concurrency,
    clock,
    signal,
  }).catch((error: unknown): ApplyReport => {
    if (error instanceof PartialApplyError && !signal.aborted) return error.report;
    throw error;
  });
  const short: ChangeShortcomings = new Map();
  for (const { key, reason } of report.failed)
    short.set(keyText(key), { outcome: 'failed', message: reason });
  for (const { key, reason } of report.conflicts)
    short.set(keyText(key), { outcome: 'conflict', message: reason });
  return short;
}

// Takes away what was made for DynamoDB tables that are gone: crawler, catalog table, role. Each on its own evidence only.
import { asGluepotError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { applyPlan, buildPlan, checkGuards, decideChange, type Knowledge } from '../../change/index.js';
import { observeTable } from '../../change/observe-catalog.js';
import { crawlerHandler } from '../stack/crawler.js';
import { roleHandler } from '../stack/role.js';
import { tableScope, type CatalogScope } from './catalog-scope.js';
import type { Orphan, OrphanObject } from './find-orphans.js';
import { describeTable } from './observe-tables.js';

export interface PruneResult {
  TableName: string;
  outcome: 'pruned' | 'failed' | 'kept';
  /** E.g. `crawler ddb_orders_crawler`. */
  deleted: string[];
  message?: string;
}

/** @throws GluepotError `guard-refused` for more objects than may be deleted */
export function checkPruneLimit(orphans: readonly Orphan[], maxDeletes: number | undefined): void {
  const count = orphans.reduce((sum, { objects }) => sum + objects.length, 0);
  if (maxDeletes === undefined || count <= maxDeletes) return;
  throw new GluepotError(
    'guard-refused',
    `Nothing was done. ${count} objects of ${orphans.length} tables would go, and at most ${maxDeletes} are allowed.`,
  );
}

/** What fails at one table is that table's result; pruning again goes on with what is left. */
export async function pruneOrphans(
  scope: CatalogScope,
  DatabaseName: string,
  orphans: readonly Orphan[],
  concurrency: number,
): Promise<PruneResult[]> {
  return mapConcurrently(orphans, concurrency, async ({ TableName, objects }) => {
    const result: PruneResult = { TableName, outcome: 'pruned', deleted: [] };
    try {
      // A table of the same name may have been made since the plan.
      if (await describeTable(scope, TableName)) {
        return { ...result, outcome: 'kept', message: 'The table is there again.' };
      }
      for (const object of objects) {
        await pruneObject(tableScope(scope, TableName), DatabaseName, object);
        result.deleted.push(`${object.kind} ${object.name}`);
      }
      return result;
    } catch (error) {
      if (scope.signal.aborted) throw error;
      return { ...result, outcome: 'failed', message: asGluepotError(error).message };
    }
  });
}

async function pruneObject(
  scope: CatalogScope,
  DatabaseName: string,
  { kind, name }: OrphanObject,
): Promise<void> {
  if (kind === 'table') return pruneTable(scope, DatabaseName, name);
  const handler = kind === 'crawler' ? crawlerHandler(scope) : roleHandler(scope);
  const current = await handler.observe(name);
  if (!current) return;
  if (current.ownership.kind === 'foreign') {
    throw new GluepotError(
      'conflict',
      `${kind} ${name} is not ours any more: ${current.ownership.evidence}.`,
    );
  }
  await handler.delete(name);
}

async function pruneTable(scope: CatalogScope, DatabaseName: string, TableName: string): Promise<void> {
  const access = { glue: scope.clients.glue, signal: scope.signal, clock: scope.clock };
  const current = await observeTable(access, DatabaseName, TableName);
  if (!current) return;
  const base: Knowledge = { known: true, definition: current.definition, evidence: [] };
  const change = decideChange({
    key: current.key,
    base,
    wanted: { known: true, evidence: [] },
    current,
  });
  const { accountId, region, clock } = scope;
  const subject = { operation: 'dynamodb-catalog' as const, resolved: { database: DatabaseName } };
  const plan = buildPlan({ accountId, region, subject, changes: [change] }, { clock });
  checkGuards(plan, {});
  await applyPlan(access, plan, { clock, signal: scope.signal });
}

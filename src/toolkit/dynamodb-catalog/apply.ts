// act and record: makes the changes of a plan. What fails at one table is that table's result; the others go on.
import { asGluepotError, isAwsError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { crawlerHandler } from '../stack/crawler.js';
import { databaseHandler } from '../stack/database.js';
import type { Resource, ResourceHandler } from '../stack/resource.js';
import { roleHandler } from '../stack/role.js';
import { tableScope, type CatalogScope } from './catalog-scope.js';
import { applyDirect } from './direct/apply-direct.js';
import type { CatalogPlan, PlannedChange, TablePlan } from './plan.js';

export type TableOutcome = 'changed' | 'unchanged' | 'conflict' | 'failed';

export interface TableResult {
  TableName: string;
  outcome: TableOutcome;
  /** What was made, e.g. `create role ddb_orders_crawler`. */
  done: string[];
  /** Why it is in conflict or failed. */
  message?: string;
}

export interface CatalogApplyReport {
  results: TableResult[];
  /** Milliseconds. */
  durationMs: number;
}

export interface CatalogProgress {
  done: number;
  total: number;
}

const ALREADY_THERE = ['AlreadyExistsException', 'EntityAlreadyExistsException', 'EntityAlreadyExists'];

/**
 * Roles of all tables are made before the first crawler: what IAM takes to let Glue see a role passes once, not once a table.
 * @throws GluepotError only when the database cannot be made, or nothing may be done; failures of tables are in the report
 */
export async function applyCatalog(
  scope: CatalogScope,
  plan: CatalogPlan,
  onProgress: (progress: CatalogProgress) => void = () => {},
): Promise<CatalogApplyReport> {
  const startMs = scope.clock.now().getTime();
  if (plan.database.change.action === 'create') await makeDatabase(scope, plan.database);
  if (plan.settings.engine === 'direct') {
    const results = await applyDirect(scope, plan.settings, plan.direct);
    return { results, durationMs: scope.clock.now().getTime() - startMs };
  }
  const results = new Map(plan.tables.map((table) => [table.table.TableName, conflictOf(table)]));
  const total = plan.tables.length * 2;
  let done = 0;
  for (const kind of ['role', 'crawler'] as const) {
    await mapConcurrently(plan.tables, plan.settings.concurrency, async (table) => {
      const result = results.get(table.table.TableName) as TableResult;
      const planned = table.changes.find(({ change }) => change.kind === kind);
      if (planned && planned.change.action !== 'skip' && isGoing(result)) {
        await changeOne(scope, table, planned, result);
      }
      onProgress({ done: ++done, total });
    });
    scope.signal.throwIfAborted();
  }
  return { results: [...results.values()], durationMs: scope.clock.now().getTime() - startMs };
}

function isGoing({ outcome }: TableResult): boolean {
  return outcome === 'unchanged' || outcome === 'changed';
}

// A table with one object in conflict gets none: half a table is of no use, and its role could be somebody else's.
function conflictOf({ table, changes }: TablePlan): TableResult {
  const conflict = changes.find(({ change }) => change.action === 'conflict')?.change;
  return {
    TableName: table.TableName,
    outcome: conflict ? 'conflict' : 'unchanged',
    done: [],
    ...(conflict ? { message: `${conflict.kind} ${conflict.name}: ${conflict.reason}.` } : {}),
  };
}

async function makeDatabase(scope: CatalogScope, { wanted }: PlannedChange): Promise<void> {
  try {
    await databaseHandler(scope).create(wanted);
  } catch (error) {
    // Somebody made it since the plan, which is all that is asked for.
    if (!isAwsError(error, 'AlreadyExistsException')) throw error;
  }
}

async function changeOne(
  scope: CatalogScope,
  { table }: TablePlan,
  { change, wanted }: PlannedChange,
  result: TableResult,
): Promise<void> {
  const ofTable = tableScope(scope, table.TableName);
  const handler: ResourceHandler = change.kind === 'role' ? roleHandler(ofTable) : crawlerHandler(ofTable);
  const step = `${change.isAdoption ? 'adopt' : change.action} ${change.kind} ${change.name}`;
  try {
    if (change.action === 'create') await createOnce(handler, wanted);
    else {
      if (change.isAdoption) await handler.adopt(change.name);
      const current = await handler.observe(change.name);
      if (!current) throw new GluepotError('conflict', 'it was deleted since the plan. Plan again');
      if (change.differences.length > 0) await handler.update(wanted, current);
    }
    result.outcome = 'changed';
    result.done.push(step);
  } catch (error) {
    if (scope.signal.aborted) throw error;
    const isConflict =
      isAwsError(error, ...ALREADY_THERE) || (error instanceof GluepotError && error.kind === 'conflict');
    const failure = asGluepotError(error);
    result.outcome = isConflict ? 'conflict' : 'failed';
    result.message = `${step}: ${failure.message}`;
  }
}

/** What an earlier try of the same call made, its answer lost, or what another apply made meanwhile, is brought to `wanted`. */
async function createOnce(handler: ResourceHandler, wanted: Resource): Promise<void> {
  try {
    await handler.create(wanted);
  } catch (error) {
    if (!isAwsError(error, ...ALREADY_THERE)) throw error;
    const current = await handler.observe(wanted.name);
    if (current?.ownership.kind !== 'ours') throw error;
    await handler.update(wanted, current);
  }
}

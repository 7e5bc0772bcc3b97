// Tables put in the place of others: one UpdateTable each, so that a reader finds the old definition or the new one.
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { TableInput } from '@aws-sdk/client-glue';
import {
  applyPlan,
  buildPlan,
  checkGuards,
  decideChange,
  type Change,
  type Knowledge,
  type Plan,
} from '../../../change/index.js';
import { observeTable } from '../../../change/observe-catalog.js';
import type { LaunchScope } from '../launch-scope.js';
import type { TableSwap } from './build-tables.js';

/** What a swap changes, checked before anything is done. @throws GluepotError `guard-refused` for a table that is protected */
export function planSwaps(scope: LaunchScope, runKey: string, swaps: readonly TableSwap[]): Promise<Plan> {
  const changes = swaps.map((swap): Change => {
    const { before, after } = swap;
    return {
      action: before ? 'update' : 'create',
      key: keyOf(swap),
      ...(before ? { current: before } : {}),
      wanted: after,
      reason: 'The launch remakes it.',
      evidence: [],
    };
  });
  return planOf(scope, runKey, changes);
}

/**
 * @throws GluepotError `conflict` when somebody changed a table since it was looked at: nothing is swapped then;
 *   PartialApplyError when some were
 */
export async function swapTables(scope: LaunchScope, plan: Plan): Promise<void> {
  const { clients, clock, ids, signal } = scope;
  await applyPlan({ glue: clients.glue, signal }, plan, { clock, ids, signal });
}

export interface SwappedBack {
  /** Tables that are as they were before the launch again. */
  swappedBack: number;
  /** Somebody has changed them since: they stay as they are. */
  kept: string[];
}

/** Puts back what the tables were, where they still are what the launch made of them. */
export async function swapBack(
  scope: LaunchScope,
  runKey: string,
  swaps: readonly TableSwap[],
): Promise<SwappedBack> {
  const access = { glue: scope.clients.glue, signal: scope.signal };
  const changes: Change[] = [];
  for (const swap of swaps) {
    const current = await observeTable(access, swap.DatabaseName, swap.TableName);
    changes.push(
      decideChange({ key: keyOf(swap), base: known(swap.after), wanted: known(swap.before), current }),
    );
  }
  const acting = changes.filter(({ action }) => action === 'update' || action === 'delete');
  if (acting.length > 0) await swapTables(scope, await planOf(scope, runKey, acting));
  const kept = changes.filter(({ action }) => action === 'conflict');
  return { swappedBack: acting.length, kept: kept.map(({ reason }) => reason) };
}

function keyOf({ DatabaseName, TableName }: TableSwap) {
  return { kind: 'table' as const, DatabaseName, TableName };
}

function known(definition: TableInput | undefined): Knowledge {
  return { known: true, definition, evidence: [] };
}

async function planOf(scope: LaunchScope, runKey: string, changes: readonly Change[]): Promise<Plan> {
  const { clients, clock, ids, signal } = scope;
  const { Account = '' } = await clients.sts.send(new GetCallerIdentityCommand({}), { abortSignal: signal });
  const region = await clients.glue.config.region();
  const subject = { operation: 'job-launch' as const, resolved: { runKey } };
  const plan = buildPlan({ accountId: Account, region, subject, changes }, { clock, ids });
  checkGuards(plan, {});
  return plan;
}

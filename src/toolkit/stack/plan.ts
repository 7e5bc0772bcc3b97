// observe and decide: a stack file and an account in, a plan out. Nothing is changed.
import { decideChanges, type StackChange } from './decide.js';
import { decideRuns, type RunDecision } from './decide-runs.js';
import { observeStack } from './observe.js';
import type { WantedObject } from './resource.js';
import type { StoredRecord } from './stack-record.js';
import type { StackSpec } from './spec.js';
import type { StackScope } from './stack-scope.js';
import { wantedObjects } from './uploads.js';
import { wantedStack, type WantedStack } from './wanted.js';

export interface StackPlan {
  wanted: WantedStack;
  objects: WantedObject[];
  changes: StackChange[];
  runs: RunDecision[];
  stored: StoredRecord | undefined;
}

export interface PlanOptions {
  /** Take over resources of the same name that are not this stack's. */
  adopt?: boolean;
  /** Run every crawler and job of `run`, changed or not. */
  run?: boolean;
}

/**
 * @param folder what relative paths in the spec start from: its file's folder
 * @throws GluepotError `usage` for uploads that are not there
 */
export async function planStack(
  scope: StackScope,
  spec: StackSpec,
  folder: string,
  options: PlanOptions = {},
): Promise<StackPlan> {
  const wanted = wantedStack(spec, scope);
  const objects = [...(await wantedObjects(wanted.uploads, folder)), ...wanted.ingestObjects()];
  const observed = await observeStack(scope, wanted, {
    ...options,
    keys: objects.map((object) => object.key),
  });
  const record = observed.stored?.record;
  const changes = decideChanges({
    resources: wanted.resources,
    objects,
    observed: observed.resources,
    observedObjects: observed.objects,
    record,
    adopt: options.adopt ?? false,
  });
  const runs = decideRuns(wanted.run, observed.lastRuns, changes, {
    force: options.run ?? false,
    isUnfinished: record?.state === 'applying',
  });
  return { wanted, objects, changes, runs, stored: observed.stored };
}

export interface PlanCounts {
  create: number;
  update: number;
  delete: number;
  conflict: number;
  run: number;
}

export function countPlan(plan: Pick<StackPlan, 'changes' | 'runs'>): PlanCounts {
  const count = (action: StackChange['action']) =>
    plan.changes.filter((change) => change.action === action).length;
  return {
    create: count('create'),
    update: count('update'),
    delete: count('delete'),
    conflict: count('conflict'),
    run: plan.runs.filter((run) => run.action === 'run').length,
  };
}

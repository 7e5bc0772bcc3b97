// Takes a stack away again: observe, decide, show; then delete what was decided and report what is left.
import { DeleteTableCommand } from '@aws-sdk/client-glue';
import { GluepotError, messageOf } from '../../base/errors.js';
import { isAwsError } from '../../aws/aws-failure.js';
import type { StackProgress } from './apply.js';
import { decideDestroy, isOwnKey, type DestroyStep } from './decide-destroy.js';
import { deleteObjects, listObjects } from './objects.js';
import { observeStack } from './observe.js';
import { resourceHandlers } from './resource-handlers.js';
import type { StackSpec } from './spec.js';
import { RECORD_KEY } from './stack-record.js';
import type { StackScope } from './stack-scope.js';
import { listTables } from './tables.js';
import { wantedStack } from './wanted.js';

export interface DestroyPlan {
  bucket: string;
  prefixes: string[];
  steps: DestroyStep[];
  includeForeign: boolean;
}

export async function planDestroy(
  scope: StackScope,
  spec: StackSpec,
  options: { includeForeign?: boolean } = {},
): Promise<DestroyPlan> {
  const wanted = wantedStack(spec, scope);
  const observed = await observeStack(scope, wanted);
  const recordedKeys = (observed.stored?.record.objects ?? []).map((object) => object.key);
  const bucket = observed.resources.find((item) => item.kind === 'bucket');
  // An adopted bucket held things before: only what is on record as written by this stack is known to be its own.
  const prefixes =
    bucket?.ownership.kind === 'adopted' ? recordedKeys : [...wanted.prefixes, ...recordedKeys];
  const includeForeign = options.includeForeign ?? false;
  const databases = observed.resources.filter(
    (item) => item.kind === 'database' && item.ownership.kind === 'ours',
  );
  const tables = await Promise.all(
    databases.map(async ({ name }) => [name, await listTables(scope, name)] as const),
  );

  const steps = decideDestroy({
    observed: observed.resources,
    tables: Object.fromEntries(tables),
    objectCounts:
      bucket && bucket.ownership.kind !== 'foreign'
        ? await countObjects(scope, wanted.bucket, prefixes)
        : { own: 0, others: 0 },
    roleNames: wanted.roles,
    includeForeign,
  });
  return { bucket: wanted.bucket, prefixes, steps, includeForeign };
}

async function countObjects(scope: StackScope, bucket: string, prefixes: readonly string[]) {
  const counts = { own: 0, others: 0 };
  for await (const { key } of listObjects(scope, bucket))
    counts[isOwnKey(key, prefixes) ? 'own' : 'others']++;
  return counts;
}

export interface DestroyReport {
  deleted: DestroyStep[];
  /** What is still there, with the reason. */
  kept: DestroyStep[];
}

/** @throws GluepotError `partial-apply` when a deletion failed after others were made; destroying again goes on */
export async function destroyStack(
  scope: StackScope,
  plan: DestroyPlan,
  onProgress: (progress: StackProgress) => void = () => {},
): Promise<DestroyReport> {
  const deleted: DestroyStep[] = [];
  const todo = plan.steps.filter((step) => step.action === 'delete');
  for (const item of todo) {
    const step = `delete ${item.kind} ${item.name}`;
    onProgress({ step, state: 'started' });
    try {
      await deleteOne(scope, plan, item);
    } catch (error) {
      throw destroyFailure(scope, step, error, deleted.length, todo.length);
    }
    deleted.push(item);
    onProgress({ step, state: 'done' });
  }
  return { deleted, kept: plan.steps.filter((step) => step.action === 'keep') };
}

async function deleteOne(scope: StackScope, plan: DestroyPlan, item: DestroyStep): Promise<void> {
  if (item.kind === 'objects') return deleteOwnObjects(scope, plan);
  if (item.kind === 'table') return deleteTable(scope, item.name);
  try {
    await resourceHandlers(scope)[item.kind].delete(item.name);
  } catch (error) {
    if (!isAwsError(error, 'BucketNotEmpty')) throw error;
    throw new GluepotError(
      'conflict',
      `Bucket ${item.name} is not empty: something was written to it meanwhile, or it keeps old versions of objects. ` +
        'Destroy again; delete versions by hand.',
      { cause: error },
    );
  }
}

// The record goes last, so that a destroy that is cut short still finds what it was about.
async function deleteOwnObjects(scope: StackScope, plan: DestroyPlan): Promise<void> {
  await deleteObjects(
    scope,
    plan.bucket,
    '',
    (key) => key !== RECORD_KEY && (plan.includeForeign || isOwnKey(key, plan.prefixes)),
  );
  await deleteObjects(scope, plan.bucket, RECORD_KEY, (key) => key === RECORD_KEY);
}

async function deleteTable(scope: StackScope, name: string): Promise<void> {
  const dotAt = name.indexOf('.');
  try {
    await scope.clients.glue.send(
      new DeleteTableCommand({ DatabaseName: name.slice(0, dotAt), Name: name.slice(dotAt + 1) }),
      { abortSignal: scope.signal },
    );
  } catch (error) {
    if (!isAwsError(error, 'EntityNotFoundException')) throw error;
  }
}

function destroyFailure(
  scope: StackScope,
  step: string,
  error: unknown,
  doneCount: number,
  count: number,
): unknown {
  if (scope.signal.aborted || doneCount === 0) return error;
  if (error instanceof GluepotError && error.kind !== 'failed') return error;
  return new GluepotError(
    'partial-apply',
    `${step} failed: ${messageOf(error)}\n${doneCount} of ${count} deletions are made. Destroy again to go on.`,
    { cause: error },
  );
}

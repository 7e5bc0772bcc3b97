// act and record: makes exactly the changes of a plan, then runs what it says. Applying again goes on where this stopped.
import { GluepotError } from '../../base/errors.js';
import { asGluepotError, isAwsError } from '../../aws/aws-failure.js';
import { runCrawler } from './crawl.js';
import type { StackChange } from './decide.js';
import type { RunDecision } from './decide-runs.js';
import { runJob } from './job-run.js';
import { deleteKeys, deleteObjects, putObject } from './objects.js';
import { countPlan, type PlanCounts, type StackPlan } from './plan.js';
import { resourceHandlers } from './resource-handlers.js';
import type { ResourceHandler } from './resource.js';
import { writeStackRecord, type RecordedObject } from './stack-record.js';
import type { StackScope } from './stack-scope.js';

const RUN_TIMEOUT_MINUTES = 60;

export interface StackProgress {
  /** What is being done, e.g. `create crawler demo-crawler`. */
  step: string;
  state: 'started' | 'waiting' | 'done';
  /** The state that AWS shows, or what came out. */
  detail?: string;
}

export interface AppliedRun {
  kind: 'crawler' | 'job';
  name: string;
  /** Milliseconds. */
  durationMs: number;
}

export interface ApplyReport {
  counts: PlanCounts;
  runs: AppliedRun[];
  /** Milliseconds. */
  durationMs: number;
}

/**
 * @throws GluepotError `conflict` before anything is done when the plan has conflicts, or when somebody else was quicker;
 *   `partial-apply` when a change failed after others were made; `failed` or `timed-out` for a crawl or a run
 */
export async function applyStack(
  scope: StackScope,
  plan: StackPlan,
  onProgress: (progress: StackProgress) => void = () => {},
): Promise<ApplyReport> {
  refuseConflicts(plan);
  const startMs = scope.clock.now().getTime();
  const counts = countPlan(plan);
  const runs = plan.runs.filter((run) => run.action === 'run');
  const isUpToDate = counts.create + counts.update + counts.delete + counts.run === 0;
  const done: AppliedRun[] = [];
  if (!isUpToDate || plan.stored?.record.state !== 'applied') {
    const applied = await makeChanges(scope, plan, onProgress);
    for (const run of runs) done.push(await runStep(scope, plan.wanted.bucket, run, onProgress));
    await applied.finish();
  }
  return { counts, runs: done, durationMs: scope.clock.now().getTime() - startMs };
}

function refuseConflicts(plan: StackPlan): void {
  const conflicts = plan.changes.filter((change) => change.action === 'conflict');
  if (conflicts.length === 0) return;
  throw new GluepotError(
    'conflict',
    [
      'Nothing was done, because of conflicts:',
      ...conflicts.map((item) => `  ${item.kind} ${item.name}: ${item.reason}.`),
    ].join('\n'),
  );
}

async function makeChanges(
  scope: StackScope,
  plan: StackPlan,
  onProgress: (progress: StackProgress) => void,
) {
  const { wanted } = plan;
  const handlers = resourceHandlers(scope);
  const recorded = new Map((plan.stored?.record.objects ?? []).map((object) => [object.key, object]));
  const todo = plan.changes.filter((change) => change.action !== 'skip');
  const isBucketThere = !todo.some((change) => change.kind === 'bucket' && change.action === 'create');
  let etag = plan.stored?.etag;
  let doneCount = 0;

  const recordIntent = async () => {
    const previous = plan.stored?.record.resources ?? [];
    etag = await writeStackRecord(
      scope,
      wanted.bucket,
      {
        state: 'applying',
        resources: [...previous, ...wanted.resources],
        objects: intendedObjects(plan, recorded),
      },
      etag,
    );
  };

  if (isBucketThere) await recordIntent();
  for (const change of todo) {
    const step = `${change.isAdoption ? 'adopt' : change.action} ${change.kind} ${change.name}`;
    onProgress({ step, state: 'started' });
    try {
      if (change.kind === 'object') await changeObject(scope, plan, change, recorded);
      else await changeResource(plan, change, handlers[change.kind]);
      if (change.kind === 'bucket' && change.action === 'create') await recordIntent();
    } catch (error) {
      throw changeFailure(scope, change, error, doneCount, todo.length);
    }
    doneCount++;
    onProgress({ step, state: 'done' });
  }
  return {
    async finish() {
      const wantedKeys = new Set(plan.objects.map((object) => object.key));
      const objects = [...recorded.values()].filter((object) => wantedKeys.has(object.key));
      await writeStackRecord(
        scope,
        wanted.bucket,
        { state: 'applied', resources: wanted.resources, objects },
        etag,
      );
    },
  };
}

// An object that is about to be written is recorded without an ETag: ours, but not as anything in particular.
function intendedObjects(plan: StackPlan, recorded: ReadonlyMap<string, RecordedObject>): RecordedObject[] {
  const intended = new Map(recorded);
  for (const object of plan.objects) {
    if (!recorded.has(object.key))
      intended.set(object.key, { key: object.key, sha256: object.sha256, etag: '' });
  }
  return [...intended.values()];
}

async function changeObject(
  scope: StackScope,
  { wanted, objects }: StackPlan,
  change: StackChange,
  recorded: Map<string, RecordedObject>,
): Promise<void> {
  if (change.action === 'delete') {
    await deleteKeys(scope, wanted.bucket, [change.name]);
    recorded.delete(change.name);
    return;
  }
  const object = objects.find((item) => item.key === change.name);
  if (!object) throw new Error(`plan without its object ${change.name}`);
  const etag = await putObject(scope, wanted.bucket, object);
  recorded.set(object.key, { key: object.key, sha256: object.sha256, etag });
}

async function changeResource(
  { wanted }: StackPlan,
  change: StackChange,
  handler: ResourceHandler,
): Promise<void> {
  if (change.action === 'delete') return handler.delete(change.name);
  const resource = wanted.resources.find((item) => item.kind === change.kind && item.name === change.name);
  if (!resource) throw new Error(`plan without its resource ${change.kind} ${change.name}`);
  if (change.action === 'create') return handler.create(resource);
  if (change.isAdoption) await handler.adopt(change.name);
  const current = await handler.observe(change.name);
  if (!current)
    throw new GluepotError(
      'conflict',
      `${change.kind} ${change.name} was deleted since the plan. Plan again.`,
    );
  if (change.differences.length > 0) await handler.update(resource, current);
}

function changeFailure(
  scope: StackScope,
  change: StackChange,
  error: unknown,
  doneCount: number,
  count: number,
): unknown {
  if (scope.signal.aborted || (error instanceof GluepotError && error.kind === 'timed-out')) return error;
  const what = `${change.action} ${change.kind} ${change.name}`;
  if (
    isAwsError(
      error,
      'AlreadyExistsException',
      'EntityAlreadyExistsException',
      'EntityAlreadyExists',
      'IdempotentParameterMismatchException',
    )
  ) {
    return new GluepotError(
      'conflict',
      `${what}: somebody else made it since the plan (${error.message}). Plan again.`,
      { cause: error },
    );
  }
  const { kind, message } = asGluepotError(error);
  if (doneCount === 0) return new GluepotError(kind, `${what} failed: ${message}`, { cause: error });
  return new GluepotError(
    'partial-apply',
    `${what} failed: ${message}\n${doneCount} of ${count} changes are made. Apply again to go on: what is done is skipped.`,
    { cause: error },
  );
}

async function runStep(
  scope: StackScope,
  bucket: string,
  { kind, name, step }: RunDecision,
  onProgress: (progress: StackProgress) => void,
): Promise<AppliedRun> {
  const label = `run ${kind} ${name}`;
  const startMs = scope.clock.now().getTime();
  onProgress({ step: label, state: 'started' });
  for (const prefix of step.emptyFirst ?? []) {
    const count = await deleteObjects(scope, bucket, prefix);
    if (count > 0)
      onProgress({ step: label, state: 'waiting', detail: `${count} old objects deleted from ${prefix}` });
  }
  const options = {
    timeoutMs: (step.timeoutMinutes ?? RUN_TIMEOUT_MINUTES) * 60_000,
    onState: (detail: string) => onProgress({ step: label, state: 'waiting', detail }),
  };
  if (kind === 'crawler') await runCrawler(scope, name, options);
  else await runJob(scope, name, { ...options, arguments: step.arguments });
  const durationMs = scope.clock.now().getTime() - startMs;
  onProgress({ step: label, state: 'done' });
  return { kind, name, durationMs };
}

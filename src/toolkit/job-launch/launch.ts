// A launch, in the one order in which nothing is touched before the answer is yes: see docs/decisions/0012.
import { StartJobRunCommand } from '@aws-sdk/client-glue';
import { isAwsError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';
import { evaluate, skipped, type Decision, type Evaluation } from './evaluate.js';
import { jobRuns, runKeyOf } from './job-runs.js';
import { ignoredEvent, type LaunchEvent } from './launch-event.js';
import {
  isLaunching,
  type LaunchRecord,
  type LaunchRecords,
  type Lease,
  type Stored,
} from './launch-records.js';
import type { LaunchScope } from './launch-scope.js';
import { notify, outcomeNotice } from './notify.js';
import { placeholderValues, type PlaceholderValues } from './placeholders.js';
import { prepare, undoPreparation, type Prepared } from './prepare.js';
import { runArguments } from './run-arguments.js';
import type { LaunchSpec } from './spec.js';

export interface LaunchOutcome extends Evaluation {
  /** With `launch` only. */
  run?: LaunchRecord;
  /** Of `notify`: who could not be told, and why. */
  notNotified?: string[];
}

export interface LaunchRequest {
  spec: LaunchSpec;
  records: LaunchRecords;
  /** Undefined for a sweep. */
  event: LaunchEvent | undefined;
}

/**
 * Starts the job if everything is as it must be, at most once for an event and for events that come together. A no is an
 * outcome, with its reason.
 * @throws GluepotError `conflict` when another launcher took over because this one was slower than its lease; what was cleared
 *   is put back whenever no run was started
 */
export async function launch(scope: LaunchScope, request: LaunchRequest): Promise<LaunchOutcome> {
  const { records, event, spec } = request;
  if (!event) return notified(scope, request, await launchClaimed(scope, request));
  // Events that nobody acts on are not claimed: most of them are of jobs that have just begun.
  const ignored = await ignoredEvent(scope, spec, event);
  if (ignored) return skipped(ignored);
  const claim = await records.claim(event.id, scope.clock.now(), spec.policy.leaseMinutes * 60_000);
  if (!claim) return no('skip', 'duplicate-event', `Event ${event.id} was taken before.`);
  const outcome = await launchClaimed(scope, request);
  await records.settleClaim(claim, `${outcome.decision}: ${outcome.reason}`);
  return notified(scope, request, outcome);
}

async function notified(
  scope: LaunchScope,
  { spec, event }: LaunchRequest,
  outcome: LaunchOutcome,
): Promise<LaunchOutcome> {
  const notNotified = await notify(scope, spec, outcomeNotice(scope, spec, outcome, event?.id));
  return notNotified.length > 0 ? { ...outcome, notNotified } : outcome;
}

async function launchClaimed(scope: LaunchScope, request: LaunchRequest): Promise<LaunchOutcome> {
  const { evaluation, lease } = await evaluate(scope, request);
  if (evaluation.decision !== 'launch') return evaluation;
  const held = await acquire(scope, request, lease);
  if (!held) return no('wait', 'being-launched', 'Another launcher was quicker.');
  const recovered = lease && (await recover(scope, request, held, lease.content));
  if (recovered) return recovered;
  const { evaluation: again } = await evaluate(scope, { ...request, ownLease: held.current() });
  if (again.decision === 'launch') return carryOut(scope, request, held, again);
  await held.put({ phase: 'free' });
  return again;
}

class LeaseLost extends GluepotError {}

interface HeldLease {
  current(): Stored<Lease>;
  /** Writes it with more time. @throws LeaseLost when it is somebody else's by now */
  put(change: Partial<Lease>): Promise<void>;
}

async function acquire(
  scope: LaunchScope,
  { spec, records }: LaunchRequest,
  previous: Stored<Lease> | undefined,
): Promise<HeldLease | undefined> {
  const now = scope.clock.now();
  const expiry = () =>
    new Date(scope.clock.now().getTime() + spec.policy.leaseMinutes * 60_000).toISOString();
  const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const lease: Lease = {
    phase: 'gates',
    token: (previous?.content.token ?? 0) + 1,
    runKey: `${stamp}-${scope.ids.hex(4)}`,
    expiresAt: expiry(),
    ...(previous?.content.startedAt === undefined ? {} : { startedAt: previous.content.startedAt }),
  };
  try {
    let current = await records.putLease(lease, previous);
    return {
      current: () => current,
      async put(change) {
        try {
          current = await records.putLease({ ...current.content, expiresAt: expiry(), ...change }, current);
        } catch (error) {
          if (!isConflict(error)) throw error;
          throw new LeaseLost(
            'conflict',
            `The launch of ${lease.runKey} was slower than its lease of ${spec.policy.leaseMinutes} minutes, and another took over. ` +
              'Raise policy.leaseMinutes.',
            { cause: error },
          );
        }
      },
    };
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}

const isConflict = (error: unknown) => error instanceof GluepotError && error.kind === 'conflict';

/** What a launcher that died has left: its run is taken over, or what it cleared is put back. */
async function recover(
  scope: LaunchScope,
  { spec, records }: LaunchRequest,
  held: HeldLease,
  left: Lease,
): Promise<LaunchOutcome | undefined> {
  if (!isLaunching(left)) return undefined;
  for await (const run of jobRuns(scope, spec.start.job)) {
    if (runKeyOf(run) !== left.runKey) continue;
    const startedAt = (run.StartedOn ?? scope.clock.now()).toISOString();
    await held.put({ phase: 'running', runKey: left.runKey, runId: run.Id, startedAt });
    return no(
      'skip',
      'run-taken-over',
      `Run ${run.Id} was started by a launcher that died before it could say so.`,
    );
  }
  await undoPreparation(scope, records, left.runKey);
  return undefined;
}

async function carryOut(
  scope: LaunchScope,
  request: LaunchRequest,
  held: HeldLease,
  evaluation: Evaluation,
): Promise<LaunchOutcome> {
  const { spec, records, event } = request;
  const { runKey, token: fencingToken } = held.current().content;
  const now = scope.clock.now();
  const values = placeholderValues(spec.start.window, { runKey, fencingToken, now });
  const Arguments = runArguments(spec.start, values);
  const { prepared, runId } = await prepareAndStart(scope, request, held, values, Arguments);
  if (runId === undefined) {
    return no(
      'wait',
      'run-at-work',
      `Glue has a run of job ${spec.start.job} at work, which began just now.`,
    );
  }
  const startedAt = now.toISOString();
  await held.put({ phase: 'running', runId, startedAt });
  const run: LaunchRecord = {
    runKey,
    runId,
    fencingToken,
    startedAt,
    ...(event ? { eventId: event.id } : {}),
    isBatchIgnored: event?.ignoreBatchChecks ?? false,
    gates: evaluation.gates,
    arguments: Arguments,
    ...prepared,
  };
  await records.putRecord(run);
  return { ...evaluation, run };
}

/** Without a run nothing stays prepared, and nobody has to wait for the lease to expire. */
async function prepareAndStart(
  scope: LaunchScope,
  { spec, records }: LaunchRequest,
  held: HeldLease,
  values: PlaceholderValues,
  Arguments: Record<string, string>,
): Promise<{ prepared: Prepared; runId: string | undefined }> {
  const { runKey } = values;
  const giveUp = async () => {
    await undoPreparation(scope, records, runKey);
    await held.put({ phase: 'free' });
  };
  try {
    const keepLease = (phase?: Lease['phase']) => held.put(phase ? { phase } : {});
    const prepared = await prepare(scope, { spec: spec.prepare, records, values, keepLease });
    await held.put({ phase: 'starting' });
    const runId = await startRun(scope, spec.start.job, runKey, Arguments);
    if (runId === undefined) await giveUp();
    return { prepared, runId };
  } catch (error) {
    // Who has taken the lease over has put back what was cleared, and must not find it put back again later.
    if (!(error instanceof LeaseLost)) await giveUp();
    throw error;
  }
}

/** Undefined when another run is at work. A start whose answer was lost is known again by its run key. */
async function startRun(
  scope: LaunchScope,
  JobName: string,
  runKey: string,
  Arguments: Record<string, string>,
): Promise<string | undefined> {
  try {
    const { JobRunId } = await scope.clients.glue.send(new StartJobRunCommand({ JobName, Arguments }), {
      abortSignal: scope.signal,
    });
    return JobRunId;
  } catch (error) {
    for await (const run of jobRuns({ ...scope, signal: undefined }, JobName)) {
      if (runKeyOf(run) === runKey) return run.Id;
    }
    if (isAwsError(error, 'ConcurrentRunsExceededException')) return undefined;
    throw error;
  }
}

function no(decision: Exclude<Decision, 'launch'>, reason: string, message: string): LaunchOutcome {
  return { decision, reason, message, gates: [] };
}

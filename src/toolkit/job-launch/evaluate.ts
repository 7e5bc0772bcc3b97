// All that is to be known before a launch, looked at and decided. Changes nothing.
import { GetJobCommand, type JobRun } from '@aws-sdk/client-glue';
import { isAwsError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';
import { decidePolicy } from './decide-policy.js';
import { checkGates } from './gates/check-gates.js';
import type { GateResult } from './gates/gate.js';
import { jobRuns } from './job-runs.js';
import { decideDependency, ignoredEvent, type LaunchEvent } from './launch-event.js';
import type { LaunchRecords, Lease, Stored } from './launch-records.js';
import type { LaunchScope } from './launch-scope.js';
import type { LaunchSpec } from './spec.js';

/** `skip`: not an event to act on. `wait`: another event, or the sweep, may find it otherwise. `refuse`: somebody has to act. */
export type Decision = 'launch' | 'wait' | 'skip' | 'refuse';

export interface Evaluation {
  decision: Decision;
  /** That of the first gate that does not pass; `all-gates-pass` when all do. */
  reason: string;
  message: string;
  gates: GateResult[];
}

export interface Evaluated {
  evaluation: Evaluation;
  /** As it was before anything else was looked at. */
  lease: Stored<Lease> | undefined;
}

/** As `evaluate`, and whether the event is one to act on at all. */
export async function evaluateEvent(
  scope: LaunchScope,
  request: { spec: LaunchSpec; records: LaunchRecords; event: LaunchEvent | undefined },
): Promise<Evaluation> {
  const ignored = request.event && (await ignoredEvent(scope, request.spec, request.event));
  if (ignored) return skipped(ignored);
  return (await evaluate(scope, request)).evaluation;
}

export function skipped(ignored: GateResult): Evaluation {
  return { decision: 'skip', reason: ignored.reason, message: ignored.message, gates: [ignored] };
}

/**
 * @param event undefined for a sweep, which looks at everything but events
 * @param ownLease the asker's own, which does not stand in its way
 * @throws GluepotError `usage` when there is no such job; AWS's own errors
 */
export async function evaluate(
  scope: LaunchScope,
  {
    spec,
    records,
    event,
    ownLease,
  }: {
    spec: LaunchSpec;
    records: LaunchRecords;
    event: LaunchEvent | undefined;
    ownLease?: Stored<Lease>;
  },
): Promise<Evaluated> {
  // The lease first: whoever takes it afterwards makes the next conditional write of it fail.
  const lease = ownLease ?? (await records.lease());
  const gates = [
    ...(event ? [decideDependency(event, spec.policy)] : []),
    ...(await checkGates(scope, spec, { isBatchIgnored: event?.ignoreBatchChecks ?? false })),
  ];
  const facts = await jobFacts(scope, spec.start.job);
  const policy = decidePolicy(
    { ...facts, lease: ownLease ? undefined : lease?.content, eventTime: event?.time },
    { job: spec.start.job, policy: spec.policy },
    scope.clock.now(),
  );
  return { evaluation: decided([...gates, ...policy]), lease };
}

async function jobFacts(
  scope: LaunchScope,
  JobName: string,
): Promise<{ runs: JobRun[]; MaxConcurrentRuns: number }> {
  try {
    const { Job } = await scope.clients.glue.send(new GetJobCommand({ JobName }), {
      abortSignal: scope.signal,
    });
    const runs: JobRun[] = [];
    for await (const run of jobRuns(scope, JobName)) runs.push(run);
    // AWS docs, ExecutionProperty: the default is 1.
    return { runs, MaxConcurrentRuns: Job?.ExecutionProperty?.MaxConcurrentRuns ?? 1 };
  } catch (error) {
    if (!isAwsError(error, 'EntityNotFoundException')) throw error;
    throw new GluepotError('usage', `There is no Glue job ${JobName}, which the spec's start.job names.`, {
      cause: error,
    });
  }
}

function decided(gates: GateResult[]): Evaluation {
  const stops =
    gates.find(({ verdict }) => verdict === 'block') ?? gates.find(({ verdict }) => verdict === 'wait');
  if (!stops)
    return { decision: 'launch', reason: 'all-gates-pass', message: 'Everything is as it must be.', gates };
  const { verdict, reason, message } = stops;
  return { decision: verdict === 'block' ? 'refuse' : 'wait', reason, message, gates };
}

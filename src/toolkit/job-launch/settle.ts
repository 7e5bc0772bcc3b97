// The end of a run, told by its own event: the lease is freed, and what ended while it was at work is looked at.
import { GluepotError } from '../../base/errors.js';
import type { LaunchOutcome } from './launch.js';
import type { LaunchRecords } from './launch-records.js';
import type { LaunchScope } from './launch-scope.js';
import type { LaunchSpec } from './spec.js';
import { notify } from './notify.js';
import { sweep } from './sweep.js';

/** AWS docs, "Automating AWS Glue with EventBridge": a run's states that its event tells of. */
const ENDS: readonly string[] = ['SUCCEEDED', 'FAILED', 'TIMEOUT', 'STOPPED'];

export interface RunChange {
  jobName: string;
  jobRunId: string;
  state: string;
}

/** Frees the lease only of the very run that ended; then sweeps, for events that came meanwhile were answered with "wait". */
export async function settle(
  scope: LaunchScope,
  { spec, records }: { spec: LaunchSpec; records: LaunchRecords },
  { jobName, jobRunId, state }: RunChange,
): Promise<LaunchOutcome> {
  if (jobName !== spec.start.job) return skip('other-job', `Job ${jobName} is not what is launched.`);
  if (!ENDS.includes(state)) return skip('run-not-ended', `Run ${jobRunId} is ${state}.`);
  const lease = await records.lease();
  let notNotified: string[] = [];
  if (lease?.content.phase === 'running' && lease.content.runId === jobRunId) {
    const { runKey, token: fencingToken } = lease.content;
    try {
      await records.putLease({ ...lease.content, phase: 'free' }, lease);
    } catch (error) {
      // A launcher has taken it since, which it may: it has seen that the run is over.
      if (!(error instanceof GluepotError && error.kind === 'conflict')) throw error;
    }
    notNotified = await notify(scope, spec, {
      ...{ schemaVersion: 1, kind: 'run-ended', name: spec.name, job: jobName },
      ...{ at: scope.clock.now().toISOString(), reason: state, message: `Run ${jobRunId} is ${state}.` },
      ...{ runKey, runId: jobRunId, fencingToken },
    });
  }
  const { notNotified: more = [], ...outcome } = await sweep(scope, { spec, records });
  const all = [...notNotified, ...more];
  return all.length > 0 ? { ...outcome, notNotified: all } : outcome;
}

function skip(reason: string, message: string): LaunchOutcome {
  return { decision: 'skip', reason, message, gates: [] };
}

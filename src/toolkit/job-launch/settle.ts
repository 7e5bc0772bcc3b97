// The end of a run, told by its own event: the lease is freed, and what ended while it was at work is looked at.
import { GluepotError } from '../../base/errors.js';
import type { LaunchOutcome } from './launch.js';
import type { LaunchRecords } from './launch-records.js';
import type { LaunchScope } from './launch-scope.js';
import type { LaunchSpec } from './spec.js';
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
  if (lease?.content.phase === 'running' && lease.content.runId === jobRunId) {
    try {
      await records.putLease({ ...lease.content, phase: 'free' }, lease);
    } catch (error) {
      // A launcher has taken it since, which it may: it has seen that the run is over.
      if (!(error instanceof GluepotError && error.kind === 'conflict')) throw error;
    }
  }
  return sweep(scope, { spec, records });
}

function skip(reason: string, message: string): LaunchOutcome {
  return { decision: 'skip', reason, message, gates: [] };
}

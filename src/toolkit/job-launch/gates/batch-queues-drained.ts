// Batch queues with nothing left to do: found empty twice, so that what an ending job submits is seen.
import { ListJobsCommand, type JobStatus } from '@aws-sdk/client-batch';
import { mapConcurrently } from '../../../base/map-concurrently.js';
import type { LaunchScope } from '../launch-scope.js';
import type { GateSpec } from '../spec.js';
import type { GateResult } from './gate.js';

export type DrainedSpec = NonNullable<GateSpec['batchQueuesDrained']>;

const UNENDED: readonly JobStatus[] = ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING'];
const CONCURRENCY = 4;

export interface QueueState {
  queue: string;
  /** The first status, in the order of a job's life, in which a job was found. */
  busyIn?: JobStatus;
  /** Undefined when it was not asked. */
  hasEndedLately?: boolean;
}

/** Asks each queue for one job in each status: so many calls for ten jobs and for ten thousand. */
export async function observeQueues(scope: LaunchScope, spec: DrainedSpec): Promise<QueueState[]> {
  const first = await look(scope, spec);
  if (spec.settleSeconds === 0 || first.some(({ busyIn }) => busyIn !== undefined)) return first;
  await scope.clock.sleep(spec.settleSeconds * 1000, scope.signal);
  return look(scope, spec);
}

function look(scope: LaunchScope, { queues, activeWithinMinutes }: DrainedSpec): Promise<QueueState[]> {
  return mapConcurrently(queues, CONCURRENCY, async (queue): Promise<QueueState> => {
    for (const jobStatus of UNENDED) {
      if (await hasJob(scope, { jobQueue: queue, jobStatus })) return { queue, busyIn: jobStatus };
    }
    if (activeWithinMinutes === undefined) return { queue };
    const sinceMs = scope.clock.now().getTime() - activeWithinMinutes * 60_000;
    // AWS docs, ListJobs: with a filter of its own the status is not looked at.
    const filters = [{ name: 'AFTER_CREATED_AT', values: [String(sinceMs)] }];
    return { queue, hasEndedLately: await hasJob(scope, { jobQueue: queue, filters }) };
  });
}

/** AWS may answer a page without jobs and with a token. */
async function hasJob(
  scope: LaunchScope,
  input: ConstructorParameters<typeof ListJobsCommand>[0],
): Promise<boolean> {
  let nextToken: string | undefined;
  do {
    const page = await scope.clients.batch.send(new ListJobsCommand({ ...input, maxResults: 1, nextToken }), {
      abortSignal: scope.signal,
    });
    if ((page.jobSummaryList ?? []).length > 0) return true;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return false;
}

export function decideDrained(
  states: readonly QueueState[],
  { activeWithinMinutes }: DrainedSpec,
): GateResult {
  const gate = 'batchQueuesDrained';
  const busy = states.filter(({ busyIn }) => busyIn !== undefined);
  if (busy.length > 0) {
    const which = busy.map(({ queue, busyIn }) => `${queue} (${busyIn})`).join(', ');
    return { gate, verdict: 'wait', reason: 'queue-not-drained', message: `Jobs are left in ${which}.` };
  }
  const silent = states.filter(({ hasEndedLately }) => hasEndedLately === false);
  if (silent.length > 0) {
    const which = silent.map(({ queue }) => queue).join(', ');
    const message = `Nothing came to ${which} in the last ${activeWithinMinutes} minutes: empty, but perhaps not done.`;
    return { gate, verdict: 'wait', reason: 'queue-without-activity', message };
  }
  return {
    gate,
    verdict: 'pass',
    reason: 'drained',
    message: `${states.length} queues have nothing left to do.`,
  };
}

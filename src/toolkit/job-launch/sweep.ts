// The sweep: AWS delivers events at its best effort, so jobs whose end nobody was told of are looked for in Batch.
import { DescribeJobQueuesCommand, ListJobsCommand, type JobSummary } from '@aws-sdk/client-batch';
import { GluepotError } from '../../base/errors.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { queuesOf } from './batch-queues.js';
import { launch, type LaunchOutcome } from './launch.js';
import { parseLaunchEvent, type LaunchEvent } from './launch-event.js';
import type { LaunchRecords } from './launch-records.js';
import type { LaunchScope } from './launch-scope.js';
import type { LaunchSpec } from './spec.js';

const CONCURRENCY = 4;

/** AWS docs, ListJobs: the most jobs of a page. */
const PAGE_COUNT = 100;

/** AWS docs, "Job states": Batch keeps jobs that ended for a day at least; what is older cannot be told from what is gone. */
const LOOK_BACK_MS = 86_400_000;

export interface EndedJob {
  queue: string;
  job: JobSummary;
  endedAt: Date;
}

/**
 * Launches for the last job that ended since the last run was started, as its own event would have. Without such a job
 * nothing is started: that the gates pass says only that nothing is at work.
 */
export async function sweep(
  scope: LaunchScope,
  request: { spec: LaunchSpec; records: LaunchRecords },
): Promise<LaunchOutcome> {
  await request.records.expireClaims(scope.clock.now());
  return sweepJobs(scope, request);
}

async function sweepJobs(
  scope: LaunchScope,
  { spec, records }: { spec: LaunchSpec; records: LaunchRecords },
): Promise<LaunchOutcome> {
  const startedAt = (await records.lease())?.content.startedAt;
  const now = scope.clock.now();
  const earliestMs = now.getTime() - LOOK_BACK_MS;
  const sinceMs = startedAt === undefined ? earliestMs : Math.max(Date.parse(startedAt), earliestMs);
  const ended = await mapConcurrently(queuesOf(spec), CONCURRENCY, (queue) =>
    endedJobs(scope, queue, earliestMs, spec.policy.endedStatuses),
  );
  const last = lastEnded(ended.flat(), new Date(sinceMs));
  if (!last) {
    return {
      decision: 'skip',
      reason: 'nothing-ended',
      message: `No Batch job that this launch waits for has ended since ${new Date(sinceMs).toISOString()}.`,
      gates: [],
    };
  }
  const jobQueue = await queueArn(scope, last.queue);
  return launch(scope, { spec, records, event: eventOf(last, jobQueue, now) });
}

/** As events name a queue, so that a pattern in "on" says the same of a sweep as of an event. */
async function queueArn(scope: LaunchScope, queue: string): Promise<string> {
  if (queue.startsWith('arn:')) return queue;
  const { jobQueues = [] } = await scope.clients.batch.send(
    new DescribeJobQueuesCommand({ jobQueues: [queue] }),
    { abortSignal: scope.signal },
  );
  const arn = jobQueues[0]?.jobQueueArn;
  if (arn !== undefined) return arn;
  throw new GluepotError('conflict', `Batch queue ${queue}, in which a job has just ended, is gone.`);
}

/** The newest of those that ended after `since`; undefined when none did. */
export function lastEnded(jobs: readonly EndedJob[], since: Date): EndedJob | undefined {
  return jobs
    .filter(({ endedAt }) => endedAt > since)
    .reduce<EndedJob | undefined>(
      (last, one) => (last && last.endedAt >= one.endedAt ? last : one),
      undefined,
    );
}

async function endedJobs(
  scope: LaunchScope,
  queue: string,
  earliestMs: number,
  statuses: readonly string[],
): Promise<EndedJob[]> {
  const found: EndedJob[] = [];
  let nextToken: string | undefined;
  do {
    const page = await scope.clients.batch.send(
      new ListJobsCommand({
        jobQueue: queue,
        // AWS docs, ListJobs: a filter brings jobs of every status.
        filters: [{ name: 'AFTER_CREATED_AT', values: [String(earliestMs)] }],
        maxResults: PAGE_COUNT,
        nextToken,
      }),
      { abortSignal: scope.signal },
    );
    for (const job of page.jobSummaryList ?? []) {
      if (job.stoppedAt === undefined || !statuses.includes(job.status ?? '')) continue;
      found.push({ queue, job, endedAt: new Date(job.stoppedAt) });
    }
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  return found;
}

/** Each sweep asks anew: what was answered with "wait" before may have become a yes. */
function eventOf({ job, endedAt }: EndedJob, jobQueue: string, now: Date): LaunchEvent {
  return parseLaunchEvent({
    id: `sweep/${job.jobId}/${now.toISOString()}`,
    source: 'aws.batch',
    'detail-type': 'Batch Job State Change',
    time: endedAt.toISOString(),
    detail: { jobName: job.jobName, jobId: job.jobId, status: job.status, jobQueue },
  });
}

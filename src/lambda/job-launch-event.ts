// What the launch function is called with: an event to launch by, the end of a run, or a schedule's sweep.
import { literal, looseObject, picklist, safeParse, string } from 'valibot';
import { parseLaunchEvent, type LaunchEvent, type RunChange } from '../toolkit/job-launch/index.js';

export type JobLaunchRequest =
  { kind: 'launch'; event: LaunchEvent } | { kind: 'settle'; change: RunChange } | { kind: 'sweep' };

/** What rules and EventBridge Scheduler send; the template has the scheduler send just these two members. */
const SCHEDULED = looseObject({
  'detail-type': literal('Scheduled Event'),
  source: picklist(['aws.events', 'aws.scheduler']),
});

/** AWS docs, "Automating AWS Glue with EventBridge": what a run's event says. */
const RUN_CHANGE = looseObject({
  'detail-type': literal('Glue Job State Change'),
  source: literal('aws.glue'),
  detail: looseObject({ jobName: string(), jobRunId: string(), state: string() }),
});

/**
 * @param job the job that is launched: events of other jobs may be what it waits for
 * @throws GluepotError `usage` for what is no event
 */
export function readJobLaunchEvent(event: unknown, job: string): JobLaunchRequest {
  if (safeParse(SCHEDULED, event).success) return { kind: 'sweep' };
  const change = safeParse(RUN_CHANGE, event);
  if (change.success && change.output.detail.jobName === job) {
    const { jobName, jobRunId, state } = change.output.detail;
    return { kind: 'settle', change: { jobName, jobRunId, state } };
  }
  return { kind: 'launch', event: parseLaunchEvent(event) };
}

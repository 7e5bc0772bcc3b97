// The event that asks for a launch: what it must have, and whether it is one to act on.
import { TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import * as v from 'valibot';
import { GluepotError } from '../../base/errors.js';
import { queuesOf } from './batch-queues.js';
import type { GateResult } from './gates/gate.js';
import type { LaunchScope } from './launch-scope.js';
import type { LaunchSpec } from './spec.js';

const eventShape = v.looseObject({
  id: v.pipe(v.string(), v.nonEmpty()),
  source: v.string(),
  'detail-type': v.string(),
  time: v.optional(v.pipe(v.string(), v.isoTimestamp())),
  detail: v.record(v.string(), v.unknown()),
});
const batchDetail = v.looseObject({
  jobName: v.string(),
  status: v.string(),
  jobQueue: v.string(),
  stoppedAt: v.optional(v.number()),
});

export interface LaunchEvent {
  id: string;
  /** The event as it came. */
  document: Record<string, unknown>;
  /** When it happened: for a Batch job its end, to the millisecond; for others whole seconds. Missing in events written by hand. */
  time?: Date;
  batchJob?: { jobName: string; status: string; jobQueue: string };
  /** Somebody wants requirements of Batch passed unseen. */
  ignoreBatchChecks: boolean;
}

/** @throws GluepotError `usage` saying what is missing */
export function parseLaunchEvent(given: unknown): LaunchEvent {
  const parsed = v.safeParse(eventShape, given);
  if (!parsed.success) throw malformed(parsed.issues);
  const { id, source, detail, time, 'detail-type': detailType } = parsed.output;
  const event = {
    id,
    document: parsed.output,
    ignoreBatchChecks: flag(detail['ignoreBatchChecks']),
    ...(time === undefined ? {} : { time: new Date(time) }),
  };
  if (source !== 'aws.batch' || detailType !== 'Batch Job State Change') return event;
  const batch = v.safeParse(batchDetail, detail);
  if (!batch.success) throw malformed(batch.issues, 'detail.');
  const { jobName, status, jobQueue, stoppedAt } = batch.output;
  return {
    ...event,
    // An event's own time is cut to the second: a job that ended after a run was started would seem to have ended before.
    ...(stoppedAt === undefined ? {} : { time: new Date(stoppedAt) }),
    batchJob: { jobName, status, jobQueue },
  };
}

/** Why the event is not acted on; undefined when it is. Events of jobs that have not ended cost no call. */
export async function ignoredEvent(
  scope: LaunchScope,
  { on, require, policy }: LaunchSpec,
  { batchJob, document }: LaunchEvent,
): Promise<GateResult | undefined> {
  if (batchJob && !policy.endedStatuses.includes(batchJob.status)) {
    const message = `Job ${batchJob.jobName} is ${batchJob.status}; looked at are ${policy.endedStatuses.join(', ')}.`;
    return { gate: 'event', verdict: 'wait', reason: 'status-ignored', message };
  }
  const other = (message: string): GateResult => ({
    gate: 'event',
    verdict: 'wait',
    reason: 'other-event',
    message,
  });
  if (on !== undefined) {
    const { Result } = await scope.clients.events.send(
      new TestEventPatternCommand({
        EventPattern: JSON.stringify(on),
        Event: JSON.stringify(withDefaults(document)),
      }),
      { abortSignal: scope.signal },
    );
    return Result ? undefined : other('The event does not match the pattern in "on".');
  }
  if (batchJob && queuesOf({ require }).some((queue) => isSameQueue(queue, batchJob.jobQueue)))
    return undefined;
  return other(
    batchJob
      ? `Queue ${batchJob.jobQueue} is none of those that "require" names.`
      : 'It is no event of a Batch job, and the spec has no "on" that would take others.',
  );
}

/** A dependency that failed is one whose results the job would read. */
export function decideDependency(
  { batchJob, ignoreBatchChecks }: LaunchEvent,
  { onDependencyFailure }: LaunchSpec['policy'],
): GateResult {
  const gate = 'dependency';
  if (batchJob?.status !== 'FAILED')
    return { gate, verdict: 'pass', reason: 'not-failed', message: 'No dependency failed.' };
  const message = `Job ${batchJob.jobName} of ${batchJob.jobQueue} has failed.`;
  if (ignoreBatchChecks)
    return {
      gate,
      verdict: 'pass',
      reason: 'overridden',
      message: `${message} The event says ignoreBatchChecks.`,
    };
  return onDependencyFailure === 'proceed'
    ? {
        gate,
        verdict: 'pass',
        reason: 'failure-allowed',
        message: `${message} onDependencyFailure is proceed.`,
      }
    : { gate, verdict: 'block', reason: 'dependency-failed', message };
}

/** An event's queue is an ARN; a spec may give the name alone. */
function isSameQueue(inSpec: string, inEvent: string): boolean {
  return inSpec === inEvent || inEvent.endsWith(`:job-queue/${inSpec}`);
}

/** True or "true": rules' input transformers make texts of everything. */
function flag(value: unknown): boolean {
  if (value === undefined || value === false || value === 'false') return false;
  if (value === true || value === 'true') return true;
  throw new GluepotError(
    'usage',
    `The event's detail.ignoreBatchChecks is ${JSON.stringify(value)}. Give true or false, as a boolean or as text.`,
  );
}

/** TestEventPattern demands members that events written by hand leave out. */
function withDefaults(document: Record<string, unknown>): object {
  return {
    account: '000000000000',
    time: '1970-01-01T00:00:00Z',
    region: 'us-east-1',
    resources: [],
    ...document,
  };
}

function malformed(issues: readonly v.BaseIssue<unknown>[], prefix = ''): GluepotError {
  const members = issues.map((issue) => `${prefix}${v.getDotPath(issue) ?? ''}`).join(', ');
  return new GluepotError(
    'usage',
    `The event cannot be read: ${members} is missing or of another type. It needs "id", "source", "detail-type" and ` +
      '"detail", and that of a Batch job "jobName", "status" and "jobQueue" in its detail.',
  );
}

// What the runs of the job and the lease allow: one run at a time, so many a day, a pause between them.
import type { JobRun } from '@aws-sdk/client-glue';
import type { GateResult } from './gates/gate.js';
import { isAtWork, isWithoutResult } from './job-runs.js';
import type { Lease } from './launch-records.js';
import type { LaunchSpec } from './spec.js';

const DAY_MS = 86_400_000;

export interface PolicyFacts {
  runs: readonly JobRun[];
  /** How many runs AWS lets be at work at once. */
  MaxConcurrentRuns: number;
  /** Undefined when there never was one, or when it is the asker's own. */
  lease: Lease | undefined;
  /** When what asks for the launch happened; undefined for a sweep. */
  eventTime: Date | undefined;
}

/** All of the policy's answers, in the order in which they matter. */
export function decidePolicy(
  { runs, MaxConcurrentRuns, lease, eventTime }: PolicyFacts,
  { job, policy }: { job: string; policy: LaunchSpec['policy'] },
  now: Date,
): GateResult[] {
  return [
    decideExclusive(job, MaxConcurrentRuns),
    decideActiveRun(job, runs),
    decideDailyCap(runs, policy, now),
    decideCoolDown(runs, policy, now),
    decideLease(lease, now),
    decideCovered(lease, eventTime),
  ];
}

/** It is AWS's own refusal of a second run that holds when a launcher is slower than its lease. */
function decideExclusive(job: string, count: number): GateResult {
  const gate = 'exclusive';
  return count <= 1
    ? { gate, verdict: 'pass', reason: 'exclusive', message: `Job ${job} has one run at a time.` }
    : {
        gate,
        verdict: 'block',
        reason: 'job-not-exclusive',
        message: `Job ${job} may have ${count} runs at once. Set its ExecutionProperty.MaxConcurrentRuns to 1.`,
      };
}

function decideActiveRun(job: string, runs: readonly JobRun[]): GateResult {
  const active = runs.find(isAtWork);
  return active
    ? {
        gate: 'activeRun',
        verdict: 'wait',
        reason: 'run-at-work',
        message: `Run ${active.Id} of job ${job} is ${active.JobRunState}.`,
      }
    : { gate: 'activeRun', verdict: 'pass', reason: 'idle', message: `No run of job ${job} is at work.` };
}

function decideDailyCap(
  runs: readonly JobRun[],
  { runsPerDay }: LaunchSpec['policy'],
  now: Date,
): GateResult {
  const todayMs = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const count = runs.filter(
    (run) => (run.StartedOn?.getTime() ?? 0) >= todayMs && !isWithoutResult(run),
  ).length;
  const message = `${count} of ${runsPerDay} runs today (UTC), without those that failed or were stopped.`;
  return count < runsPerDay
    ? { gate: 'runsPerDay', verdict: 'pass', reason: 'below-cap', message }
    : { gate: 'runsPerDay', verdict: 'block', reason: 'cap-reached', message };
}

function decideCoolDown(
  runs: readonly JobRun[],
  { coolDownMinutes }: LaunchSpec['policy'],
  now: Date,
): GateResult {
  const lastMs = Math.max(0, ...runs.map(({ StartedOn }) => StartedOn?.getTime() ?? 0));
  const endMs = lastMs + coolDownMinutes * 60_000;
  return now.getTime() >= endMs
    ? {
        gate: 'coolDown',
        verdict: 'pass',
        reason: 'cooled-down',
        message: `No run began in the last ${coolDownMinutes} minutes.`,
      }
    : {
        gate: 'coolDown',
        verdict: 'wait',
        reason: 'cooling-down',
        message: `The last run began at ${new Date(lastMs).toISOString()}; the next may at ${new Date(endMs).toISOString()}.`,
      };
}

function decideLease(lease: Lease | undefined, now: Date): GateResult {
  const gate = 'lease';
  if (!lease || lease.phase === 'free')
    return { gate, verdict: 'pass', reason: 'free', message: 'Nobody is launching.' };
  // That its run has ended is known by the runs: activeRun has passed, or the answer is no anyway.
  if (lease.phase === 'running')
    return {
      gate,
      verdict: 'pass',
      reason: 'run-ended',
      message: `Run ${lease.runId} is what was launched last.`,
    };
  return Date.parse(lease.expiresAt) <= now.getTime()
    ? {
        gate,
        verdict: 'pass',
        reason: 'expired',
        message: `The launcher of ${lease.runKey} has given no sign since ${lease.expiresAt}.`,
      }
    : {
        gate,
        verdict: 'wait',
        reason: 'being-launched',
        message: `${lease.runKey} is being launched, until ${lease.expiresAt} at the latest.`,
      };
}

/** Of two jobs that end together, one launches; the other's event may come when that run is over already. */
function decideCovered(lease: Lease | undefined, eventTime: Date | undefined): GateResult {
  const gate = 'launchedSince';
  return lease?.startedAt !== undefined && eventTime && eventTime.getTime() <= Date.parse(lease.startedAt)
    ? {
        gate,
        verdict: 'wait',
        reason: 'launched-since',
        message: `A run was started at ${lease.startedAt}, after this event.`,
      }
    : { gate, verdict: 'pass', reason: 'new', message: 'No run was started since.' };
}

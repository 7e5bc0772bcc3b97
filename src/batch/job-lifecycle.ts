// How jobs change status, and what else changes with them: jobs that wait for them, arrays that they are part of, events.
import type { JobStatus } from '@aws-sdk/client-batch';
import type { Clock } from '../base/clock.js';
import type { EmitEvent } from '../events/event.js';
import type { ArnScope } from './batch-arn.js';
import { toJobEvent } from './job-answer.js';
import {
  hasEnded,
  isArray,
  RUNNING_STATUSES,
  WAITING_STATUSES,
  type BatchJob,
  type JobTable,
} from './job.js';

export interface JobLifecycle {
  /** Moves a job on and tells of it. */
  enter(job: BatchJob, status: JobStatus): void;
  /** Tells of a job in its present status. */
  tell(job: BatchJob): void;
  /** A job whose dependencies may be met: RUNNABLE when they are, and its children when it is an array. */
  release(job: BatchJob): void;
  /**
   * Ends a job, as it is kept, and with it what waited for it and what it was the last part of. Of an array that still has
   * children to end, those that have not been started end at once, and the array itself when the last one has.
   */
  end(jobId: string, status: 'SUCCEEDED' | 'FAILED', statusReason: string): void;
}

// Seen in Batch's answers for jobs behind a failed one, and for arrays; AWS documents neither. [?]
export const DEPENDENCY_FAILED = 'Dependent Job failed';
const ARRAY_CHILD_FAILED = 'Array Child Job failed';

const UNFINISHED = [...WAITING_STATUSES, ...RUNNING_STATUSES];

/** Every method is to be called in a state transaction. */
export function openJobLifecycle(
  jobs: JobTable,
  { clock, emit, ...scope }: ArnScope & { clock: Clock; emit: EmitEvent },
): JobLifecycle {
  const tell = (job: BatchJob) =>
    emit(toJobEvent(job, scope, isArray(job) ? jobs.statusSummary(job.jobId) : undefined));

  const enter = (job: BatchJob, status: JobStatus) => {
    job.status = status;
    jobs.save(job);
    tell(job);
  };

  const release = (job: BatchJob) => {
    if (hasEnded(job) || jobs.isWaiting(job.jobId)) return;
    if (isArray(job)) {
      for (const child of jobs.children(job.jobId, ['SUBMITTED', 'PENDING'])) {
        if (!jobs.isWaiting(child.jobId)) enter(child, 'RUNNABLE');
      }
    } else if (job.parentId === undefined || !jobs.isWaiting(job.parentId)) enter(job, 'RUNNABLE');
  };

  // A list of what is still to end, since a chain of a thousand jobs would be as deep a recursion.
  const end = (jobId: string, status: 'SUCCEEDED' | 'FAILED', statusReason: string) => {
    const ending = [{ jobId, status, statusReason }];
    for (let next = ending.pop(); next; next = ending.pop()) {
      const job = jobs.find(next.jobId);
      if (!job || hasEnded(job)) continue;
      job.progress.statusReason = next.statusReason;
      if (isArray(job) && jobs.hasChild(job.jobId, UNFINISHED)) {
        jobs.save(job);
        for (const child of jobs.children(job.jobId, WAITING_STATUSES)) {
          ending.push({ jobId: child.jobId, status: 'FAILED', statusReason: next.statusReason });
        }
        continue;
      }
      job.stoppedMs = clock.now().getTime();
      enter(job, next.status);
      for (const waitingId of jobs.takeWaiting(job.jobId)) {
        const waiting = jobs.find(waitingId);
        if (!waiting) continue;
        if (next.status === 'SUCCEEDED') release(waiting);
        else ending.push({ jobId: waitingId, status: 'FAILED', statusReason: DEPENDENCY_FAILED });
      }
      const parent = job.parentId === undefined ? undefined : jobs.find(job.parentId);
      if (parent && !jobs.hasChild(parent.jobId, UNFINISHED))
        ending.push(endOfArray(parent, next.statusReason));
    }
  };

  const endOfArray = ({ jobId, progress }: BatchJob, lastReason: string) =>
    jobs.hasChild(jobId, ['FAILED'])
      ? { jobId, status: 'FAILED' as const, statusReason: progress.statusReason ?? ARRAY_CHILD_FAILED }
      : { jobId, status: 'SUCCEEDED' as const, statusReason: lastReason };

  return { enter, tell, release, end };
}

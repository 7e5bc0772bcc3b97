// Runs jobs: the next RUNNABLE one wherever there is room, attempt after attempt, each ended in exactly one way.
import { join } from 'node:path';
import { messageOf } from '../base/errors.js';
import type { Ids } from '../base/ids.js';
import type { Log } from '../base/log.js';
import { openLineLog } from '../logs/line-log.js';
import type { LogGroups } from '../logs/log-groups.js';
import type { ProcessRecords } from '../processes/process-records.js';
import type { State } from '../state/state.js';
import { nameOfArn } from './batch-arn.js';
import { vcpusOf, type ComputeEnvironmentTable } from './compute-environment.js';
import {
  HOST_TERMINATED,
  startAttempt,
  type Attempt,
  type AttemptOptions,
  type AttemptOutcome,
  type Interruption,
} from './job-attempt.js';
import type { JobLifecycle } from './job-lifecycle.js';
import type { JobQueueTable } from './job-queue.js';
import { RUNNING_STATUSES, type BatchJob, type JobTable } from './job.js';
import { isRetried } from './retry-decision.js';

/** Group of all jobs whose definition names no other (AWS docs: Batch, "Use the awslogs log driver"). */
const BATCH_LOG_GROUP = '/aws/batch/job';

export interface JobRunner {
  /** Starts what there is room for. Until the first call nothing is started: opening a folder runs no programs. */
  dispatch(): void;
  /** Ends the job's attempt that runs, if one does; true when there was one. */
  interrupt(jobId: string, interruption: Interruption): boolean;
  /** Ends what runs as if its host were gone, and waits for it. Nothing is started any more. */
  close(): Promise<void>;
}

export interface JobRunnerOptions extends Omit<AttemptOptions, 'workFolder'> {
  queues: JobQueueTable;
  environments: ComputeEnvironmentTable;
  jobs: JobTable;
  lifecycle: JobLifecycle;
  logs: LogGroups;
  processes: ProcessRecords;
  ids: Ids;
  log: Log;
  accountId: string;
  dataDir: string;
  /** Processes that run at once, whatever the compute environments allow. */
  slotCount: number;
}

export function openJobRunner(state: State, options: JobRunnerOptions): JobRunner {
  const { queues, environments, jobs, lifecycle, logs, processes, clock, ids, log, region, accountId } =
    options;
  const attemptOptions = { ...options, workFolder: join(options.dataDir, 'batch') };
  const executions = new Map<
    string,
    { attempt: Attempt; environmentName: string; vcpus: number; ended: Promise<void> }
  >();
  let isClosing = false;
  state.transaction(() => {
    for (const job of jobs.inStatus(RUNNING_STATUSES)) {
      endAttempt(job.jobId, { statusReason: HOST_TERMINATED, isFinal: false });
    }
  });

  function dispatch(): void {
    if (isClosing || executions.size >= options.slotCount) return;
    const all = queues.list({ count: -1 }).sort((a, b) => b.priority - a.priority);
    for (const queue of all) {
      for (const { computeEnvironment } of queue.computeEnvironmentOrder) {
        const environment = environments.find(computeEnvironment);
        if (environment?.state !== 'ENABLED') continue;
        const { computeEnvironmentName: name } = environment;
        while (executions.size < options.slotCount) {
          const job = jobs.nextRunnable(queue.jobQueueName, vcpusOf(environment) - vcpusInUse(name));
          if (!job) break;
          execute(job, name);
        }
      }
    }
  }

  function vcpusInUse(environmentName: string): number {
    return [...executions.values()]
      .filter((execution) => execution.environmentName === environmentName)
      .reduce((sum, { vcpus }) => sum + vcpus, 0);
  }

  function execute(job: BatchJob, environmentName: string): void {
    const taskId = ids.hex(16);
    const { group, stream } = logOf(job, taskId);
    const lines = openLineLog({ logs, clock, log, group, stream });
    state.transaction(() => {
      job.progress.task = {
        taskArn: `arn:aws:ecs:${region}:${accountId}:task/${environmentName}/${taskId}`,
        logStreamName: stream,
      };
      delete job.progress.startedMs;
      delete job.progress.statusReason;
      lifecycle.enter(job, 'STARTING');
    });
    let pid: number | undefined;
    const attempt = startAttempt(job, { taskId, environmentName }, attemptOptions, {
      begin(startedPid) {
        pid = startedPid;
        state.transaction(() => {
          processes.add(startedPid);
          logs.append(group, stream, []);
          const current = jobs.find(job.jobId);
          if (!current) return;
          current.progress.startedMs = clock.now().getTime();
          lifecycle.enter(current, 'RUNNING');
        });
      },
      onLine: (line) => lines.add(line),
    });
    const ended = attempt.outcome
      .then((outcome) => {
        executions.delete(job.jobId);
        state.transaction(() => {
          if (pid !== undefined) processes.remove(pid);
          lines.flush();
          endAttempt(job.jobId, outcome);
        });
        dispatch();
      })
      // Nobody waits for this. A job whose end cannot be recorded (a full disk) is found unfinished at the next start.
      .catch((error: unknown) =>
        log('error', 'the end of a Batch job could not be recorded', {
          jobId: job.jobId,
          error: messageOf(error),
        }),
      );
    executions.set(job.jobId, { attempt, environmentName, vcpus: job.vcpus, ended });
  }

  function endAttempt(jobId: string, outcome: AttemptOutcome): void {
    const job = jobs.find(jobId);
    if (!job) return;
    const { statusReason, exitCode, reason } = outcome;
    const { progress } = job;
    const result = {
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(reason === undefined ? {} : { reason }),
    };
    const task = { ...progress.task, ...result } as NonNullable<typeof progress.task>;
    progress.task = task;
    progress.attempts.push({
      container: { ...task, networkInterfaces: [] },
      ...(progress.startedMs === undefined ? {} : { startedAt: progress.startedMs }),
      stoppedAt: clock.now().getTime(),
      statusReason,
    });
    jobs.save(job);
    if (exitCode === 0 && !outcome.isFinal) lifecycle.end(jobId, 'SUCCEEDED', statusReason);
    else if (
      !outcome.isFinal &&
      isRetried(job.request.retryStrategy, progress.attempts.length, { statusReason, ...result })
    ) {
      progress.statusReason = statusReason;
      lifecycle.enter(job, 'RUNNABLE');
    } else lifecycle.end(jobId, 'FAILED', statusReason);
  }

  return {
    dispatch,
    interrupt(jobId, interruption) {
      const execution = executions.get(jobId);
      execution?.attempt.interrupt(interruption);
      return execution !== undefined;
    },
    async close() {
      isClosing = true;
      const rest = [...executions.values()];
      for (const { attempt } of rest) attempt.interrupt({ kind: 'close' });
      await Promise.all(rest.map(({ ended }) => ended));
    },
  };
}

/** AWS docs: Batch, "Use the awslogs log driver": the stream's name is prefix/default/task. */
function logOf({ definition, request }: BatchJob, taskId: string): { group: string; stream: string } {
  const given = request.container.logConfiguration?.options ?? {};
  const prefix =
    given['awslogs-stream-prefix'] ?? nameOfArn('job-definition', definition).replace(/:\d+$/, '');
  return { group: given['awslogs-group'] ?? BATCH_LOG_GROUP, stream: `${prefix}/default/${taskId}` };
}

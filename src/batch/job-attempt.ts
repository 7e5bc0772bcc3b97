// One attempt of a job: its container's command as a process of this machine. Records nothing; see job-runner.ts.
import { mkdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setAlarm } from '../base/alarm.js';
import type { Clock } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import type { ProgramSessions } from '../identity/program-sessions.js';
import { findProgram } from '../processes/find-program.js';
import { startLocalProcess, type LocalProcess } from '../processes/local-process.js';
import { awsEnvironment, inheritedEnvironment } from '../processes/process-environment.js';
import type { BatchJob } from './job.js';

// AWS docs: TerminateJob and job timeouts: SIGTERM, and SIGKILL to what is left after 30 seconds.
const TERMINATION_GRACE_MS = 30_000;

const EXITED = 'Essential container in task exited';
export const TIMED_OUT = 'Job attempt duration exceeded timeout';
/** Begins as AWS's does for a host that is gone, so that conditions on `Host EC2*` mean this too. */
export const HOST_TERMINATED = 'Host EC2 (instance gluepot) terminated.';
const NOT_STARTED = 'Task failed to start';

export type Interruption =
  { kind: 'terminate'; statusReason: string } | { kind: 'timeout' } | { kind: 'close' };

export interface AttemptOutcome {
  statusReason: string;
  exitCode?: number;
  /** The container's. */
  reason?: string;
  /** Ended from outside in a way that is not tried again. */
  isFinal: boolean;
}

export interface AttemptOptions {
  clock: Clock;
  sessions: ProgramSessions;
  /** Where the embedded AWS listens for this machine's programs. */
  endpoint: () => Promise<string>;
  region: string;
  /** Attempts have their working directories in it, named by their task. */
  workFolder: string;
}

export interface Attempt {
  /** Asks the process to end; the first reason counts. */
  interrupt(interruption: Interruption): void;
  outcome: Promise<AttemptOutcome>;
}

/** `begin` is called when the process runs, with its id; `onLine` with each line of its output. */
export function startAttempt(
  job: BatchJob,
  { taskId, environmentName }: { taskId: string; environmentName: string },
  options: AttemptOptions,
  { begin, onLine }: { begin: (pid: number) => void; onLine: (line: string) => void },
): Attempt {
  let interruption: Interruption | undefined;
  let running: LocalProcess | undefined;
  const interrupt = (reason: Interruption) => {
    if (interruption) return;
    interruption = reason;
    running?.stop(reason.kind === 'close' ? 0 : TERMINATION_GRACE_MS);
  };

  const outcome = async (): Promise<AttemptOutcome> => {
    const refusal = refusalOf(job);
    if (refusal !== undefined) return notStarted(refusal);
    const workingDirectory = join(options.workFolder, taskId);
    try {
      const environment = await environmentOf(job, environmentName, options);
      const command = job.request.container.command as [string, ...string[]];
      if (findProgram(command[0], environment.PATH ?? '') === undefined)
        return notStarted(missing(job, command[0]));
      await mkdir(workingDirectory, { recursive: true });
      if (interruption) return interrupted(interruption);
      running = startLocalProcess({ command, environment, workingDirectory, onLine });
      if (running.pid !== undefined) begin(running.pid);
    } catch (error) {
      running?.stop(0);
      return notStarted(`CannotStartContainerError: ${messageOf(error)}`);
    }
    return outcomeOfProcess(running, () => interruption).finally(() => removeFolder(workingDirectory));
  };

  const run = async () => {
    const { timeoutSeconds } = job.request;
    const deadlineMs = options.clock.now().getTime() + (timeoutSeconds ?? 0) * 1000;
    const cancelAlarm =
      timeoutSeconds === undefined
        ? undefined
        : setAlarm(options.clock, new Date(deadlineMs), () => interrupt({ kind: 'timeout' }));
    try {
      return await outcome();
    } finally {
      cancelAlarm?.();
    }
  };
  return { interrupt, outcome: run() };
}

async function outcomeOfProcess(
  { ended }: LocalProcess,
  interruption: () => Interruption | undefined,
): Promise<AttemptOutcome> {
  try {
    const { exitCode } = await ended;
    const interruptedBy = interruption();
    if (!interruptedBy) return { statusReason: EXITED, exitCode, isFinal: false };
    return { ...interrupted(interruptedBy), ...(interruptedBy.kind === 'close' ? {} : { exitCode }) };
  } catch (error) {
    return notStarted(`CannotStartContainerError: ${messageOf(error)}`);
  }
}

function interrupted(interruption: Interruption): AttemptOutcome {
  switch (interruption.kind) {
    case 'terminate':
      return { statusReason: interruption.statusReason, isFinal: true };
    case 'timeout':
      return { statusReason: TIMED_OUT, isFinal: true };
    case 'close':
      return { statusReason: HOST_TERMINATED, isFinal: false };
  }
}

function notStarted(reason: string): AttemptOutcome {
  return { statusReason: NOT_STARTED, reason, isFinal: false };
}

/** Why the container cannot be had on this machine, whatever programs there are. */
function refusalOf({ request }: BatchJob): string | undefined {
  const { image, command = [], secrets = [] } = request.container;
  if (command.length === 0) {
    return (
      `CannotPullContainerError: container images are not run here, so that the default command of ${image} is not known. ` +
      'Give a command in the job definition or in containerOverrides; it is run as a program of this machine.'
    );
  }
  if (secrets.length > 0) {
    return (
      `ResourceInitializationError: unable to pull secrets: there is no Secrets Manager and no Parameter Store here ` +
      `(${secrets.map(({ name }) => name).join(', ')}). Pass them as environment variables.`
    );
  }
  return undefined;
}

function missing({ request }: BatchJob, program: string): string {
  return (
    `CannotStartContainerError: exec: "${program}": executable file not found on this machine. The command is run as a ` +
    `local program, not in the image ${request.container.image}: install it, or give its absolute path.`
  );
}

/** AWS docs: Batch, "Job environment variables"; then what the job sets; then what leads it to this server. */
async function environmentOf(
  job: BatchJob,
  environmentName: string,
  { sessions, endpoint, region }: AttemptOptions,
): Promise<Record<string, string>> {
  const { container, arraySize } = job.request;
  const given = (container.environment ?? []).map(({ name = '', value = '' }) => [name, value] as const);
  return {
    ...inheritedEnvironment(),
    ...awsEnvironment({
      endpoint: await endpoint(),
      region,
      credentials: sessions.credentialsFor({
        ...(container.jobRoleArn === undefined ? {} : { roleArn: container.jobRoleArn }),
        servicePrincipal: 'ecs-tasks.amazonaws.com',
        sessionName: 'batch-job',
      }),
    }),
    ...Object.fromEntries(given.filter(([name]) => name !== '')),
    AWS_BATCH_JOB_ID: job.jobId,
    AWS_BATCH_JOB_ATTEMPT: String(job.progress.attempts.length + 1),
    AWS_BATCH_JQ_NAME: job.queue,
    AWS_BATCH_CE_NAME: environmentName,
    ...(job.index === undefined
      ? {}
      : { AWS_BATCH_JOB_ARRAY_INDEX: String(job.index), AWS_BATCH_JOB_ARRAY_SIZE: String(arraySize) }),
  };
}

/** Mostly there is nothing in it, and looking for that is what takes long. */
async function removeFolder(folder: string): Promise<void> {
  await rmdir(folder)
    .catch(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
    // A program of the job may still be writing there; the rest goes when the data directory is opened next.
    .catch(() => {});
}

// One Lambda worker: a process that has loaded one version of a function and handles one event at a time.
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { messageOf } from '../base/errors.js';
import { packageFile } from '../base/package-file.js';
import { startLocalProcess } from '../processes/local-process.js';

/** See endOutput in bin/function-worker.mjs. */
// eslint-disable-next-line no-control-regex -- no handler writes it by chance
const OUTPUT_END = /^\u0000end (.+)$/;

const PROGRAM = packageFile('bin/function-worker.mjs');

/** AWS docs: "Lambda execution environment lifecycle": the init phase is limited to 10 seconds. */
const INIT_MS_MAX = 10_000;

/** What a handler, or the loading of it, failed with: the payload of the answer. */
export interface HandlerError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

export interface WorkerInvocation {
  requestId: string;
  /** JSON text. */
  payload: string;
  timeoutMs: number;
  invokedFunctionArn: string;
  /** JSON text. */
  clientContext?: string;
}

export interface WorkerResult {
  /** JSON text: what the handler gave, or the error. */
  payload: string;
  isError: boolean;
  durationMs: number;
  /** Undefined when the process was killed. */
  maxMemoryBytes?: number;
  /** Why the worker cannot be used again, for its log; undefined when it can. */
  ending?: string;
}

export interface Worker {
  readonly pid: number | undefined;
  /** How long it took to load the handler; rejects with a HandlerError when it could not. */
  readonly ready: Promise<{ initMs: number }>;
  /** When the process has ended, for whatever reason. */
  readonly ended: Promise<unknown>;
  /** When its temporary folder has been removed too. */
  readonly gone: Promise<void>;
  /** One at a time. Never rejects. */
  invoke(invocation: WorkerInvocation): Promise<WorkerResult>;
  /** Kills the process. */
  kill(): void;
}

export interface WorkerOptions {
  codeFolder: string;
  /** Made for the worker, and removed with it. */
  temporaryFolder: string;
  memoryMb: number;
  environment: Record<string, string>;
  /** One event for the log: console calls are whole, whatever lines they have. */
  onOutput: (message: string) => void;
}

type Message =
  | { type: 'ready' }
  | { type: 'init-error'; error: HandlerError }
  | { type: 'result'; requestId: string; payload: string; maxMemoryBytes: number }
  | { type: 'error'; requestId: string; error: HandlerError; maxMemoryBytes?: number; isDead?: boolean };
type Answer = Extract<Message, { requestId: string }>;

type Outcome = Answer | { type: 'ended'; text: string } | { type: 'timeout' };

export function startWorker(options: WorkerOptions): Worker {
  const { codeFolder, temporaryFolder, memoryMb, environment, onOutput } = options;
  const startedMs = performance.now();
  mkdirSync(temporaryFolder, { recursive: true });
  let settle: ((outcome: Outcome) => void) | undefined;
  let outputEnded: ((requestId: string | undefined) => void) | undefined;
  let resolveReady: (ready: { initMs: number }) => void;
  let rejectReady: (error: HandlerError) => void;
  const ready = new Promise<{ initMs: number }>((resolve, reject) => {
    resolveReady = resolve;
    rejectReady = reject;
  });

  const local = startLocalProcess({
    command: [process.execPath, `--max-old-space-size=${memoryMb}`, PROGRAM],
    environment: { ...environment, TMPDIR: temporaryFolder },
    workingDirectory: codeFolder,
    onLine(line) {
      const endOf = OUTPUT_END.exec(line)?.[1];
      if (endOf === undefined) onOutput(line.replaceAll('\r', '\n'));
      else outputEnded?.(endOf);
    },
    onMessage(received) {
      const message = received as Message;
      if (message.type === 'ready') resolveReady({ initMs: performance.now() - startedMs });
      else if (message.type === 'init-error') rejectReady(message.error);
      else settle?.(message);
    },
  });
  const initTimer = setTimeout(() => {
    rejectReady({
      errorType: 'Sandbox.Timedout',
      errorMessage: `Loading the handler took longer than ${INIT_MS_MAX / 1000} seconds.`,
    });
    local.stop(0);
  }, INIT_MS_MAX);
  const isLoaded = () => clearTimeout(initTimer);
  ready.then(isLoaded, isLoaded);
  const ended = local.ended
    .then(({ exitCode, signal }) => exitText(exitCode, signal), messageOf)
    .then((text) => {
      rejectReady({ errorType: 'Runtime.ExitError', errorMessage: text });
      settle?.({ type: 'ended', text });
      outputEnded?.(undefined);
      return text;
    });
  const gone = ended.then(() => rm(temporaryFolder, { recursive: true, force: true }));

  return {
    pid: local.pid,
    ready,
    ended,
    gone,
    kill: () => local.stop(0),
    async invoke({ requestId, payload, timeoutMs, invokedFunctionArn, clientContext }) {
      const invokedMs = performance.now();
      const outputEnd = new Promise<void>((resolve) => {
        outputEnded = (endOf) => {
          if (endOf === undefined || endOf === requestId) resolve();
        };
      });
      const outcome = await new Promise<Outcome>((resolve) => {
        const timer = setTimeout(() => resolve({ type: 'timeout' }), timeoutMs);
        settle = (first) => {
          clearTimeout(timer);
          resolve(first);
        };
        const deadlineMs = Date.now() + timeoutMs;
        local.send({ requestId, payload, deadlineMs, invokedFunctionArn, clientContext });
      });
      settle = undefined;
      const durationMs = performance.now() - invokedMs;
      if (outcome.type === 'timeout') {
        local.stop(0);
        await ended;
        const text = `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
        return failed(requestId, 'Sandbox.Timedout', text, durationMs);
      }
      if (outcome.type === 'ended') return failed(requestId, 'Runtime.ExitError', outcome.text, durationMs);
      // What the handler wrote comes by another way than its answer, and belongs before it.
      await outputEnd;
      outputEnded = undefined;
      const { maxMemoryBytes } = outcome;
      const isError = outcome.type === 'error';
      return {
        payload: isError ? JSON.stringify(outcome.error) : outcome.payload,
        isError,
        durationMs,
        ...(maxMemoryBytes === undefined ? {} : { maxMemoryBytes }),
        ...(isError && outcome.isDead ? { ending: await ended } : {}),
      };
    },
  };
}

function failed(requestId: string, errorType: string, text: string, durationMs: number): WorkerResult {
  const errorMessage = `RequestId: ${requestId} Error: ${text}`;
  return { payload: JSON.stringify({ errorType, errorMessage }), isError: true, durationMs, ending: text };
}

/** As Lambda words it. */
function exitText(exitCode: number, signal: string | undefined): string {
  if (signal !== undefined) return `Runtime exited with error: signal: ${SIGNAL_WORDS[signal] ?? signal}`;
  return exitCode === 0
    ? 'Runtime exited without providing a reason'
    : `Runtime exited with error: exit status ${exitCode}`;
}

const SIGNAL_WORDS: Record<string, string> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
};

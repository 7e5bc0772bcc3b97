// A program run as a process of this machine: without a shell, in a group of its own, its output read line by line.
import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { systemErrorCode } from '../base/errors.js';
import { readLines } from './lines.js';

export interface LocalProcessOptions {
  /** The program, looked up on the PATH of `environment`, and its arguments, as they are. */
  command: readonly [program: string, ...words: string[]];
  /** All of it: nothing is inherited. */
  environment: Readonly<Record<string, string>>;
  workingDirectory: string;
  /** One line of its standard output or error, without the line's end. */
  onLine: (line: string) => void;
  /** Opens a channel to a Node program; see ChildProcess.send. */
  onMessage?: (message: unknown) => void;
}

export interface ProcessEnd {
  /** As a shell tells it: 128 and the signal's number when a signal ended it. */
  exitCode: number;
  signal?: NodeJS.Signals;
}

export interface LocalProcess {
  /** Undefined when it could not be started; `ended` then rejects with the system's error. */
  readonly pid: number | undefined;
  /** When the program has ended, everything in its group is gone and its output is read. */
  readonly ended: Promise<ProcessEnd>;
  /** Sends a message to a program with a channel; false when it can no longer be reached. */
  send(message: object): boolean;
  /** Ends the whole group: by SIGTERM, and by SIGKILL what is left after `graceMs`, at once for 0. */
  stop(graceMs: number): void;
}

// What left the group may hold the output open for as long as it likes.
const OUTPUT_AFTER_EXIT_MS = 1000;

export function startLocalProcess(options: LocalProcessOptions): LocalProcess {
  const [program, ...words] = options.command;
  const child = spawn(program, words, {
    cwd: options.workingDirectory,
    env: { ...options.environment },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', ...(options.onMessage ? (['ipc'] as const) : [])],
  });
  for (const output of [child.stdout, child.stderr]) readLines(output as Readable, options.onLine);
  if (options.onMessage) child.on('message', options.onMessage);
  let killTimer: NodeJS.Timeout | undefined;
  const ended = endOf(child).finally(() => clearTimeout(killTimer));
  // Whoever started it may look at its end later, or never.
  ended.catch(() => {});
  const { pid } = child;
  return {
    pid,
    ended,
    send(message) {
      if (!child.connected) return false;
      child.send(message, () => {});
      return true;
    },
    stop(graceMs) {
      if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      clearTimeout(killTimer);
      if (graceMs === 0) killProcessGroup(pid, 'SIGKILL');
      else {
        killProcessGroup(pid, 'SIGTERM');
        killTimer = setTimeout(() => killProcessGroup(pid, 'SIGKILL'), graceMs);
      }
    },
  };
}

/** Signals every process of the group that `pid` leads; nothing happens when there is none. */
export function killProcessGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // EPERM: what is left of the group has become another user's, e.g. by sudo.
    if (!['ESRCH', 'EPERM'].includes(systemErrorCode(error) ?? '')) throw error;
  }
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      if (child.pid === undefined) reject(error);
    });
    child.once('exit', () => {
      // As in a container, nothing outlives the first process.
      if (child.pid !== undefined) killProcessGroup(child.pid, 'SIGKILL');
      const timer = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, OUTPUT_AFTER_EXIT_MS);
      child.once('close', () => clearTimeout(timer));
    });
    child.once('close', (code, signal) => {
      if (signal === null) resolve({ exitCode: code ?? 0 });
      else resolve({ exitCode: 128 + constants.signals[signal], signal });
    });
  });
}

// Warm workers: kept after an invocation for the next one of the same version, bounded in number and age.

import { lambdaError } from './lambda-error.js';
import type { Worker } from './worker.js';

/** Processes at once, busy and idle. Beyond it idle ones make room, and then invocations are throttled. */
export const WORKERS_MAX = 32;

const IDLE_MS_MAX = 5 * 60_000;
/** Less than the credentials of a worker last; see SESSION_LEFT_SECONDS_MIN. */
const AGE_MS_MAX = 5 * 3600_000;

export interface PooledWorker {
  worker: Worker;
  /** What it has loaded: workers of one key stand for each other. */
  key: string;
  functionName: string;
  startedMs: number;
}

export interface WorkerPool<T extends PooledWorker> {
  /** An idle worker of the key, which is then busy. */
  take(key: string): T | undefined;
  /** Makes room for a new worker. @throws AwsError TooManyRequestsException when all are busy */
  makeRoom(): void;
  add(pooled: T): void;
  /** A busy worker has become idle. */
  giveBack(pooled: T): void;
  /** Busy workers of a function. */
  busyCount(functionName: string): number;
  /** Ends idle workers of a function; busy ones when they are given back. */
  retire(functionName: string): void;
  /** Kills all and waits for their end. */
  close(): Promise<void>;
}

/** `nowMs` is a monotonic clock. */
export function openWorkerPool<T extends PooledWorker>(nowMs = () => performance.now()): WorkerPool<T> {
  const busy = new Set<T>();
  // Least recently used first.
  const idle = new Set<T>();
  const retired = new WeakSet<T>();
  const timers = new Map<T, NodeJS.Timeout>();

  const dropIdle = (pooled: T) => {
    idle.delete(pooled);
    clearTimeout(timers.get(pooled));
    timers.delete(pooled);
  };
  const end = (pooled: T) => {
    dropIdle(pooled);
    pooled.worker.kill();
  };

  return {
    take(key) {
      for (const pooled of [...idle].reverse()) {
        if (pooled.key !== key) continue;
        if (nowMs() - pooled.startedMs > AGE_MS_MAX) {
          end(pooled);
          continue;
        }
        dropIdle(pooled);
        busy.add(pooled);
        return pooled;
      }
      return undefined;
    },
    makeRoom() {
      if (busy.size + idle.size < WORKERS_MAX) return;
      const [oldest] = idle;
      if (!oldest) {
        throw lambdaError('TooManyRequestsException', 429, 'Rate Exceeded.', {
          Reason: 'ConcurrentInvocationLimitExceeded',
        });
      }
      end(oldest);
    },
    add(pooled) {
      busy.add(pooled);
      void pooled.worker.ended.then(() => {
        busy.delete(pooled);
        dropIdle(pooled);
      });
    },
    giveBack(pooled) {
      // One that has ended is in neither.
      if (!busy.delete(pooled)) return;
      if (retired.has(pooled)) {
        pooled.worker.kill();
        return;
      }
      idle.add(pooled);
      const timer = setTimeout(() => end(pooled), IDLE_MS_MAX);
      timer.unref();
      timers.set(pooled, timer);
    },
    busyCount: (functionName) => [...busy].filter((pooled) => pooled.functionName === functionName).length,
    retire(functionName) {
      for (const pooled of busy) if (pooled.functionName === functionName) retired.add(pooled);
      for (const pooled of [...idle]) if (pooled.functionName === functionName) end(pooled);
    },
    async close() {
      const all = [...busy, ...idle];
      all.forEach(end);
      await Promise.all(all.map(({ worker }) => worker.gone));
    },
  };
}

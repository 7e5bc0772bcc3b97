// Time as an interface, so that tests own it.
import { setImmediate as yieldToOthers, setTimeout as delay } from 'node:timers/promises';

export interface Clock {
  now(): Date;
  /** Waits `ms` milliseconds; rejects with the signal's reason when `signal` aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Only on a clock that rings its alarms itself; the others are watched in real time. Use setAlarm(). */
  alarm?(at: Date, ring: () => void): () => void;
  /** How far `now` may be off, in milliseconds, of the clock that it stands for; not there on a clock that stands for itself. */
  uncertaintyMs?(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : undefined),
};

/** A clock whose sleeps end at once and move its time forward by as much. `start` is its first instant. */
export function steppingClock(start = new Date('2024-01-01T00:00:00Z')): Clock {
  let nowMs = start.getTime();
  return {
    now: () => new Date(nowMs),
    sleep: (ms, signal) => {
      signal?.throwIfAborted();
      nowMs += ms;
      return Promise.resolve();
    },
  };
}

export interface ManualClock extends Clock {
  /**
   * Moves the time forward by `ms` milliseconds. Sleeps and alarms that end on the way end in their order, each at its own
   * instant; what they start gets its turn before the next one.
   */
  advance(ms: number): Promise<void>;
}

/** Turns of the event loop that what an alarm has started gets before the time goes on. */
const TURNS_FOR_OTHERS = 5;

/** A clock that stands still until it is advanced: schedules, retries and timeouts happen when a test says so. */
export function manualClock(start = new Date('2024-01-01T00:00:00Z')): ManualClock {
  let nowMs = start.getTime();
  const alarms = new Set<{ atMs: number; ring: () => void }>();
  const alarm = (at: Date, ring: () => void) => {
    const entry = { atMs: at.getTime(), ring };
    if (entry.atMs > nowMs) {
      alarms.add(entry);
      return () => void alarms.delete(entry);
    }
    const immediate = setImmediate(ring);
    return () => clearImmediate(immediate);
  };
  const letOthersRun = async () => {
    for (let turn = 0; turn < TURNS_FOR_OTHERS; turn++) await yieldToOthers();
  };
  return {
    now: () => new Date(nowMs),
    alarm,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const abort = () => {
          cancel();
          reject(signal?.reason as Error);
        };
        const cancel = alarm(new Date(nowMs + ms), () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        });
        signal?.addEventListener('abort', abort, { once: true });
      }),
    async advance(ms) {
      const endMs = nowMs + ms;
      await letOthersRun();
      for (;;) {
        const due = [...alarms].filter(({ atMs }) => atMs <= endMs);
        const first = due.reduce((least, entry) => (entry.atMs < least.atMs ? entry : least), due[0]!);
        if (!first) break;
        alarms.delete(first);
        nowMs = Math.max(nowMs, first.atMs);
        first.ring();
        await letOthersRun();
      }
      nowMs = endMs;
    },
  };
}

// Time as an interface, so that tests own it.
import { setTimeout as delay } from 'node:timers/promises';

export interface Clock {
  now(): Date;
  /** Waits `ms` milliseconds; rejects with the signal's reason when `signal` aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
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

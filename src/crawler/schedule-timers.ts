// Fires what is due by a schedule, as long as this process runs; what fell due while it did not run is not made up for.
import type { Clock } from '../base/clock.js';
import { parseSchedule } from './schedule.js';

/** Longest delay that a timer takes, in milliseconds. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export interface ScheduleTimers {
  /** Replaces what was set for `name`. */
  set(name: string, expression: string): void;
  clear(name: string): void;
  close(): void;
}

/** Timers do not keep the process alive. */
export function openScheduleTimers(clock: Clock, fire: (name: string) => void): ScheduleTimers {
  const timers = new Map<string, NodeJS.Timeout>();
  const clear = (name: string) => {
    clearTimeout(timers.get(name));
    timers.delete(name);
  };
  const set = (name: string, expression: string) => {
    clear(name);
    const due = parseSchedule(expression).nextAfter(clock.now());
    if (!due) return;
    const wait = () => {
      const leftMs = due.getTime() - clock.now().getTime();
      if (leftMs > 0) {
        timers.set(name, setTimeout(wait, Math.min(leftMs, TIMER_MS_MAX)).unref());
        return;
      }
      set(name, expression);
      fire(name);
    };
    wait();
  };
  return {
    set,
    clear,
    close: () => [...timers.keys()].forEach(clear),
  };
}

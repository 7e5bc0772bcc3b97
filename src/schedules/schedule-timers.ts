// Fires what is due by a schedule, as long as this process runs; what fell due while it did not run is not made up for.
import { setAlarm } from '../base/alarm.js';
import type { Clock } from '../base/clock.js';
import { parseSchedule } from './glue-cron.js';

export interface ScheduleTimers {
  /** Replaces what was set for `name`. */
  set(name: string, expression: string): void;
  clear(name: string): void;
  close(): void;
}

/** Timers do not keep the process alive. */
export function openScheduleTimers(clock: Clock, fire: (name: string) => void): ScheduleTimers {
  const alarms = new Map<string, () => void>();
  const clear = (name: string) => {
    alarms.get(name)?.();
    alarms.delete(name);
  };
  const set = (name: string, expression: string) => {
    clear(name);
    const due = parseSchedule(expression).nextAfter(clock.now());
    if (!due) return;
    const ring = () => {
      set(name, expression);
      fire(name);
    };
    alarms.set(name, setAlarm(clock, due, ring));
  };
  return {
    set,
    clear,
    close: () => [...alarms.keys()].forEach(clear),
  };
}

// Fires rules and schedules when they are due, as long as this process runs; what fell due while it did not is not made up for.
import { setAlarm } from '../base/alarm.js';
import type { Clock } from '../base/clock.js';
import { parseScheduleExpression } from './schedule-expression.js';

export interface RuleTimers {
  /** Replaces what was set for `key`; a rate counts from `start`. */
  set(key: string, expression: string, start: Date): void;
  clear(key: string): void;
  close(): void;
}

export function openRuleTimers(clock: Clock, fire: (key: string) => void): RuleTimers {
  const alarms = new Map<string, () => void>();
  const clear = (key: string) => {
    alarms.get(key)?.();
    alarms.delete(key);
  };
  return {
    set(key, expression, start) {
      clear(key);
      const times = parseScheduleExpression(expression, { start });
      const wait = () => {
        const due = times.nextAfter(clock.now());
        if (!due) return;
        const ring = () => {
          wait();
          fire(key);
        };
        alarms.set(key, setAlarm(clock, due, ring));
      };
      wait();
    },
    clear,
    close: () => [...alarms.keys()].forEach(clear),
  };
}

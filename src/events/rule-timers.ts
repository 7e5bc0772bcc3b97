// Fires rules and schedules when they are due, as long as this process runs; what fell due while it did not is not made up for.
import { setAlarm } from '../base/alarm.js';
import type { Clock } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { parseScheduleExpression } from './schedule-expression.js';

export interface RuleTimers {
  /** Replaces what was set for `key`; a rate counts from `start`. */
  set(key: string, expression: string, start: Date): void;
  clear(key: string): void;
  close(): void;
}

/** How long a firing waits that the state did not take, e.g. for a full disk to have room. */
export const FIRE_AGAIN_MS = 1000;

/** Nobody waits for a firing: one that throws is told to the log and made again. */
export function openRuleTimers(
  { clock, log }: { clock: Clock; log: Log },
  fire: (key: string) => void,
): RuleTimers {
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
        alarms.set(key, setAlarm(clock, due, ring));
      };
      const ring = () => {
        try {
          fire(key);
          wait();
        } catch (error) {
          log('error', 'a rule could not fire and will do so again', { rule: key, error: messageOf(error) });
          alarms.set(key, setAlarm(clock, new Date(clock.now().getTime() + FIRE_AGAIN_MS), ring));
        }
      };
      wait();
    },
    clear,
    close: () => [...alarms.keys()].forEach(clear),
  };
}

// Fires what is due by a schedule, as long as this process runs; what fell due while it did not run is not made up for.
import type { Clock } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { AwsError } from '../wire/aws-error.js';
import { setFiring } from './firing.js';
import type { ScheduleTimes } from './schedule-expression.js';

export interface ScheduleTimers {
  /** Replaces what was set for `key`. */
  set(key: string, times: Pick<ScheduleTimes, 'nextAfter'>): void;
  clear(key: string): void;
  close(): void;
}

/**
 * Timers do not keep the process alive. A firing that throws an AwsError, as for a workflow that has no room for another run,
 * is left out; one that throws anything else is made again.
 * @param kind of what is fired, for the log, e.g. `rule`
 */
export function openScheduleTimers(
  kind: string,
  { clock, log }: { clock: Clock; log: Log },
  fire: (key: string) => void,
): ScheduleTimers {
  const alarms = new Map<string, () => void>();
  const clear = (key: string) => {
    alarms.get(key)?.();
    alarms.delete(key);
  };
  const fireUnlessRefused = (key: string) => {
    try {
      fire(key);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      log('warn', 'what fell due was refused', { due: `${kind} ${key}`, error: messageOf(error) });
    }
  };
  return {
    set(key, times) {
      clear(key);
      const wait = () => {
        const due = times.nextAfter(clock.now());
        if (!due) return;
        const cancel = setFiring({ clock, log }, `${kind} ${key}`, due, () => {
          fireUnlessRefused(key);
          // It may have been set anew, or cleared, by what it fired.
          if (alarms.get(key) === cancel) wait();
        });
        alarms.set(key, cancel);
      };
      wait();
    },
    clear,
    close: () => [...alarms.keys()].forEach(clear),
  };
}

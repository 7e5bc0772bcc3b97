// Receives that wait for a message: until something happens to their queue, or their time is over.
import { setAlarm } from '../base/alarm.js';
import type { Clock } from '../base/clock.js';

export interface Polls {
  /** Resolves when something happens to the queue, or the clock has reached `untilMs`. */
  untilChange(queue: string, untilMs: number): Promise<void>;
  /** Something has happened to the queue: a message came, or may be received again, or the queue is gone. */
  wake(queue: string): void;
  /** Wakes all; nobody should wait again. */
  end(): void;
  areEnded(): boolean;
}

export function openPolls(clock: Clock): Polls {
  const waiting = new Map<string, Set<() => void>>();
  let areEnded = false;

  const wake = (queue: string) => {
    for (const look of waiting.get(queue) ?? []) setImmediate(look);
  };
  return {
    untilChange: (queue, untilMs) =>
      new Promise((resolve) => {
        const here = waiting.get(queue) ?? new Set();
        waiting.set(queue, here);
        const look = () => {
          here.delete(look);
          if (here.size === 0) waiting.delete(queue);
          cancel();
          resolve();
        };
        here.add(look);
        const cancel = setAlarm(clock, new Date(untilMs), look);
      }),
    wake,
    end() {
      areEnded = true;
      [...waiting.keys()].forEach(wake);
    },
    areEnded: () => areEnded,
  };
}

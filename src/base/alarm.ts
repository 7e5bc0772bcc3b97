// Rings at an instant of a clock, whoever moves it.
import type { Clock } from './clock.js';

/** Longest delay that a timer takes, in milliseconds. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/**
 * Calls `ring` once when `clock` has reached `at`, never before this function has returned; at once when that is past.
 * The function that is given back takes the alarm away. Alarms do not keep the process alive.
 */
export function setAlarm(clock: Clock, at: Date, ring: () => void): () => void {
  if (clock.alarm) return clock.alarm(at, ring);
  let timer: NodeJS.Timeout;
  const wait = () => {
    const leftMs = Math.max(0, at.getTime() - clock.now().getTime());
    timer = setTimeout(
      () => {
        if (clock.now().getTime() < at.getTime()) wait();
        else ring();
      },
      Math.min(leftMs, TIMER_MS_MAX),
    ).unref();
  };
  wait();
  return () => clearTimeout(timer);
}

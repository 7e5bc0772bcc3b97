// Tells when a clock has passed an instant, also a clock that somebody else moves.
import type { Clock } from './clock.js';

const LOOK_EVERY_MS = 100;

/**
 * Calls `passed` once, at most a tenth of a second of real time after `clock` has reached `deadlineMs`. The function
 * that is given back ends the watch.
 */
export function watchDeadline(clock: Clock, deadlineMs: number, passed: () => void): () => void {
  const timer = setInterval(() => {
    if (clock.now().getTime() < deadlineMs) return;
    clearInterval(timer);
    passed();
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

// What the functions use of the context that Lambda gives them, and the time that it leaves them.
import { setMaxListeners } from 'node:events';
import { setAlarm } from '../base/alarm.js';
import { systemClock, type Clock } from '../base/clock.js';

export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** Aborts `reserveMs` before Lambda ends the function; at once when there is no more left than that. */
export function signalBeforeEnd(
  context: InvocationContext,
  reserveMs: number,
  clock: Clock = systemClock,
): AbortSignal {
  const ending = new AbortController();
  // Every call that is under way listens to it.
  setMaxListeners(0, ending.signal);
  const leftMs = Math.max(context.getRemainingTimeInMillis() - reserveMs, 1);
  setAlarm(clock, new Date(clock.now().getTime() + leftMs), () =>
    ending.abort(new DOMException('The time of the function is up.', 'TimeoutError')),
  );
  return ending.signal;
}

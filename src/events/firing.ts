// What is done at an instant of the clock with nobody there to be told that it failed.
import { setAlarm } from '../base/alarm.js';
import type { Clock } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import type { Log } from '../base/log.js';

/** How long it waits after a failure, in milliseconds. */
const FIRE_AGAIN_MS = 1000;

/**
 * As setAlarm(): calls `fire` when `clock` has reached `at`. When that throws, as it does while the disk is full, the log is
 * told and it is called again, until it returns or the function that is given back was called.
 * @param name what falls due, for the log, e.g. `rule default:nightly`
 */
export function setFiring(
  { clock, log }: { clock: Clock; log: Log },
  name: string,
  at: Date,
  fire: () => void,
): () => void {
  const ring = () => {
    try {
      fire();
    } catch (error) {
      log('error', 'what fell due could not be done and will be tried again', {
        due: name,
        error: messageOf(error),
      });
      cancel = setAlarm(clock, new Date(clock.now().getTime() + FIRE_AGAIN_MS), ring);
    }
  };
  let cancel = setAlarm(clock, at, ring);
  return () => cancel();
}

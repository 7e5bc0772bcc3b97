// Long work in short turns, so that a crawl never keeps requests waiting and stops when it is asked to.
import { setImmediate as yieldToOthers } from 'node:timers/promises';

/** Longest turn, in milliseconds. */
const TURN_MS_MAX = 8;

/** To be awaited wherever work may be interrupted: at the end of a turn others run first. Throws what the signal was aborted with. */
export type Pause = () => Promise<void> | undefined;

/** Turns of one piece of work, the first of which begins now. */
export function takeTurns(signal: AbortSignal): Pause {
  let turnStart = performance.now();
  const letOthersRun = async () => {
    await yieldToOthers();
    signal.throwIfAborted();
    turnStart = performance.now();
  };
  return () => (performance.now() - turnStart < TURN_MS_MAX ? undefined : letOthersRun());
}

// Long pure work in short turns, so that a crawl never keeps requests waiting.
import { setImmediate as yieldToOthers } from 'node:timers/promises';

/** Longest turn, in milliseconds. */
const TURN_MS_MAX = 8;

/** All items of a lazy iterable; others run after every few milliseconds. @throws the signal's reason when it aborts */
export async function collectInTurns<T>(items: Iterable<T>, signal: AbortSignal): Promise<T[]> {
  const collected: T[] = [];
  let turnStart = performance.now();
  for (const item of items) {
    collected.push(item);
    if (performance.now() - turnStart < TURN_MS_MAX) continue;
    await yieldToOthers();
    signal.throwIfAborted();
    turnStart = performance.now();
  }
  return collected;
}

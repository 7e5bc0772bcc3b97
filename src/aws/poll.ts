// Waiting for AWS to come to an end of something, with a bound.
import type { Clock } from '../base/clock.js';
import { GluepotError } from '../base/errors.js';

const PAUSE_MIN_MS = 20;
const PAUSE_MAX_MS = 5000;

/**
 * Calls `look` until it returns something with `done`, with pauses that grow from 20 ms to 5 s.
 * @param options.what ends the sentence "Waiting for ..."
 * @param options.hint what to do when it takes too long
 * @throws GluepotError `timed-out` after `timeoutMs`, naming the last state seen
 */
export async function poll<T>(
  scope: { clock: Clock; signal: AbortSignal },
  options: { what: string; timeoutMs: number; hint?: string; onState?: (state: string) => void },
  look: () => Promise<{ done: T } | { state: string | undefined }>,
): Promise<T> {
  const deadlineMs = scope.clock.now().getTime() + options.timeoutMs;
  let lastState: string | undefined;
  for (let pauseMs = PAUSE_MIN_MS; ; pauseMs = Math.min(pauseMs * 1.5, PAUSE_MAX_MS)) {
    const seen = await look();
    if ('done' in seen) return seen.done;
    if (seen.state !== undefined && seen.state !== lastState) options.onState?.(seen.state);
    lastState = seen.state;
    const leftMs = deadlineMs - scope.clock.now().getTime();
    if (leftMs <= 0) {
      throw new GluepotError(
        'timed-out',
        `Waiting for ${options.what} took longer than ${formatDuration(options.timeoutMs)}; ` +
          `the last state was ${lastState ?? 'unknown'}.${options.hint ? ` ${options.hint}` : ''}`,
      );
    }
    await scope.clock.sleep(Math.min(pauseMs, leftMs), scope.signal);
  }
}

/** `850 ms`, `12.3 s`, `5 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1000).toFixed(1))} s`;
  return `${Number((ms / 60_000).toFixed(1))} min`;
}

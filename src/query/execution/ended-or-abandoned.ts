// Work that was told to stop and does not: nobody waits for it for ever.

/** Real time that work has to end and to clean up when it is told to stop. DuckDB takes milliseconds. */
const GRACE_MS = 10_000;

/**
 * What `work` comes to. When `signal` aborts and the work has not ended after the grace, the signal's reason is thrown; the
 * work is then left to itself, and what it comes to is looked at no more.
 */
export function endedOrAbandoned<T>(
  work: Promise<T>,
  signal: AbortSignal,
  graceMs: number = GRACE_MS,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let giveUp = () => {};
  const abandoned = new Promise<never>((_, reject) => {
    giveUp = () => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own reason
      timer = setTimeout(() => reject(signal.reason), graceMs);
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  return Promise.race([work, abandoned]).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  });
}

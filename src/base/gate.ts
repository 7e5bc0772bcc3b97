// A gate that lets a bounded number of callers through at a time, in the order in which they came.

export interface Gate {
  /** Waits for a place; call the answered function to leave. Rejects with the signal's reason when it aborts first. */
  enter(signal?: AbortSignal): Promise<() => void>;
  /** Resolves when nobody is inside and nobody waits. */
  drained(): Promise<void>;
}

export function openGate(placeCount: number): Gate {
  const waiting: (() => void)[] = [];
  const draining: (() => void)[] = [];
  let insideCount = 0;

  const leave = () => {
    insideCount -= 1;
    waiting.shift()?.();
    if (insideCount === 0) for (const resolve of draining.splice(0)) resolve();
  };
  const leaveOnce = () => {
    let isInside = true;
    insideCount += 1;
    return () => {
      if (isInside) leave();
      isInside = false;
    };
  };

  return {
    async enter(signal) {
      signal?.throwIfAborted();
      if (insideCount < placeCount && waiting.length === 0) return leaveOnce();
      return new Promise((resolve, reject) => {
        const proceed = () => {
          signal?.removeEventListener('abort', giveUp);
          resolve(leaveOnce());
        };
        const giveUp = () => {
          waiting.splice(waiting.indexOf(proceed), 1);
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the caller's own reason
          reject(signal?.reason);
        };
        waiting.push(proceed);
        signal?.addEventListener('abort', giveUp, { once: true });
      });
    },
    drained: () =>
      insideCount === 0 && waiting.length === 0
        ? Promise.resolve()
        : new Promise((resolve) => draining.push(resolve)),
  };
}

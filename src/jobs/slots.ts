// A bounded number of places, given out in the order in which they were asked for.

export interface Slots {
  /** Waits for a place. Rejects with the signal's reason when `signal` aborts first. */
  take(signal: AbortSignal): Promise<void>;
  give(): void;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    async take(signal) {
      signal.throwIfAborted();
      if (free > 0) {
        free--;
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const taken = () => {
          signal.removeEventListener('abort', aborted);
          resolve();
        };
        const aborted = () => {
          waiting.splice(waiting.indexOf(taken), 1);
          reject(signal.reason as Error);
        };
        waiting.push(taken);
        signal.addEventListener('abort', aborted, { once: true });
      });
    },
    give() {
      const next = waiting.shift();
      if (next) next();
      else free++;
    },
  };
}

// Counts the calls of a command, so that a step of many can say how far it is where nothing else tells.
import { countText } from './count-text.js';
import type { Progress } from './progress.js';
import { withSlowProgress, type SlowProgress } from './slow-progress.js';
import { stackOf, type WatchedClient } from './slow-answers.js';

export interface CallCounter {
  /** As `withSlowProgress`, with the calls since it began. */
  during<T>(progress: Progress, step: string, act: (at: SlowProgress['at']) => Promise<T>): Promise<T>;
}

export function openCallCounter(clients: readonly WatchedClient[]): CallCounter {
  let count = 0;
  let onCall = () => {};
  for (const client of clients) {
    stackOf(client).add(
      (next) => (call) => {
        count++;
        onCall();
        return next(call);
      },
      { step: 'initialize', name: 'countCalls', override: true },
    );
  }
  return {
    during: (progress, step, act) =>
      withSlowProgress(progress, step, async (at) => {
        const before = count;
        let far = '';
        const tell = () => at([far, countText(count - before, 'call')].filter(Boolean).join(', '));
        onCall = tell;
        try {
          return await act((detail) => {
            far = detail;
            tell();
          });
        } finally {
          onCall = () => {};
        }
      }),
  };
}

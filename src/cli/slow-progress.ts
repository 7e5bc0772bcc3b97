// Progress of one step that is usually quick: nothing is shown until it has taken two seconds.
import type { Progress } from './progress.js';

const QUIET_MS = 2000;
const BETWEEN_MS = 2000;

export interface SlowProgress {
  /** How far it is; shown every two seconds at most. */
  at(detail: string): void;
  /** To be called in the end, also of a failure. */
  end(outcome: 'done' | 'failed'): void;
}

function slowProgress(progress: Progress, step: string): SlowProgress {
  const startMs = Date.now();
  let shownMs: number | undefined;
  const show = (detail: string) => {
    clearTimeout(silent);
    if (shownMs === undefined) progress.report({ step, state: 'started' }, startMs);
    shownMs = Date.now();
    progress.report({ step, state: 'waiting', detail });
  };
  // Also of what never says how far it is.
  const silent = setTimeout(() => show('at work'), QUIET_MS).unref();
  return {
    at(detail) {
      const nowMs = Date.now();
      if (nowMs - startMs < QUIET_MS || nowMs - (shownMs ?? 0) < BETWEEN_MS) return;
      show(detail);
    },
    end(outcome) {
      clearTimeout(silent);
      if (shownMs === undefined) return;
      if (outcome === 'done') progress.report({ step, state: 'done' });
      else progress.clear();
    },
  };
}

/** Runs `act` and ends the progress with it. */
export async function withSlowProgress<T>(
  progress: Progress,
  step: string,
  act: (at: SlowProgress['at']) => Promise<T>,
): Promise<T> {
  const slow = slowProgress(progress, step);
  try {
    const result = await act((detail) => slow.at(detail));
    slow.end('done');
    return result;
  } catch (error) {
    slow.end('failed');
    throw error;
  }
}

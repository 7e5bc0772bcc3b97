// Signals that end a command: the first asks it to stop, the second ends the process at once.
import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';
import { GluepotError } from '../base/errors.js';

/** SIGHUP is what a terminal that is closed sends. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type StopSignal = (typeof STOP_SIGNALS)[number];

export interface Interruption {
  /** Aborted by the first signal. */
  signal: AbortSignal;
  received(): StopSignal | undefined;
  /** As `CommandContext.leaves`. */
  leaves(what: string): void;
  /** Says what is left, or `instead` of that; undefined without a signal. */
  ending(instead?: string): { message: string; exitCode: number } | undefined;
  stopWatching(): void;
}

/** @param onSecond told right before the process ends */
export function watchInterruption(onSecond: (message: string) => void): Interruption {
  const controller = new AbortController();
  // Every call that is under way listens to it.
  setMaxListeners(0, controller.signal);
  let received: StopSignal | undefined;
  let left = 'What was done is kept; the same command goes on from there.';
  const onSignal = (name: NodeJS.Signals) => {
    if (received) {
      onSecond(`Ended at once by another ${name}, whatever was under way. ${left}`);
      process.exit(exitCodeOf(received));
    }
    received = name as StopSignal;
    controller.abort(new GluepotError('failed', `Interrupted by ${name}.`));
  };
  for (const name of STOP_SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    received: () => received,
    leaves: (what) => void (left = what),
    ending: (instead = left) =>
      received && { message: `Interrupted by ${received}. ${instead}`, exitCode: exitCodeOf(received) },
    stopWatching() {
      for (const name of STOP_SIGNALS) process.off(name, onSignal);
    },
  };
}

/** As shells say it: 130 for Ctrl-C. */
function exitCodeOf(signal: StopSignal): number {
  return 128 + constants.signals[signal];
}

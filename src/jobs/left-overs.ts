// Runs that were in progress when the process ended: found at the next start, and ended there.
import type { Clock } from '../base/clock.js';
import type { EmitEvent } from '../events/event.js';
import type { State } from '../state/state.js';
import { jobStateEvent } from './job-event.js';
import type { JobRunRecord, JobRunTable } from './job-run.js';

/**
 * What was STOPPING is STOPPED; everything else FAILED, with a message that says why. They are not tried again, whatever
 * MaxRetries says: opening a data directory starts no work by itself.
 */
export function endLeftOvers(state: State, runs: JobRunTable, clock: Clock, emit: EmitEvent): void {
  const nowMs = clock.now().getTime();
  state.transaction(() => {
    for (const run of runs.live()) {
      const ended: JobRunRecord = {
        ...run,
        // How long it ran is not known: its ExecutionTime becomes 0.
        ...(run.runningMs === undefined ? {} : { runningMs: nowMs }),
        lastModifiedMs: nowMs,
        completedMs: nowMs,
        ...(run.state === 'STOPPING'
          ? { state: 'STOPPED' }
          : {
              state: 'FAILED',
              errorMessage:
                run.state === 'RUNNING'
                  ? 'The run was interrupted: gluepot ended while it was in progress.'
                  : `The run was ${run.state} when gluepot ended, and did not begin.`,
            }),
      };
      runs.put(ended);
      const event = jobStateEvent(ended);
      if (event) emit(event);
    }
  });
}

// Runs that take longer than their NotificationProperty allows: told of once in each state they are in from then on.
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { EmitEvent } from '../events/event.js';
import { setFiring } from '../events/firing.js';
import type { State } from '../state/state.js';
import { jobDelayEvent } from './job-event.js';
import type { JobRunRecord, JobRunTable } from './job-run.js';

export interface DelayNotices {
  /** To be called when a run has begun. */
  watch(run: JobRunRecord): void;
  /** To be called in the transaction that changes the run's state. */
  changed(run: JobRunRecord): void;
  forget(runId: string): void;
}

interface Watched {
  isLate: boolean;
  told: Set<JobRunRecord['state']>;
  cancel: () => void;
}

export function openDelayNotices(
  state: State,
  { runs, clock, log, emit }: { runs: JobRunTable; clock: Clock; log: Log; emit: EmitEvent },
): DelayNotices {
  const watchedRuns = new Map<string, Watched>();

  const tell = (run: JobRunRecord) => {
    const watched = watchedRuns.get(run.runId);
    if (!watched?.isLate || watched.told.has(run.state)) return;
    const event = jobDelayEvent(run);
    if (event) emit(event);
    watched.told.add(run.state);
  };
  return {
    watch(run) {
      const minutes = run.settings.NotificationProperty?.NotifyDelayAfter;
      if (minutes === undefined) return;
      const watched: Watched = { isLate: false, told: new Set(), cancel: () => {} };
      watchedRuns.set(run.runId, watched);
      const dueAt = new Date(run.startedMs + minutes * 60_000);
      watched.cancel = setFiring({ clock, log }, `delay of run ${run.runId}`, dueAt, () => {
        watched.isLate = true;
        state.transaction(() => {
          const current = runs.find(run.runId);
          if (current) tell(current);
        });
      });
    },
    changed: tell,
    forget(runId) {
      watchedRuns.get(runId)?.cancel();
      watchedRuns.delete(runId);
    },
  };
}

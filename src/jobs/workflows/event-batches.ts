// Events that wait for a workflow's EVENT trigger: until there are enough of them, or the window is over.
import type { Clock } from '../../base/clock.js';
import type { Log } from '../../base/log.js';
import { setFiring } from '../../events/firing.js';
import { openDocuments } from '../../state/documents.js';
import type { State } from '../../state/state.js';
import type { TriggerRecord } from '../triggers/trigger.js';

export interface EventBatches {
  /** Adds an event; when that makes the batch full, it is taken out and given to `whenFull`. */
  add(trigger: TriggerRecord, eventId: string): void;
  forget(triggerName: string): void;
  close(): void;
}

interface Batch {
  eventIds: string[];
  /** When the window is over, in milliseconds since the epoch. */
  endMs: number;
}

/**
 * Batches of an earlier process go on: their windows end when they would have, or at once. A batch that `whenFull` throws for
 * stays, and when its window is over it is tried again. Alarms do not keep the process alive.
 */
export function openEventBatches(
  state: State,
  { clock, log }: { clock: Clock; log: Log },
  whenFull: (triggerName: string, eventIds: string[], isWindowOver: boolean) => void,
): EventBatches {
  const batches = openDocuments<Batch>(state, 'glue-event-batch');
  const alarms = new Map<string, () => void>();
  const disarm = (name: string) => {
    alarms.get(name)?.();
    alarms.delete(name);
  };
  const release = (name: string, isWindowOver: boolean) => {
    state.transaction(() => {
      const batch = batches.get(name);
      batches.delete(name);
      if (batch) whenFull(name, batch.eventIds, isWindowOver);
    });
    disarm(name);
  };
  const arm = (name: string, endMs: number) =>
    void alarms.set(
      name,
      setFiring({ clock, log }, `events of trigger ${name}`, new Date(endMs), () => release(name, true)),
    );
  for (const { key, document } of batches.list()) arm(key, document.endMs);
  return {
    add: ({ Name, EventBatchingCondition }, eventId) =>
      state.transaction(() => {
        const { BatchSize = 1, BatchWindow = 0 } = EventBatchingCondition ?? {};
        const known = batches.get(Name);
        const batch = known ?? { eventIds: [], endMs: clock.now().getTime() + BatchWindow * 1000 };
        batches.put(Name, { ...batch, eventIds: [...batch.eventIds, eventId] });
        if (batch.eventIds.length + 1 >= BatchSize) release(Name, false);
        else if (!known) arm(Name, batch.endMs);
      }),
    forget(name) {
      disarm(name);
      batches.delete(name);
    },
    close: () => [...alarms.keys()].forEach(disarm),
  };
}

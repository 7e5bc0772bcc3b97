// Follows log groups: what arrives in them from now on, second by second.
import type { Clock } from '../base/clock.js';
import type { State } from '../state/state.js';
import type { LogFilter } from './filter/filter-pattern.js';
import type { LogEventTable, StoredLogEvent } from './log-event.js';

// AWS docs: StartLiveTail: an update every second with up to 500 events, "sampled" beyond that; three hours at most.
const UPDATE_MS = 1000;
const UPDATE_EVENTS_MAX = 500;
const SESSION_MS_MAX = 3 * 3600 * 1000;

export interface TailedEvent extends StoredLogEvent {
  group: string;
  stream: string;
}

export interface LiveTailUpdate {
  /** Those of the last second that match, or as many of them as an update takes, evenly chosen. */
  events: TailedEvent[];
  isSampled: boolean;
}

export interface LiveTailOptions {
  groups: readonly string[];
  filter: LogFilter;
  isStreamMeant: (stream: string) => boolean;
  clock: Clock;
  /** Ends the session early. */
  signal: AbortSignal;
}

/** Ends with `expired` after three hours, with `closed` at the signal. */
export type LiveTail = AsyncGenerator<LiveTailUpdate, 'expired' | 'closed'>;

/** What arrives counts from this call, not from the first update. */
export function liveTail(
  state: State,
  table: LogEventTable,
  { groups, filter, isStreamMeant, clock, signal }: LiveTailOptions,
): LiveTail {
  const endMs = clock.now().getTime() + SESSION_MS_MAX;
  const seen = new Map(groups.flatMap(streamsOf).map(({ id, lastNumber }) => [id, lastNumber]));
  return updates();

  async function* updates(): LiveTail {
    while (clock.now().getTime() < endMs) {
      await clock.sleep(UPDATE_MS, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      if (signal.aborted) return 'closed';
      const found = groups.flatMap(arrivedIn);
      yield { events: sample(found), isSampled: found.length > UPDATE_EVENTS_MAX };
    }
    return 'expired';
  }

  function arrivedIn(group: string): TailedEvent[] {
    return streamsOf(group).flatMap(({ id, name, lastNumber }) => {
      const after = seen.get(id) ?? 0;
      seen.set(id, lastNumber);
      if (lastNumber <= after || !isStreamMeant(name)) return [];
      return table
        .read(id, { after, count: lastNumber - after })
        .filter(({ message }) => filter(message))
        .map((event) => ({ ...event, group, stream: name }));
    });
  }

  function streamsOf(group: string): { id: number; name: string; lastNumber: number }[] {
    return state
      .sql('SELECT id, name, last_number AS lastNumber FROM log_streams WHERE group_name = ? ORDER BY id')
      .all(group) as { id: number; name: string; lastNumber: number }[];
  }
}

function sample(events: readonly TailedEvent[]): TailedEvent[] {
  const inOrder = [...events].sort((a, b) => a.timestamp - b.timestamp);
  if (inOrder.length <= UPDATE_EVENTS_MAX) return inOrder;
  const step = inOrder.length / UPDATE_EVENTS_MAX;
  return Array.from(
    { length: UPDATE_EVENTS_MAX },
    (_, index) => inOrder[Math.floor(index * step)] as TailedEvent,
  );
}

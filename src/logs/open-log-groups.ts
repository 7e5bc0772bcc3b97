// The log store: groups, streams and events, and the narrow view of them that crawls and job runs write to.
import type { Clock } from '../base/clock.js';
import type { State } from '../state/state.js';
import { openLogEventTable, STREAM_EVENTS_MAX, type LogEventTable } from './log-event.js';
import { openLogGroupTable, type LogGroupTable } from './log-group.js';
import type { LogGroups } from './log-groups.js';
import { liveTail, type LiveTail, type LiveTailOptions } from './live-tail.js';
import { openLogStreamTable, type LogStreamTable } from './log-stream.js';

export interface LogStore extends LogGroups {
  groups: LogGroupTable;
  streams: LogStreamTable;
  events: LogEventTable;
  /** What arrives in groups from now on; see live-tail.ts. */
  liveTail(options: LiveTailOptions): LiveTail;
}

/** `state` must have been opened with logsSchema. */
export function openLogGroups(state: State, { clock }: { clock: Clock }): LogStore {
  const groups = openLogGroupTable(state, clock);
  const streams = openLogStreamTable(state, clock);
  const events = openLogEventTable(state, clock);
  return {
    groups,
    streams,
    events,
    liveTail: (options) => liveTail(state, events, options),
    append: (group, stream, newEvents) =>
      state.transaction(() => {
        groups.ensure(group);
        events.append(streams.ensure(group, stream).id, newEvents);
      }),
    read(group, stream, { after, count = STREAM_EVENTS_MAX } = {}) {
      const page = events.read(streams.get(group, stream).id, {
        ...(after === undefined ? {} : { after }),
        count,
      });
      const last = page.at(-1);
      return {
        events: page.map(({ timestamp, message }) => ({ timestamp, message })),
        ...(last ? { next: last.number } : {}),
      };
    },
  };
}

// CloudWatch Logs operations on log events: put, read a stream forwards and backwards, search a group.
import type { Clock } from '../../base/clock.js';
import { compileFilter } from '../../logs/filter/filter-pattern.js';
import { EVENT_OVERHEAD_BYTES, MESSAGE_BYTES_MAX, type StoredLogEvent } from '../../logs/log-event.js';
import type { LogEvent } from '../../logs/log-groups.js';
import type { LogStore } from '../../logs/open-log-groups.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { invalidToken, positionOf, requireGroup, tokenOf } from './page.js';

// AWS docs: GetLogEvents and FilterLogEvents, "a response size of 1 MB (up to 10,000 log events)".
const PAGE_EVENTS_MAX = 10_000;
const PAGE_BYTES_MAX = 1024 * 1024;

const HOUR_MS = 3600 * 1000;

export function logEventOperations(logs: LogStore, clock: Clock) {
  return {
    PutLogEvents({ logGroupName, logStreamName, logEvents }) {
      const stream = logs.streams.get(logGroupName, logStreamName);
      checkBatch(logEvents);
      const nowMs = clock.now().getTime();
      const [tooOldCount, tooNewCount] = [
        logEvents.filter((event) => event.timestamp < nowMs - 14 * 24 * HOUR_MS).length,
        logEvents.filter((event) => event.timestamp > nowMs + 2 * HOUR_MS).length,
      ];
      logs.events.append(stream.id, logEvents.slice(tooOldCount, logEvents.length - tooNewCount));
      return tooOldCount + tooNewCount === 0
        ? {}
        : {
            rejectedLogEventsInfo: {
              ...(tooOldCount > 0 ? { tooOldLogEventEndIndex: tooOldCount } : {}),
              ...(tooNewCount > 0 ? { tooNewLogEventStartIndex: logEvents.length - tooNewCount } : {}),
            },
          };
    },
    GetLogEvents(input) {
      const stream = logs.streams.get(requireGroup(input), input.logStreamName);
      logs.events.expire();
      const { startTime, endTime, limit = PAGE_EVENTS_MAX, startFromHead = false, nextToken } = input;
      const token = nextToken === undefined ? undefined : parseToken(nextToken);
      const isBackwards = token ? token.direction === 'b' : !startFromHead;
      const span = {
        ...(startTime === undefined ? {} : { fromMs: startTime }),
        ...(endTime === undefined ? {} : { untilMs: endTime }),
        count: limit,
      };
      const position = token?.number ?? (isBackwards ? Number.MAX_SAFE_INTEGER : 0);
      const found = logs.events.read(stream.id, { ...span, [isBackwards ? 'before' : 'after']: position });
      const events = isBackwards ? withinBytes(found.reverse()).reverse() : withinBytes(found);
      const [first, last] = [events[0], events.at(-1)];
      // At an end the token in that direction is the one that was passed in.
      const newest = isBackwards ? (token ? position - 1 : 0) : position;
      return {
        events: events.map(toOutputLogEvent),
        nextForwardToken: `f/${last?.number ?? newest}`,
        nextBackwardToken: `b/${first?.number ?? newest + 1}`,
      };
    },
    FilterLogEvents(input) {
      const group = requireGroup(input);
      const {
        logStreamNames,
        logStreamNamePrefix,
        startTime,
        endTime,
        filterPattern = '',
        nextToken,
      } = input;
      const { limit = PAGE_EVENTS_MAX } = input;
      if (logStreamNames && logStreamNamePrefix !== undefined) {
        throw new AwsError(
          'InvalidParameterException',
          'logStreamNames and logStreamNamePrefix cannot both be specified.',
        );
      }
      if (input.startFromHead === false) {
        throw new AwsError(
          'InvalidParameterException',
          'startFromHead false is not supported here; leave it out.',
        );
      }
      logs.groups.get(group);
      logs.events.expire();
      const filter = compileFilter(filterPattern);
      const after = nextToken === undefined ? undefined : parseGroupPosition(nextToken);
      const found = logs.events.readGroup(group, {
        ...(logStreamNames ? { streamNames: logStreamNames } : {}),
        ...(logStreamNamePrefix === undefined ? {} : { streamNamePrefix: logStreamNamePrefix }),
        ...(startTime === undefined ? {} : { fromMs: startTime }),
        // AWS docs: FilterLogEvents: later events are left out; for GetLogEvents also those at that time.
        ...(endTime === undefined ? {} : { untilMs: endTime + 1 }),
        ...(after ? { after } : {}),
        // One more than a page tells whether there is another.
        count: PAGE_EVENTS_MAX + 1,
      });
      // A page may hold fewer events than there are, even none, and still have a next one (AWS docs: FilterLogEvents).
      const scanned = withinBytes(found.slice(0, PAGE_EVENTS_MAX));
      const matching = scanned.filter((event) => filter(event.message));
      const page = matching.slice(0, limit);
      const last =
        matching.length > limit ? page.at(-1) : scanned.length < found.length ? scanned.at(-1) : undefined;
      return {
        events: page.map((event) => ({
          ...toOutputLogEvent(event),
          logStreamName: event.streamName,
          eventId: `${event.streamId}`.padStart(10, '0') + `${event.number}`.padStart(46, '0'),
        })),
        searchedLogStreams: [],
        ...(last ? { nextToken: tokenOf(`${last.timestamp}/${last.streamId}/${last.number}`) } : {}),
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-cloudwatch-logs')>;
}

function checkBatch(events: readonly LogEvent[]): void {
  const isOrdered = events.every((event, index) => event.timestamp >= (events[index - 1]?.timestamp ?? 0));
  if (!isOrdered) {
    throw new AwsError(
      'InvalidParameterException',
      'Log events in a single PutLogEvents request must be in chronological order.',
    );
  }
  for (const { message } of events) {
    const byteCount = Buffer.byteLength(message);
    if (byteCount > MESSAGE_BYTES_MAX) {
      throw new AwsError(
        'InvalidParameterException',
        `Log event too large: ${byteCount} bytes exceeds limit of ${MESSAGE_BYTES_MAX}`,
      );
    }
  }
}

/** The first events that fit in an answer; one always does. */
function withinBytes<T extends StoredLogEvent>(events: readonly T[]): T[] {
  let bytes = 0;
  const end = events.findIndex((event, index) => {
    bytes += Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES;
    return index > 0 && bytes > PAGE_BYTES_MAX;
  });
  return end < 0 ? [...events] : events.slice(0, end);
}

function toOutputLogEvent({ timestamp, message, ingestionMs }: StoredLogEvent) {
  return { timestamp, message, ingestionTime: ingestionMs };
}

function parseToken(token: string): { direction: string; number: number } {
  const match = /^([fb])\/(\d{1,15})$/.exec(token);
  if (!match) throw invalidToken(token);
  return { direction: match[1] as string, number: Number(match[2]) };
}

function parseGroupPosition(token: string) {
  const [timestamp = NaN, streamId = NaN, number = NaN] = positionOf(token).split('/').map(Number);
  if ([timestamp, streamId, number].some(Number.isNaN)) throw invalidToken(token);
  return { timestamp, streamId, number };
}

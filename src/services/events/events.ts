// EventBridge's PutEvents: each entry succeeds or fails by itself.
import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { EVENT_BYTES_MAX } from '../../events/event-rule.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import type { EventsServiceParts } from './index.js';

export function eventOperations({ events, state }: EventsServiceParts) {
  const put = (entry: PutEventsRequestEntry, requireBus: typeof events.requireBus): { EventId: string } => {
    const { EventBusName, Time, Resources = [] } = entry;
    const detailType = required(entry, 'DetailType');
    const source = required(entry, 'Source');
    const detail = parseDetail(required(entry, 'Detail'));
    if (/^aws\./i.test(source)) {
      throw new AwsError('NotAuthorizedForSourceException', 'Not authorized for the source.');
    }
    const bus = requireBus(EventBusName);
    return {
      EventId: events.accept(bus, { source, detailType, resources: Resources, detail }, { time: Time }),
    };
  };
  return {
    PutEvents({ Entries }) {
      const byteCount = Entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
      if (byteCount > EVENT_BYTES_MAX) {
        throw new AwsError(
          'ValidationException',
          'Total size of the entries in the request is over the limit.',
          {
            statusCode: 413,
          },
        );
      }
      const requireBus = remembering(events.requireBus);
      const results = state.transaction(() =>
        Entries.map((entry) => {
          try {
            return put(entry, requireBus);
          } catch (error) {
            if (!(error instanceof AwsError)) throw error;
            return { ErrorCode: error.name, ErrorMessage: error.message };
          }
        }),
      );
      return { FailedEntryCount: results.filter((each) => 'ErrorCode' in each).length, Entries: results };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-eventbridge')>;
}

/** Nothing comes between the entries of one request, so that each bus is looked up once. */
function remembering<Key, Value>(look: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.get(key) ?? look(key);
    known.set(key, value);
    return value;
  };
}

function required(entry: PutEventsRequestEntry, name: 'DetailType' | 'Source' | 'Detail'): string {
  const value = entry[name];
  if (value !== undefined && value !== '') return value;
  throw new AwsError(
    'InvalidArgument',
    `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  );
}

function parseDetail(text: string): Record<string, unknown> {
  try {
    const detail = JSON.parse(text) as unknown;
    if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) {
      return detail as Record<string, unknown>;
    }
  } catch {
    // Said below.
  }
  throw new AwsError('MalformedDetail', 'Detail is malformed.');
}

/** AWS docs: "Calculating PutEvents event entry size": a time counts 14. */
function entryBytes({
  Time,
  Source = '',
  DetailType = '',
  Detail = '',
  Resources = [],
}: PutEventsRequestEntry): number {
  return (Time ? 14 : 0) + Buffer.byteLength([Source, DetailType, Detail, ...Resources].join(''));
}

// EventBridge operations on event buses.
import { BUSES_MAX, busName, DEFAULT_BUS, type StoredBus } from '../../events/event-rule.js';
import { invalidParameter } from '../../events/open-events.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import type { EventsServiceParts } from './index.js';
import { pageOf } from './page.js';
import { tagMap } from './tags.js';

export function busOperations({ events, state, clock }: EventsServiceParts) {
  const { buses, busArn } = events;
  const describe = (name: string, bus: StoredBus | undefined) => ({
    Name: name,
    Arn: busArn(name),
    ...(bus?.description === undefined ? {} : { Description: bus.description }),
    ...(bus ? { CreationTime: bus.created, LastModifiedTime: bus.modified } : {}),
  });
  return {
    CreateEventBus({ Name, Description, Tags, ...others }) {
      const [unsupported] = Object.keys(others);
      if (unsupported !== undefined) {
        throw invalidParameter(unsupported, 'It is not supported here; leave it out.');
      }
      if (Name === DEFAULT_BUS || buses.get(Name)) {
        throw new AwsError('ResourceAlreadyExistsException', `Event bus ${Name} already exists.`);
      }
      if (Name.includes('/'))
        throw invalidParameter('Name', 'An event bus of your own has no slash in its name.');
      if (buses.list().length >= BUSES_MAX) {
        throw new AwsError('LimitExceededException', `The account has ${BUSES_MAX} event buses already.`);
      }
      const now = clock.now();
      buses.put(Name, {
        created: now,
        modified: now,
        tags: tagMap(Tags),
        ...(Description === undefined ? {} : { description: Description }),
      });
      return {
        EventBusArn: busArn(Name),
        ...(Description === undefined ? {} : { Description }),
      };
    },
    DescribeEventBus({ Name }) {
      const name = events.requireBus(Name);
      return describe(name, buses.get(name));
    },
    ListEventBuses({ NamePrefix = '', ...input }) {
      const all = () => {
        const own = buses.list({ prefix: NamePrefix }).map(({ key, document }) => describe(key, document));
        const given = DEFAULT_BUS.startsWith(NamePrefix) ? [describe(DEFAULT_BUS, undefined)] : [];
        return [...given, ...own].sort((a, b) => (a.Name < b.Name ? -1 : 1));
      };
      const [EventBuses, next] = pageOf(
        input,
        ({ after, count }) =>
          all()
            .filter(({ Name }) => after === undefined || Name > after)
            .slice(0, count),
        ({ Name }) => Name,
      );
      return { EventBuses, ...next };
    },
    /** AWS docs: one that is not there is deleted without complaint, one with rules is not. */
    DeleteEventBus({ Name }) {
      const name = busName(Name);
      if (name === DEFAULT_BUS) {
        throw new AwsError('ValidationException', 'Cannot delete event bus default.');
      }
      state.transaction(() => {
        if (events.rules(name, { count: 1 }).length > 0) {
          throw new AwsError(
            'ValidationException',
            `Event bus ${name} can't be deleted since it has rules. Delete them first.`,
          );
        }
        buses.delete(name);
      });
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-eventbridge')>;
}

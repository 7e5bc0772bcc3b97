// EventBridge operations on the tags of buses and rules.
import type { Tag } from '@aws-sdk/client-eventbridge';
import { DEFAULT_BUS } from '../../events/event-rule.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import type { EventsServiceParts } from './index.js';

export function tagMap(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key as string, Value as string]));
}

export function tagOperations({ events }: EventsServiceParts) {
  const tagged = (
    arn: string,
  ): { tags: Record<string, string>; set: (tags: Record<string, string>) => void } => {
    const missing = new AwsError('ResourceNotFoundException', `Resource ${arn} does not exist.`);
    const [, kind, path = ''] = /:(event-bus|rule)\/(.+)$/.exec(arn) ?? [];
    if (kind === 'event-bus') {
      const bus = events.buses.get(path);
      if (!bus) throw missing;
      return { tags: bus.tags, set: (tags) => events.buses.put(path, { ...bus, tags }) };
    }
    const slash = path.lastIndexOf('/');
    const busName = slash < 0 ? DEFAULT_BUS : path.slice(0, slash);
    const rule = kind === 'rule' ? events.findRule(busName, path.slice(slash + 1)) : undefined;
    if (!rule) throw missing;
    return { tags: rule.tags, set: (tags) => events.putRule({ ...rule, tags }) };
  };
  return {
    TagResource({ ResourceARN, Tags }) {
      const { tags, set } = tagged(ResourceARN);
      set({ ...tags, ...tagMap(Tags) });
      return {};
    },
    UntagResource({ ResourceARN, TagKeys }) {
      const { tags, set } = tagged(ResourceARN);
      set(Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key))));
      return {};
    },
    ListTagsForResource: ({ ResourceARN }) => ({
      Tags: Object.entries(tagged(ResourceARN).tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  } satisfies Operations<typeof import('@aws-sdk/client-eventbridge')>;
}

// Scheduler operations on schedule groups and their tags.
import type { Tag } from '@aws-sdk/client-scheduler';
import { DEFAULT_GROUP, type StoredGroup } from '../../schedules/schedule.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import type { SchedulerServiceParts } from './index.js';
import { pageOf } from './page.js';

export function groupOperations({ schedules, clock }: SchedulerServiceParts) {
  const { groups, groupArn } = schedules;
  const describe = (name: string, group: StoredGroup | undefined) => ({
    Arn: groupArn(name),
    Name: name,
    State: 'ACTIVE' as const,
    ...(group ? { CreationDate: group.created, LastModificationDate: group.modified } : {}),
  });
  const tagged = (arn: string): { name: string; group: StoredGroup } => {
    const name = /:schedule-group\/(.+)$/.exec(arn)?.[1] ?? '';
    const group = groups.get(name);
    if (!group) throw new AwsError('ResourceNotFoundException', `Schedule group ${arn} does not exist.`);
    return { name, group };
  };
  return {
    CreateScheduleGroup({ Name, Tags, ClientToken }) {
      const known = groups.get(Name);
      const isRepeated = known?.clientToken !== undefined && known.clientToken === ClientToken;
      if (Name === DEFAULT_GROUP || (known && !isRepeated)) {
        throw new AwsError('ConflictException', `Schedule group ${Name} already exists.`);
      }
      const now = clock.now();
      if (!known) {
        groups.put(Name, {
          created: now,
          modified: now,
          tags: tagMap(Tags),
          ...(ClientToken === undefined ? {} : { clientToken: ClientToken }),
        });
      }
      return { ScheduleGroupArn: groupArn(Name) };
    },
    GetScheduleGroup: ({ Name }) => describe(schedules.requireGroup(Name), groups.get(Name)),
    DeleteScheduleGroup({ Name }) {
      if (Name === DEFAULT_GROUP) {
        throw new AwsError('ValidationException', 'The default schedule group cannot be deleted.');
      }
      schedules.deleteGroup(schedules.requireGroup(Name));
      return {};
    },
    ListScheduleGroups({ NamePrefix = '', ...input }) {
      const own = groups.list().map(({ key, document }) => describe(key, document));
      const found = [describe(DEFAULT_GROUP, undefined), ...own]
        .filter(({ Name }) => Name.startsWith(NamePrefix))
        .sort((a, b) => (a.Name < b.Name ? -1 : 1));
      const [ScheduleGroups, next] = pageOf(found, ({ Name }) => Name, input);
      return { ScheduleGroups, ...next };
    },
    TagResource({ ResourceArn, Tags }) {
      const { name, group } = tagged(ResourceArn);
      groups.put(name, { ...group, tags: { ...group.tags, ...tagMap(Tags) } });
      return {};
    },
    UntagResource({ ResourceArn, TagKeys }) {
      const { name, group } = tagged(ResourceArn);
      const kept = Object.entries(group.tags).filter(([key]) => !TagKeys.includes(key));
      groups.put(name, { ...group, tags: Object.fromEntries(kept) });
      return {};
    },
    ListTagsForResource: ({ ResourceArn }) => ({
      Tags: Object.entries(tagged(ResourceArn).group.tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  } satisfies Operations<typeof import('@aws-sdk/client-scheduler')>;
}

function tagMap(tags: readonly Tag[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key as string, Value as string]));
}

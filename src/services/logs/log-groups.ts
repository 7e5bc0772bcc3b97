// CloudWatch Logs operations on log groups and their tags.
import type { LogGroup } from '../../logs/log-group.js';
import type { LogStore } from '../../logs/open-log-groups.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations, RequestContext } from '../../wire/service.js';
import { groupNameOf, pageOf } from './page.js';

// AWS docs: PutRetentionPolicy, "Possible values are".
const RETENTIONS_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export function logGroupOperations({ groups, events }: LogStore) {
  return {
    CreateLogGroup({ logGroupName, tags, kmsKeyId, logGroupClass = 'STANDARD', deletionProtectionEnabled }) {
      if (kmsKeyId !== undefined || logGroupClass !== 'STANDARD' || deletionProtectionEnabled) {
        throw new AwsError(
          'InvalidParameterException',
          'kmsKeyId, a logGroupClass other than STANDARD and deletionProtectionEnabled are not supported here; leave ' +
            'them out.',
        );
      }
      groups.create(logGroupName, tags);
      return {};
    },
    DescribeLogGroups({ logGroupNamePrefix, logGroupNamePattern, limit, nextToken, ...input }, context) {
      if (input.logGroupIdentifiers !== undefined) {
        throw new AwsError(
          'InvalidParameterException',
          'logGroupIdentifiers is not supported here; use logGroupNamePrefix.',
        );
      }
      if (input.logGroupClass !== undefined && input.logGroupClass !== 'STANDARD') return { logGroups: [] };
      if (logGroupNamePrefix !== undefined && logGroupNamePattern !== undefined) {
        throw new AwsError(
          'InvalidParameterException',
          'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
        );
      }
      const [page, answer] = pageOf(nextToken, limit, (after, count) =>
        groups
          .list({
            ...(logGroupNamePrefix === undefined ? {} : { prefix: logGroupNamePrefix }),
            ...(logGroupNamePattern === undefined ? {} : { pattern: logGroupNamePattern }),
            after,
            count,
          })
          .map((group) => ({ item: group, position: group.name })),
      );
      return { logGroups: page.map((group) => toLogGroup(group, context)), ...answer };
    },
    DeleteLogGroup({ logGroupName }) {
      groups.delete(logGroupName);
      return {};
    },
    PutRetentionPolicy({ logGroupName, retentionInDays }) {
      if (!RETENTIONS_DAYS.includes(retentionInDays)) {
        throw new AwsError(
          'InvalidParameterException',
          `retentionInDays ${retentionInDays} is not one of ${RETENTIONS_DAYS.join(', ')}.`,
        );
      }
      groups.setRetention(logGroupName, retentionInDays);
      events.expire();
      return {};
    },
    DeleteRetentionPolicy({ logGroupName }) {
      groups.setRetention(logGroupName, undefined);
      return {};
    },
    ListTagsForResource({ resourceArn }) {
      return { tags: groups.get(groupNameOf(resourceArn)).tags };
    },
    TagResource({ resourceArn, tags }) {
      const name = groupNameOf(resourceArn);
      groups.setTags(name, { ...groups.get(name).tags, ...tags });
      return {};
    },
    UntagResource({ resourceArn, tagKeys }) {
      const name = groupNameOf(resourceArn);
      const kept = Object.entries(groups.get(name).tags).filter(([key]) => !tagKeys.includes(key));
      groups.setTags(name, Object.fromEntries(kept));
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-cloudwatch-logs')>;
}

function toLogGroup(group: LogGroup, { region, accountId }: RequestContext) {
  const arn = `arn:aws:logs:${region}:${accountId}:log-group:${group.name}`;
  return {
    logGroupName: group.name,
    creationTime: group.created.getTime(),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    logGroupArn: arn,
    storedBytes: group.storedBytes,
    ...(group.retentionDays === undefined ? {} : { retentionInDays: group.retentionDays }),
    logGroupClass: 'STANDARD' as const,
  };
}

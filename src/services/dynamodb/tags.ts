// DynamoDB operations on the tags of tables.
import type { DynamoDb } from '../../dynamodb/open-dynamodb.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';

// AWS docs: ListTagsOfResource; its page is not documented, and 10 is what clients have seen.
export function tagOperations({ tables }: DynamoDb) {
  return {
    ListTagsOfResource({ ResourceArn, NextToken = '' }) {
      const tags = Object.entries(tables.tags(requireArn(ResourceArn)))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .filter(([key]) => key > NextToken);
      const page = tags.slice(0, PAGE_MAX);
      return {
        Tags: page.map(([Key, Value]) => ({ Key, Value })),
        ...(tags.length > PAGE_MAX ? { NextToken: page.at(-1)?.[0] } : {}),
      };
    },
    TagResource({ ResourceArn, Tags }) {
      const added = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
      tables.setTags(ResourceArn, { ...tables.tags(requireArn(ResourceArn)), ...added });
      return {};
    },
    UntagResource({ ResourceArn, TagKeys }) {
      const kept = Object.entries(tables.tags(requireArn(ResourceArn))).filter(
        ([key]) => !TagKeys.includes(key),
      );
      tables.setTags(ResourceArn, Object.fromEntries(kept));
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-dynamodb')>;
}

const PAGE_MAX = 10;

function requireArn(arn: string): string {
  if (/^arn:[^:]*:dynamodb:[^:]*:\d+:table\/[^/]+$/.test(arn)) return arn;
  throw new AwsError('ValidationException', `Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
}

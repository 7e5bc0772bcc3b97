// Tags of roles and policies. Keys are told apart without regard to case, as IAM does.
import type { Tag } from '@aws-sdk/client-iam';
import { AwsError } from '../wire/aws-error.js';

/** AWS docs: IAM quotas, tags that can be attached to a role or a policy. */
export const TAGS_MAX = 50;

/**
 * `tags` with `added` put in; the newest spelling of a key wins.
 * @throws AwsError InvalidInputException for a key given twice or reserved, LimitExceededException
 */
export function withTags(tags: readonly Tag[], added: readonly Tag[]): Tag[] {
  const addedKeys = added.map((tag) => keyOf(tag));
  const repeated = added.find((_, index) => addedKeys.indexOf(addedKeys[index] as string) < index);
  if (repeated) {
    throw new AwsError(
      'InvalidInputException',
      `Duplicate tag keys found. Please note that Tag keys are case insensitive. "${repeated.Key}" is given twice.`,
    );
  }
  const reserved = added.find((tag) => keyOf(tag).startsWith('aws:'));
  if (reserved) {
    throw new AwsError(
      'InvalidInputException',
      `Tag keys must not begin with "aws:"; "${reserved.Key}" does.`,
    );
  }
  const merged = [...tags.filter((tag) => !addedKeys.includes(keyOf(tag))), ...added];
  if (merged.length > TAGS_MAX) {
    throw new AwsError(
      'LimitExceededException',
      `The number of tags has reached the maximum limit: ${TAGS_MAX}.`,
    );
  }
  return merged.map(({ Key, Value }) => ({ Key, Value }));
}

export function withoutTags(tags: readonly Tag[], removedKeys: readonly string[]): Tag[] {
  const removed = removedKeys.map((key) => key.toLowerCase());
  return tags.filter((tag) => !removed.includes(keyOf(tag)));
}

function keyOf(tag: Tag): string {
  return (tag.Key ?? '').toLowerCase();
}

// Tags of buckets and objects.
import { noSuchKey } from '../../storage/write-condition.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import type { S3Parts } from './s3-parts.js';

/** AWS docs: "Categorizing your storage using tags"; a bucket may have 50. */
const OBJECT_TAGS_MAX = 10;
const BUCKET_TAGS_MAX = 50;
const TAG_KEY_LENGTH_MAX = 128;
const TAG_VALUE_LENGTH_MAX = 256;

type TagSet = { Key: string; Value: string }[];

export function taggingOperations({ storage }: S3Parts) {
  const requireObject = (bucket: string, key: string) => {
    const object = storage.head(bucket, key);
    if (!object) throw noSuchKey(key);
    return object;
  };
  return {
    PutBucketTagging({ Bucket, Tagging }) {
      storage.buckets.update(Bucket, { tags: bucketTagsFrom(Tagging.TagSet) });
      return {};
    },
    GetBucketTagging({ Bucket }) {
      const { tags } = storage.buckets.get(Bucket);
      if (!tags || Object.keys(tags).length === 0) {
        throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', { statusCode: 404 });
      }
      return { TagSet: tagSetOf(tags) };
    },
    DeleteBucketTagging({ Bucket }) {
      storage.buckets.update(Bucket, { tags: undefined });
      return {};
    },
    PutObjectTagging(input) {
      requireObject(input.Bucket, input.Key);
      storage.updateAttributes(input.Bucket, input.Key, {
        tags: tagsOf(input.Tagging.TagSet, OBJECT_TAGS_MAX),
      });
      return {};
    },
    GetObjectTagging(input) {
      return { TagSet: tagSetOf(requireObject(input.Bucket, input.Key).tags ?? {}) };
    },
    DeleteObjectTagging(input) {
      requireObject(input.Bucket, input.Key);
      storage.updateAttributes(input.Bucket, input.Key, { tags: {} });
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-s3')>;
}

/** @throws AwsError InvalidTag, BadRequest for more than 50 */
export function bucketTagsFrom(tagSet: TagSet): Record<string, string> {
  return tagsOf(tagSet, BUCKET_TAGS_MAX);
}

function tagSetOf(tags: Record<string, string>): TagSet {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function tagsOf(tagSet: TagSet, countMax: number): Record<string, string> {
  return requireLegalTags(
    tagSet.map(({ Key, Value }) => [Key, Value]),
    countMax,
  );
}

/** @throws AwsError InvalidTag, BadRequest for more than `countMax` */
export function requireLegalTags(
  entries: readonly (readonly [key: string, value: string])[],
  countMax = OBJECT_TAGS_MAX,
): Record<string, string> {
  if (entries.length > countMax) {
    throw new AwsError('BadRequest', `Object tags cannot be greater than ${countMax}`);
  }
  const tags = new Map<string, string>();
  for (const [key, value] of entries) {
    if (tags.has(key)) throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key');
    if (key.length === 0 || key.length > TAG_KEY_LENGTH_MAX || !TAG_TEXT.test(key)) {
      throw new AwsError('InvalidTag', 'The TagKey you have provided is invalid', {
        members: { TagKey: key },
      });
    }
    if (value.length > TAG_VALUE_LENGTH_MAX || !TAG_TEXT.test(value)) {
      throw new AwsError('InvalidTag', 'The TagValue you have provided is invalid', {
        members: { TagValue: value },
      });
    }
    tags.set(key, value);
  }
  return Object.fromEntries(tags);
}

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

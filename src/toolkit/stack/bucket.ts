// A stack's S3 bucket. New buckets on AWS block public access and are encrypted without being told to (since 2023).
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  PutBucketTaggingCommand,
  type BucketLocationConstraint,
  type Tag,
} from '@aws-sdk/client-s3';
import { GluepotError } from '../../base/errors.js';
import { isAwsError } from '../../aws/aws-failure.js';
import { ownershipOf, ownershipTags, type Ownership } from './ownership.js';
import type { ResourceHandler } from './resource.js';
import type { StackScope } from './stack-scope.js';

export function bucketHandler(scope: StackScope): ResourceHandler {
  const { s3 } = scope.clients;
  const abortSignal = scope.signal;

  async function tagsOf(Bucket: string): Promise<Record<string, string>> {
    try {
      const { TagSet } = await s3.send(new GetBucketTaggingCommand({ Bucket }), { abortSignal });
      return Object.fromEntries((TagSet ?? []).map((tag) => [tag.Key as string, tag.Value ?? '']));
    } catch (error) {
      if (isAwsError(error, 'NoSuchTagSet')) return {};
      throw error;
    }
  }

  async function addTags(Bucket: string, tags: Record<string, string>): Promise<void> {
    // PutBucketTagging replaces the whole set.
    const TagSet = tagSetOf({ ...(await tagsOf(Bucket)), ...tags });
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }), { abortSignal });
  }

  /** @param Tags in the same call, for an apply that dies after it must find its own bucket again */
  async function createBucket(Bucket: string, Tags?: Tag[]): Promise<void> {
    // us-east-1 is the one region that may not be named.
    const LocationConstraint =
      scope.region === 'us-east-1' ? undefined : (scope.region as BucketLocationConstraint);
    const CreateBucketConfiguration = Tags || LocationConstraint ? { LocationConstraint, Tags } : undefined;
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }), { abortSignal });
  }

  return {
    async observe(name) {
      let ownership: Ownership;
      try {
        await s3.send(new HeadBucketCommand({ Bucket: name }), { abortSignal });
        ownership = ownershipOf(await tagsOf(name), scope);
      } catch (error) {
        if (isAwsError(error, 'NotFound', 'NoSuchBucket', '404')) return undefined;
        // Bucket names are shared by all accounts: a bucket that may not be looked at is somebody else's.
        if (!isAwsError(error, 'Forbidden', 'AccessDenied', '403')) throw error;
        ownership = { kind: 'foreign', evidence: 'AWS does not let this account look at it' };
      }
      return { kind: 'bucket', name, members: {}, ownership };
    },

    async create({ name }) {
      try {
        await createBucket(name, tagSetOf(ownershipTags(scope))).catch((error: unknown) => {
          // Tags of this call take the right to `s3:TagResource`, which those who may tag buckets need not have (AWS docs: CreateBucketConfiguration).
          if (isAwsError(error, 'AccessDenied')) return createBucket(name);
          throw error;
        });
      } catch (error) {
        if (!isAwsError(error, 'BucketAlreadyExists', 'BucketAlreadyOwnedByYou')) throw error;
        throw new GluepotError(
          'conflict',
          `Bucket ${name} was made by somebody else since the plan. Plan again.`,
          { cause: error },
        );
      }
      // Not asked for, or passed over by an S3 that does not know them in that call.
      if (ownershipOf(await tagsOf(name), scope).kind !== 'ours') await addTags(name, ownershipTags(scope));
    },

    update: () => Promise.resolve(),

    adopt: (name) => addTags(name, ownershipTags(scope, { isAdopted: true })),

    async delete(name) {
      try {
        await s3.send(new DeleteBucketCommand({ Bucket: name }), { abortSignal });
      } catch (error) {
        if (!isAwsError(error, 'NoSuchBucket')) throw error;
      }
    },
  };
}

function tagSetOf(tags: Record<string, string>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

// What a bucket may be configured with: the public access block is kept, the rest is truthfully not there.
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import type { S3Parts } from './s3-parts.js';
import { accessControlOf } from './owner.js';

export function bucketConfigurationOperations({ storage: { buckets }, accountId }: S3Parts) {
  /** An operation on a bucket that has none of what it asks for. */
  const never = (code: string, message: string) => (input: { Bucket: string }) => {
    buckets.require(input.Bucket);
    throw new AwsError(code, message, { statusCode: 404, members: { BucketName: input.Bucket } });
  };
  /** An operation whose answer for a bucket that was never configured is empty. */
  const empty = (input: { Bucket: string }) => {
    buckets.require(input.Bucket);
    return {};
  };
  return {
    PutPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: given }) {
      buckets.update(Bucket, {
        publicAccessBlock: {
          BlockPublicAcls: given.BlockPublicAcls ?? false,
          IgnorePublicAcls: given.IgnorePublicAcls ?? false,
          BlockPublicPolicy: given.BlockPublicPolicy ?? false,
          RestrictPublicBuckets: given.RestrictPublicBuckets ?? false,
        },
      });
      return {};
    },
    GetPublicAccessBlock({ Bucket }) {
      const { publicAccessBlock } = buckets.get(Bucket);
      if (publicAccessBlock) return { PublicAccessBlockConfiguration: publicAccessBlock };
      throw new AwsError(
        'NoSuchPublicAccessBlockConfiguration',
        'The public access block configuration was not found',
        { statusCode: 404 },
      );
    },
    DeletePublicAccessBlock({ Bucket }) {
      buckets.update(Bucket, { publicAccessBlock: undefined });
      return {};
    },
    GetBucketAcl({ Bucket }) {
      buckets.require(Bucket);
      return accessControlOf(accountId);
    },
    GetBucketOwnershipControls({ Bucket }) {
      buckets.require(Bucket);
      return { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' as const }] } };
    },
    GetBucketVersioning: empty,
    GetBucketLogging: empty,
    GetBucketAccelerateConfiguration: empty,
    GetBucketRequestPayment(input) {
      buckets.require(input.Bucket);
      return { Payer: 'BucketOwner' as const };
    },
    GetBucketPolicy: never('NoSuchBucketPolicy', 'The bucket policy does not exist'),
    GetBucketPolicyStatus: never('NoSuchBucketPolicy', 'The bucket policy does not exist'),
    GetBucketCors: never('NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
    GetBucketWebsite: never(
      'NoSuchWebsiteConfiguration',
      'The specified bucket does not have a website configuration',
    ),
    GetBucketLifecycleConfiguration: never(
      'NoSuchLifecycleConfiguration',
      'The lifecycle configuration does not exist',
    ),
    GetBucketReplication: never(
      'ReplicationConfigurationNotFoundError',
      'The replication configuration was not found',
    ),
    GetBucketEncryption: never(
      'ServerSideEncryptionConfigurationNotFoundError',
      'The server side encryption configuration was not found',
    ),
    GetObjectLockConfiguration: never(
      'ObjectLockConfigurationNotFoundError',
      'Object Lock configuration does not exist for this bucket',
    ),
  } satisfies Operations<typeof import('@aws-sdk/client-s3')>;
}

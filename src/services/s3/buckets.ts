// Buckets: made, found, listed, deleted.
import type { BucketLocationConstraint } from '@aws-sdk/client-s3';
import { AwsError } from '../../wire/aws-error.js';
import { sdkModule } from '../../wire/sdk-module.js';
import type { Operations } from '../../wire/service.js';
import type { S3Parts } from './s3-parts.js';
import { ownerOf } from './owner.js';
import { bucketTagsFrom } from './tagging.js';

/** The region whose buckets have no location constraint, and in which a bucket may be made again by its owner. */
const CLASSIC_REGION = 'us-east-1';
const BUCKETS_MAX = 10_000;

export function bucketOperations({ storage: { buckets }, accountId }: S3Parts) {
  return {
    CreateBucket({ Bucket, CreateBucketConfiguration: configuration = {} }, context) {
      const region = regionFor(configuration.LocationConstraint, context.region);
      const answer = { Location: `/${Bucket}`, BucketArn: `arn:aws:s3:::${Bucket}` };
      const isMadeAgain = region === CLASSIC_REGION && buckets.has(Bucket);
      if (isMadeAgain && buckets.get(Bucket).region === CLASSIC_REGION) return answer;
      buckets.create(Bucket, region, {
        // AWS docs: new buckets block public access unless told otherwise.
        publicAccessBlock: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: true,
          RestrictPublicBuckets: true,
        },
        ...(configuration.Tags ? { tags: bucketTagsFrom(configuration.Tags) } : {}),
      });
      return answer;
    },
    HeadBucket({ Bucket }) {
      return { BucketRegion: buckets.get(Bucket).region };
    },
    GetBucketLocation({ Bucket }) {
      const { region } = buckets.get(Bucket);
      return region === CLASSIC_REGION ? {} : { LocationConstraint: region as BucketLocationConstraint };
    },
    ListBuckets({ Prefix = '', MaxBuckets = BUCKETS_MAX, ContinuationToken = '', BucketRegion }) {
      if (!Number.isInteger(MaxBuckets) || MaxBuckets < 1 || MaxBuckets > BUCKETS_MAX) {
        throw new AwsError(
          'InvalidArgument',
          `Argument max-buckets must be an integer between 1 and ${BUCKETS_MAX}`,
          { members: { ArgumentName: 'max-buckets', ArgumentValue: MaxBuckets } },
        );
      }
      const found = buckets
        .list()
        .filter(
          ({ name, region }) =>
            name.startsWith(Prefix) && name > ContinuationToken && (BucketRegion ?? region) === region,
        );
      const page = found.slice(0, MaxBuckets);
      const last = page.at(-1);
      return {
        Buckets: page.map(({ name, createdAt, region }) => ({
          Name: name,
          CreationDate: createdAt,
          BucketRegion: region,
        })),
        Owner: ownerOf(accountId),
        ...(found.length > page.length && last ? { ContinuationToken: last.name } : {}),
        ...(Prefix === '' ? {} : { Prefix }),
      };
    },
    DeleteBucket({ Bucket }) {
      buckets.delete(Bucket);
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-s3')>;
}

/** @throws AwsError IllegalLocationConstraintException, InvalidLocationConstraint */
function regionFor(constraint: string | undefined, requestRegion: string): string {
  if (constraint === undefined || constraint === '') {
    if (requestRegion === CLASSIC_REGION) return CLASSIC_REGION;
    throw illegalLocation('unspecified');
  }
  if (constraint === CLASSIC_REGION) throw invalidLocation(constraint);
  const region = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (!(Object.values(sdkModule('s3').BucketLocationConstraint) as string[]).includes(region)) {
    throw invalidLocation(constraint);
  }
  if (requestRegion !== CLASSIC_REGION && requestRegion !== region) throw illegalLocation(constraint);
  return region;
}

function illegalLocation(constraint: string): AwsError {
  return new AwsError(
    'IllegalLocationConstraintException',
    `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

function invalidLocation(constraint: string): AwsError {
  return new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', {
    members: { LocationConstraint: constraint },
  });
}

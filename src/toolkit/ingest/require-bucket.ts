// The bucket that output goes to has to be there before anything is read for it.
import { HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { isAwsError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';
import { parseS3Place } from './s3-place.js';
import type { IngestSpec } from './spec.js';

/** @throws GluepotError `usage` when S3 says that there is no such bucket; who may not ask may be right all the same */
export async function requireOutputBucket(
  { outputPath }: Pick<IngestSpec, 'outputPath'>,
  { s3 }: { s3: S3Client },
): Promise<void> {
  const { bucket: Bucket } = parseS3Place(outputPath, 'The outputPath');
  try {
    await s3.send(new HeadBucketCommand({ Bucket }));
  } catch (error) {
    if (!isAwsError(error, 'NotFound', 'NoSuchBucket')) return;
    throw new GluepotError(
      'usage',
      `There is no bucket ${Bucket}, so nothing can be written to ${outputPath}. Make it, or give another outputPath.`,
      { cause: error },
    );
  }
}

// A text in S3: a launch spec, or a SQL file beside it.
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { isAwsError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';

/** @throws GluepotError `usage` for a place that is no object or one that is not there */
export async function readObjectText(s3: S3Client, uri: string, abortSignal?: AbortSignal): Promise<string> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (Bucket === undefined || Key === undefined) {
    throw new GluepotError('usage', `${JSON.stringify(uri)} is no object: it must be s3://BUCKET/KEY.`);
  }
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }), abortSignal ? { abortSignal } : {});
    return (await Body?.transformToString()) ?? '';
  } catch (error) {
    if (!isAwsError(error, 'NoSuchKey', 'NoSuchBucket')) throw error;
    throw new GluepotError('usage', `There is no ${uri} (${error.name}).`, { cause: error });
  }
}

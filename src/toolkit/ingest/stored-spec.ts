// An ingest spec in S3, for runs that have no disk of their own: Lambda functions and Glue jobs.
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { asGluepotError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';
import { parseIngestSpec } from './read-spec.js';
import type { IngestSpec } from './spec.js';

/**
 * @param setting what names the spec, for messages: `GLUEPOT_INGEST_SPEC`
 * @throws GluepotError `usage` when it is none, or keeps its trackers on a disk
 */
export async function readStoredSpec(
  s3: S3Client,
  specUri: string | undefined,
  setting: string,
): Promise<IngestSpec> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(specUri ?? '') ?? [];
  if (specUri === undefined || Bucket === undefined || Key === undefined) {
    throw new GluepotError(
      'usage',
      `${setting} is ${JSON.stringify(specUri ?? '')}; it must be the ingest spec, as s3://BUCKET/KEY.`,
    );
  }
  return requireStoredTrackers(parseIngestSpec(await readText(s3, Bucket, Key), specUri));
}

/** @throws GluepotError `usage` for trackers in a folder, which would be gone with the machine */
export function requireStoredTrackers(spec: IngestSpec): IngestSpec {
  if (spec.trackerPath.startsWith('s3://')) return spec;
  throw new GluepotError(
    'usage',
    `The spec's trackerPath is ${JSON.stringify(spec.trackerPath)}; it must be s3://BUCKET/PREFIX, for the disk on which it runs does not last.`,
  );
}

async function readText(s3: S3Client, Bucket: string, Key: string): Promise<string> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  } catch (error) {
    throw asGluepotError(error);
  }
}

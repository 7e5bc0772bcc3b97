// An S3 target: the include path of a crawl, taken apart.
import type { S3Target } from '@aws-sdk/client-glue';
import { parseS3Uri } from '../../storage/object-storage.js';
import { AwsError } from '../../wire/aws-error.js';
import { globMatcher } from '../../base/glob.js';

export interface CrawlTarget {
  bucket: string;
  /** Key of the include path: '' for the bucket, `a/b/` for a folder, `a/b` when the path has no slash at its end. */
  key: string;
  isExcluded(keyBelowTarget: string): boolean;
  /** The patterns as a crawler writes them into the table parameter `exclusions`: absolute, in the order given. */
  exclusions: string[];
  /** Files of a leaf folder to read; undefined reads all. */
  sampleSize: number | undefined;
}

/** Source of the range: AWS docs, S3Target. */
const SAMPLE_SIZE_MAX = 249;

/** @throws AwsError InvalidInputException that names the member, its value and what is allowed */
export function parseTarget(target: S3Target): CrawlTarget {
  const refuse = (message: string, cause?: unknown): never => {
    throw new AwsError('InvalidInputException', message, { cause });
  };
  const uri =
    parseS3Uri(target.Path ?? '') ??
    refuse(
      `S3 target path ${JSON.stringify(target.Path ?? '')} is not of the form s3://bucket/folder/ or s3://bucket/object.`,
    );
  const sampleSize = target.SampleSize;
  if (sampleSize !== undefined && !(sampleSize >= 1 && sampleSize <= SAMPLE_SIZE_MAX)) {
    refuse(`SampleSize ${sampleSize} of S3 target ${target.Path} is not between 1 and ${SAMPLE_SIZE_MAX}.`);
  }
  const patterns = target.Exclusions ?? [];
  let isExcluded: CrawlTarget['isExcluded'];
  try {
    isExcluded = globMatcher(patterns);
  } catch (error) {
    return refuse((error as SyntaxError).message, error);
  }
  const folder = `s3://${uri.bucket}/${uri.key}${uri.key === '' || uri.key.endsWith('/') ? '' : '/'}`;
  return {
    ...uri,
    isExcluded,
    exclusions: patterns.map((pattern) => folder + pattern),
    sampleSize,
  };
}

/** True when `location` (s3://...) lies at or below the target's path. */
export function isWithinTarget(target: CrawlTarget, location: string): boolean {
  const uri = parseS3Uri(location);
  if (uri?.bucket !== target.bucket) return false;
  if (target.key === '' || uri.key === target.key) return true;
  const folder = target.key.endsWith('/') ? target.key : `${target.key}/`;
  return `${uri.key}/`.startsWith(folder);
}

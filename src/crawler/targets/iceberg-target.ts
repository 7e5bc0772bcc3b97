// An Iceberg target: where a crawl looks for tables, and how deep.
import type { IcebergTarget as GlueIcebergTarget } from '@aws-sdk/client-glue';
import { globMatcher } from '../../base/glob.js';
import { parseS3Uri } from '../../storage/object-storage.js';
import { AwsError } from '../../wire/aws-error.js';

export interface IcebergTarget {
  bucket: string;
  /** Key of the folder, with a slash at its end; '' for the bucket. */
  key: string;
  /** Folders below the path that a `metadata` folder may be deep. */
  depthMax: number;
  isExcluded(keyBelowTarget: string): boolean;
}

/** Source: AWS's model of the console, MaximumTraversalDepth; the default is the console's. */
const DEPTH = { min: 1, max: 20, default: 10 };

/** One for each path. @throws AwsError InvalidInputException that names the member, its value and what is allowed */
export function parseIcebergTarget(target: GlueIcebergTarget): IcebergTarget[] {
  const { Paths = [], Exclusions = [], MaximumTraversalDepth = DEPTH.default } = target;
  const refuse = (message: string, cause?: unknown): never => {
    throw new AwsError('InvalidInputException', message, { cause });
  };
  if (Paths.length === 0) {
    refuse('Paths of an Iceberg target is empty: at least one s3://bucket/folder/ must be given.');
  }
  if (!(MaximumTraversalDepth >= DEPTH.min && MaximumTraversalDepth <= DEPTH.max)) {
    refuse(`MaximumTraversalDepth ${MaximumTraversalDepth} is not between ${DEPTH.min} and ${DEPTH.max}.`);
  }
  let isExcluded: IcebergTarget['isExcluded'];
  try {
    isExcluded = globMatcher(Exclusions);
  } catch (error) {
    return refuse((error as SyntaxError).message, error);
  }
  return Paths.map((path) => {
    const uri = parseS3Uri(path);
    if (!uri) return refuse(`Iceberg path ${JSON.stringify(path)} is not of the form s3://bucket/folder/.`);
    return {
      bucket: uri.bucket,
      key: uri.key === '' || uri.key.endsWith('/') ? uri.key : `${uri.key}/`,
      depthMax: MaximumTraversalDepth,
      isExcluded,
    };
  });
}

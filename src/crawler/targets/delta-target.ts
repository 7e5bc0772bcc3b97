// A Delta target: the tables that a crawl reads the logs of, and what it makes of them.
import type { DeltaTarget as GlueDeltaTarget } from '@aws-sdk/client-glue';
import { parseS3Uri } from '../../storage/object-storage.js';
import { AwsError } from '../../wire/aws-error.js';

export interface DeltaTarget {
  bucket: string;
  /** Key of the table's folder, with a slash at its end. */
  key: string;
  /** A table for engines that read the log, rather than one of manifests. */
  isNative: boolean;
  /** The crawl writes the manifests itself. */
  isWritingManifests: boolean;
}

/** One for each table. @throws AwsError InvalidInputException that names the member, its value and what is allowed */
export function parseDeltaTarget(target: GlueDeltaTarget): DeltaTarget[] {
  const { DeltaTables = [], WriteManifest = false, CreateNativeDeltaTable = false } = target;
  const refuse = (message: string): never => {
    throw new AwsError('InvalidInputException', message);
  };
  if (DeltaTables.length === 0) {
    refuse('DeltaTables of a Delta target is empty: at least one s3://bucket/folder/ must be given.');
  }
  return DeltaTables.map((path) => {
    const uri = parseS3Uri(path);
    if (!uri) return refuse(`Delta table ${JSON.stringify(path)} is not of the form s3://bucket/folder/.`);
    return {
      bucket: uri.bucket,
      key: uri.key === '' || uri.key.endsWith('/') ? uri.key : `${uri.key}/`,
      isNative: CreateNativeDeltaTable,
      isWritingManifests: WriteManifest,
    };
  });
}

// A place in S3: bucket and prefix, and the objects below it.
import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { asGluepotError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';

export interface S3Place {
  bucket: string;
  /** Empty, or with a slash at its end. */
  prefix: string;
}

export interface S3Object {
  bucket: string;
  key: string;
  /** Bytes. */
  size: number;
  lastModified: Date;
}

/** @param what begins the message: "The location of table t". @throws GluepotError `usage` unless it is in S3 */
export function parseS3Place(location: string, what: string): S3Place {
  const [, bucket, path = ''] = /^s3[an]?:\/\/([^/]+)(?:\/(.*))?$/.exec(location) ?? [];
  if (bucket === undefined) {
    throw new GluepotError('usage', `${what} is ${JSON.stringify(location)}, which is no s3:// address.`);
  }
  return { bucket, prefix: path === '' || path.endsWith('/') ? path : `${path}/` };
}

export function s3Uri({ bucket, key }: { bucket: string; key: string }): string {
  return `s3://${bucket}/${key}`;
}

/** Bucket and key of an s3:// address of an object. */
export function placeOf(uri: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri) as unknown as [string, string, string];
  return { bucket, key };
}

/** All objects below a place. @throws GluepotError */
export async function listObjects(s3: S3Client, { bucket, prefix }: S3Place): Promise<S3Object[]> {
  const objects: S3Object[] = [];
  try {
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: s3 },
      { Bucket: bucket, Prefix: prefix },
    )) {
      for (const { Key: key = '', Size: size = 0, LastModified: lastModified = new Date(0) } of Contents) {
        objects.push({ bucket, key, size, lastModified });
      }
    }
  } catch (error) {
    throw asGluepotError(error);
  }
  return objects;
}

/** Objects that hold rows: as in Hadoop none whose name, or a folder of it below the place, begins with `_` or `.`. */
export async function listDataFiles(s3: S3Client, place: S3Place): Promise<S3Object[]> {
  const objects = await listObjects(s3, place);
  return objects.filter((object) => isData(object, place.prefix.length));
}

/** @param start where the folder's own part of the key ends */
export function isData({ key, size }: S3Object, start: number): boolean {
  return size > 0 && !isHidden(key.slice(start));
}

/** Whether the object or folder of this path, below a place, holds no rows. */
export function isHidden(path: string): boolean {
  return path.split('/').some((name) => /^[_.]/.test(name) && !name.includes('='));
}

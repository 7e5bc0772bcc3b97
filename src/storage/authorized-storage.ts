// Objects as a role may read and write them.
import type { ObjectStorage } from './object-storage.js';

/** Returns when it may be done. @throws AwsError AccessDenied */
export type RequireAccess = (action: string, resource: string, facts?: Record<string, string>) => void;

/**
 * Listing, reading and writing need the permission that S3 asks for it. To look whether an object is there needs none: S3
 * has no such call, and its callers list or read next.
 */
export function authorizedStorage(storage: ObjectStorage, require: RequireAccess): ObjectStorage {
  const objectArn = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`;
  return {
    ...storage,
    list(bucket, options = {}) {
      require('s3:ListBucket', `arn:aws:s3:::${bucket}`, {
        's3:prefix': options.prefix ?? '',
        ...(options.delimiter === undefined ? {} : { 's3:delimiter': options.delimiter }),
      });
      return storage.list(bucket, options);
    },
    path(bucket, key) {
      require('s3:GetObject', objectArn(bucket, key));
      return storage.path(bucket, key);
    },
    adopt(bucket, key, ...rest) {
      require('s3:PutObject', objectArn(bucket, key));
      return storage.adopt(bucket, key, ...rest);
    },
    put(bucket, key, ...rest) {
      require('s3:PutObject', objectArn(bucket, key));
      return storage.put(bucket, key, ...rest);
    },
  };
}

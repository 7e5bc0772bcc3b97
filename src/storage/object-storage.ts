// Objects in buckets as plain files: what the rest of the embedded AWS may ask of them.
import type { Readable } from 'node:stream';

/** An object as a listing shows it. `ETag` is without quotes. */
export interface ObjectEntry {
  key: string;
  size: number;
  lastModified: Date;
  etag: string;
  /** Absent is STANDARD. */
  storageClass?: string;
}

/** What a PutObject may say about an object beside its bytes; header names as S3 spells them, in lower case. */
export interface ObjectAttributes {
  contentType?: string;
  /** content-encoding, cache-control, content-disposition, content-language, expires, x-amz-storage-class ... */
  headers?: Record<string, string>;
  /** User metadata, names without `x-amz-meta-`. */
  metadata?: Record<string, string>;
  tags?: Record<string, string>;
  /** Checksum algorithm (CRC32, CRC32C, CRC64NVME, SHA1, SHA256) to base64 value. */
  checksums?: Record<string, string>;
}

export interface StoredObject extends ObjectEntry, ObjectAttributes {}

export interface Listing {
  entries: ObjectEntry[];
  commonPrefixes: string[];
  /** Pass as `after` to go on; absent at the end. */
  next?: string;
}

export interface ObjectStorage {
  /** Folder whose sub-folders are the buckets. */
  readonly root: string;
  /** False for a bucket that is not there. */
  hasBucket(bucket: string): boolean;
  /**
   * Objects in UTF-8 byte order of their keys, those greater than `after`; at most `count` entries and common prefixes.
   * @throws AwsError NoSuchBucket
   */
  list(
    bucket: string,
    options?: { prefix?: string; delimiter?: string; after?: string; count?: number },
  ): Listing;
  /** The object's attributes; undefined when there is no such key. @throws AwsError NoSuchBucket */
  head(bucket: string, key: string): StoredObject | undefined;
  /** Absolute path of the file that holds the object's bytes, to be read in place. @throws AwsError NoSuchBucket, NoSuchKey */
  path(bucket: string, key: string): string;
  /** A new path on the same disk, for a file that adopt() will turn into an object. Left-overs are removed at start. */
  temporaryPath(): string;
  /** Makes the finished file at `path` the object's content: complete or absent, whatever happens meanwhile. */
  adopt(bucket: string, key: string, path: string, attributes?: ObjectAttributes): Promise<StoredObject>;
  /** Writes a whole object. @throws AwsError NoSuchBucket, KeyTooLongError */
  put(
    bucket: string,
    key: string,
    body: Uint8Array | Readable,
    attributes?: ObjectAttributes,
  ): Promise<StoredObject>;
  /** Removes an object; no error when it is not there. */
  delete(bucket: string, key: string): void;
}

/** `s3://bucket/key` (also s3a, s3n) taken apart; undefined when `uri` is not of that form. The key may be ''. */
export function parseS3Uri(uri: string): { bucket: string; key: string } | undefined {
  const match = /^s3[an]?:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri);
  return match ? { bucket: match[1] as string, key: match[2] ?? '' } : undefined;
}

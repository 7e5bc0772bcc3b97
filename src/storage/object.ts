// What is known of an object, and what can be done with the objects of all buckets.
import type { Readable } from 'node:stream';
import type { AwsError } from '../wire/aws-error.js';
import type { RecordedAttributes } from './attributes.js';
import type { ListOptions } from './listing.js';
import type { CreationReason } from './object-event.js';
import type { Listing, ObjectAttributes, ObjectEntry } from './object-storage.js';
import type { OpenObject } from './open-object.js';
import type { WriteCondition } from './write-condition.js';

/** An object with all that is recorded of it. */
export interface RecordedObject extends ObjectEntry, RecordedAttributes {}

export interface WriteOptions {
  condition?: WriteCondition;
  /** Called in the instant in which the object is replaced, with nothing in between; throws to prevent it. */
  lastCheck?: () => void;
  /** Asked for when the body has been read to its end: checksums that were verified on the way. */
  checksums?: () => Record<string, string>;
  /** What the bucket's event calls the write; PutObject when not given. */
  reason?: CreationReason;
}

export interface Objects {
  list(bucket: string, options?: ListOptions): Listing;
  head(bucket: string, key: string): RecordedObject | undefined;
  /** The object as it is now, whatever is written to the key while it is read. @throws AwsError NoSuchBucket, NoSuchKey */
  open(bucket: string, key: string): OpenObject;
  path(bucket: string, key: string): string;
  temporaryPath(): string;
  /**
   * The file is taken as it is and not read: its ETag is no MD5. Like put(), this answers when the disk has the object.
   * @throws AwsError NoSuchBucket, KeyTooLongError, PreconditionFailed, InsufficientStorage; the file at `path` is then gone
   */
  adopt(
    bucket: string,
    key: string,
    path: string,
    attributes?: RecordedAttributes,
    options?: WriteOptions & { etag?: string | undefined },
  ): Promise<RecordedObject>;
  /** @throws AwsError NoSuchBucket, KeyTooLongError, PreconditionFailed, InsufficientStorage, or what the body fails with */
  put(
    bucket: string,
    key: string,
    body: Uint8Array | Readable,
    attributes?: ObjectAttributes,
    options?: WriteOptions,
  ): Promise<RecordedObject>;
  /**
   * Makes the bytes of another object, which stays open, this one's without reading them. Its ETag is `etag`, or else no MD5.
   * Undefined, and nothing is stored, when the other's file has changed since it was opened.
   * @throws AwsError NoSuchBucket, KeyTooLongError, PreconditionFailed, InsufficientStorage
   */
  putCopy(
    bucket: string,
    key: string,
    source: OpenObject,
    attributes: RecordedAttributes,
    options?: WriteOptions & { etag?: string | undefined },
  ): Promise<RecordedObject | undefined>;
  /** Changes what is recorded of an object, which keeps its ETag and time. @throws AwsError NoSuchBucket, NoSuchKey */
  updateAttributes(bucket: string, key: string, changes: Partial<RecordedAttributes>): void;
  /** @throws AwsError NoSuchBucket, and with a condition NoSuchKey, PreconditionFailed */
  delete(bucket: string, key: string, condition?: WriteCondition): void;
  /** Deletes many and answers, for each, why it was not deleted. @throws AwsError NoSuchBucket */
  deleteEach(
    bucket: string,
    deletions: readonly { key: string; condition: WriteCondition }[],
  ): (AwsError | undefined)[];
}

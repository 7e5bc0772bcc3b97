// Buckets: folders of the root, and what S3 knows about each of them.
import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, rmdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../base/clock.js';
import { systemErrorCode } from '../base/errors.js';
import { openDocuments } from '../state/documents.js';
import type { State } from '../state/state.js';
import { AwsError } from '../wire/aws-error.js';
import type { AttributeRecords } from './attributes.js';
import { isLegalBucketName } from './bucket-name.js';
import { absentOrThrow, type DirectoryNames } from './directory-names.js';
import { syncEntriesNow } from './disk-sync.js';
import type { KeyPaths } from './key-path.js';
import { sortKeys } from './key-order.js';
import { listItems } from './listing.js';
import type { ObjectFiles } from './object-files.js';
import type { QueueNotification } from './queue-notification.js';
import { answering, forgetIfRoom } from './storage-failure.js';

export interface BucketSettings {
  createdAt: Date;
  region: string;
  tags?: Record<string, string> | undefined;
  publicAccessBlock?: PublicAccessBlock | undefined;
  /** Tells EventBridge of its objects. */
  sendsEvents?: boolean | undefined;
  /** Which queues it tells of its objects. */
  queueNotifications?: readonly QueueNotification[] | undefined;
}

export interface PublicAccessBlock {
  BlockPublicAcls: boolean;
  IgnorePublicAcls: boolean;
  BlockPublicPolicy: boolean;
  RestrictPublicBuckets: boolean;
}

export interface Bucket extends BucketSettings {
  name: string;
}

export interface Buckets {
  has(name: string): boolean;
  /** @throws AwsError NoSuchBucket */
  require(name: string): void;
  /** @throws AwsError NoSuchBucket */
  get(name: string): Bucket;
  /** Who hears of its objects. */
  tellsOf(name: string): { isEventBridge: boolean; queues: readonly QueueNotification[] };
  /** All buckets in the order of their names. */
  list(): Bucket[];
  /** @throws AwsError InvalidBucketName, BucketAlreadyOwnedByYou, BucketAlreadyExists, InsufficientStorage */
  create(name: string, region: string, others?: Omit<BucketSettings, 'createdAt' | 'region'>): void;
  /** Changes the settings that are given; one given as undefined is taken away. @throws AwsError NoSuchBucket */
  update(name: string, settings: Partial<BucketSettings>): void;
  /** @throws AwsError NoSuchBucket, BucketNotEmpty */
  delete(name: string): void;
}

export function openBuckets(
  state: State,
  parts: {
    root: string;
    paths: KeyPaths;
    files: ObjectFiles;
    records: AttributeRecords;
    directories: DirectoryNames;
    clock: Clock;
    region: string;
  },
): Buckets {
  const { root, paths, files, records, directories, clock, region } = parts;
  const settings = openDocuments<BucketSettings>(state, 's3-bucket');

  function folderStats(name: string): Stats | undefined {
    if (!isLegalBucketName(name)) return undefined;
    try {
      const stats = lstatSync(paths.bucketFolder(name));
      return stats.isDirectory() ? stats : undefined;
    } catch (error) {
      return absentOrThrow(error);
    }
  }

  function find(name: string): Bucket | undefined {
    const stats = folderStats(name);
    return stats && { name, ...(settings.get(name) ?? { createdAt: stats.birthtime, region }) };
  }

  function get(name: string): Bucket {
    const bucket = find(name);
    if (!bucket) throw noSuchBucket(name);
    return bucket;
  }

  /** Forgets everything under the name, so that a later bucket of this name begins empty. */
  function forget(name: string): void {
    state.transaction(() => {
      settings.delete(name);
      records.deleteBucket(name);
      state.sql('DELETE FROM s3_escaped_keys WHERE bucket = ?').run(name);
      state
        .sql('DELETE FROM s3_parts WHERE upload_id IN (SELECT upload_id FROM s3_uploads WHERE bucket = ?)')
        .run(name);
      state.sql('DELETE FROM s3_uploads WHERE bucket = ?').run(name);
    });
    for (const folder of [paths.escapedFolder(name), paths.uploadFolder(name)]) {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** @throws AwsError BucketAlreadyExists */
  function makeFolder(name: string): void {
    const folder = paths.bucketFolder(name);
    try {
      mkdirSync(folder);
      syncEntriesNow(root);
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') throw error;
      throw new AwsError(
        'BucketAlreadyExists',
        `The requested bucket name is not available: ${folder} is there and no folder. Remove it, or select a different name.`,
        { statusCode: 409, members: { BucketName: name }, cause: error },
      );
    }
  }

  return {
    has: (name) => folderStats(name) !== undefined,
    require(name) {
      if (!folderStats(name)) throw noSuchBucket(name);
    },
    get,
    list() {
      return sortKeys(readdirSync(root)).flatMap((name) => find(name) ?? []);
    },
    create(name, bucketRegion, others = {}) {
      if (!isLegalBucketName(name)) {
        throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', {
          members: { BucketName: name },
        });
      }
      if (folderStats(name)) {
        throw new AwsError(
          'BucketAlreadyOwnedByYou',
          'Your previous request to create the named bucket succeeded and you already own it.',
          { statusCode: 409, members: { BucketName: name } },
        );
      }
      answering(`The bucket ${name} was not made`, () => {
        forget(name);
        settings.put(name, { ...others, createdAt: clock.now(), region: bucketRegion });
        makeFolder(name);
      });
    },
    tellsOf(name) {
      const stored = settings.get(name);
      return { isEventBridge: stored?.sendsEvents === true, queues: stored?.queueNotifications ?? [] };
    },
    update(name, changes) {
      const { createdAt, region: bucketRegion } = get(name);
      answering(`The bucket ${name} was not changed`, () =>
        settings.put(name, { createdAt, region: bucketRegion, ...settings.get(name), ...changes }),
      );
    },
    delete(name) {
      get(name);
      const folder = paths.bucketFolder(name);
      const isRemoved = answering(`The bucket ${name} was not deleted`, () => {
        const { items } = listItems(name, folder, directories, files, { count: 1 });
        return items.length === 0 && removeFolder(folder);
      });
      if (!isRemoved) {
        throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', {
          statusCode: 409,
          members: { BucketName: name },
        });
      }
      forgetIfRoom(() => forget(name));
    },
  };
}

function noSuchBucket(name: string): AwsError {
  return new AwsError('NoSuchBucket', 'The specified bucket does not exist', {
    statusCode: 404,
    members: { BucketName: name },
  });
}

/** Removes a folder and the empty folders in it; false when anything else is there, e.g. a file made meanwhile. */
function removeFolder(folder: string): boolean {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    // A name that is no UTF-8 comes as another one, under which nothing is.
    if (!entry.isDirectory() || !existsSync(path) || !removeFolder(path)) return false;
  }
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOTEMPTY' || systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

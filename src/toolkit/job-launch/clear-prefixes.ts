// Prefixes cleared before a run: every object is copied to the trash first, and only what was copied is deleted.
import { DeleteObjectsCommand, HeadObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { isAwsError } from '../../aws/aws-failure.js';
import { copyObject } from '../../aws/large-objects.js';
import { GluepotError } from '../../base/errors.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import type { LaunchScope } from './launch-scope.js';
import type { LaunchSpec } from './spec.js';

export interface ManifestObject {
  bucket: string;
  key: string;
  ETag: string;
  /** In bytes. */
  size: number;
  trashBucket: string;
  trashKey: string;
}

const CONCURRENCY = 16;
/** AWS docs, DeleteObjects. */
const DELETE_COUNT_MAX = 1000;

/** All objects that a launch clears. @throws GluepotError `guard-refused` when they are too many */
export async function listCleared(
  scope: LaunchScope,
  { clear, trash = '', objectCountMax }: LaunchSpec['prepare'],
  runKey: string,
): Promise<ManifestObject[]> {
  const [trashBucket, trashPrefix] = placeOf(trash);
  const objects: ManifestObject[] = [];
  for (const uri of clear) {
    const [bucket, Prefix] = placeOf(uri);
    const pages = paginateListObjectsV2(
      { client: scope.clients.s3 },
      { Bucket: bucket, Prefix },
      { abortSignal: scope.signal },
    );
    for await (const { Contents = [] } of pages) {
      for (const { Key: key = '', ETag = '', Size: size = 0 } of Contents) {
        objects.push({
          bucket,
          key,
          ETag,
          size,
          trashBucket,
          trashKey: `${trashPrefix}${runKey}/${bucket}/${key}`,
        });
      }
      if (objects.length > objectCountMax) {
        throw new GluepotError(
          'guard-refused',
          `${clear.join(', ')} hold more than ${objectCountMax} objects. Nothing was done. Raise prepare.objectCountMax if that is meant.`,
        );
      }
    }
  }
  return objects;
}

/**
 * @param keepLease called between batches; when it throws, nothing more is moved
 * @throws GluepotError `conflict` when an object was written since it was listed: nothing is deleted then; `partial-apply` when
 *   some could not be deleted
 */
export async function moveToTrash(
  scope: LaunchScope,
  objects: readonly ManifestObject[],
  keepLease: () => Promise<void>,
): Promise<void> {
  for (const batch of batchesOf(objects)) {
    await mapConcurrently(batch, CONCURRENCY, (object) => copyToTrash(scope, object));
    await keepLease();
  }
  for (const bucket of new Set(objects.map((object) => object.bucket))) {
    for (const batch of batchesOf(objects.filter((object) => object.bucket === bucket))) {
      await deleteBatch(scope, bucket, batch);
      await keepLease();
    }
  }
}

async function copyToTrash(
  scope: LaunchScope,
  { bucket, key, ETag, size, trashBucket, trashKey }: ManifestObject,
): Promise<void> {
  try {
    await copyObject(
      scope.clients.s3,
      { Bucket: bucket, Key: key, ETag, size },
      { Bucket: trashBucket, Key: trashKey },
      { signal: scope.signal },
    );
  } catch (error) {
    if (!isAwsError(error, 'PreconditionFailed', 'NoSuchKey', 'NotFound')) throw error;
    throw new GluepotError(
      'conflict',
      `s3://${bucket}/${key} was written since it was listed: somebody is at work there.`,
      { cause: error },
    );
  }
}

async function deleteBatch(
  scope: LaunchScope,
  Bucket: string,
  batch: readonly ManifestObject[],
): Promise<void> {
  const Objects = batch.map(({ key, ETag }) => ({ Key: key, ETag }));
  const { Errors = [] } = await scope.clients.s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
    { abortSignal: scope.signal },
  );
  const [first] = Errors;
  if (!first) return;
  throw new GluepotError(
    'partial-apply',
    `${Errors.length} of ${batch.length} objects in ${Bucket} could not be deleted; the first: ${first.Key}: ${first.Code} ${first.Message ?? ''}`,
  );
}

export interface Restored {
  restored: number;
  /** They are where they were, or something newer is. */
  present: number;
  /** Neither there nor in the trash. */
  missing: string[];
}

/** Puts back what is not there; never over anything. */
export async function restoreFromTrash(
  scope: LaunchScope,
  objects: readonly ManifestObject[],
): Promise<Restored> {
  const ends = await mapConcurrently(objects, CONCURRENCY, async (object): Promise<keyof Restored> => {
    if (await isThere(scope, object.bucket, object.key)) return 'present';
    try {
      await copyObject(
        scope.clients.s3,
        { Bucket: object.trashBucket, Key: object.trashKey, size: object.size },
        { Bucket: object.bucket, Key: object.key, IfNoneMatch: '*' },
        { signal: scope.signal },
      );
      return 'restored';
    } catch (error) {
      if (isAwsError(error, 'PreconditionFailed')) return 'present';
      if (isAwsError(error, 'NoSuchKey', 'NotFound')) return 'missing';
      throw error;
    }
  });
  const count = (end: keyof Restored) => ends.filter((one) => one === end).length;
  const missing = objects
    .filter((_, index) => ends[index] === 'missing')
    .map(({ bucket, key }) => `s3://${bucket}/${key}`);
  return { restored: count('restored'), present: count('present'), missing };
}

async function isThere(scope: LaunchScope, Bucket: string, Key: string): Promise<boolean> {
  try {
    await scope.clients.s3.send(new HeadObjectCommand({ Bucket, Key }), { abortSignal: scope.signal });
    return true;
  } catch (error) {
    if (isAwsError(error, 'NotFound', 'NoSuchKey')) return false;
    throw error;
  }
}

function* batchesOf<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let from = 0; from < items.length; from += DELETE_COUNT_MAX)
    yield items.slice(from, from + DELETE_COUNT_MAX);
}

function placeOf(uri: string): [bucket: string, prefix: string] {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  return [bucket, prefix];
}

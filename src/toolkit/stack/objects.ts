// Objects in a stack's bucket: looked at, written, listed and deleted in bulk.
import { DeleteObjectsCommand, HeadObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { GluepotError } from '../../base/errors.js';
import { isAwsError } from '../../aws/aws-failure.js';
import { uploadObject } from '../../aws/large-objects.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import type { ObservedObject, WantedObject } from './resource.js';
import type { StackScope } from './stack-scope.js';

const CONCURRENCY = 8;
/** The most keys that one DeleteObjects takes (AWS docs, DeleteObjects). */
const DELETE_COUNT_MAX = 1000;

const CONTENT_TYPES: Record<string, string> = {
  csv: 'text/csv',
  json: 'application/json',
  jsonl: 'application/jsonl',
  py: 'text/x-python',
  sql: 'application/sql',
  txt: 'text/plain',
};

/** Those of `keys` that are there. */
export async function observeObjects(
  scope: StackScope,
  Bucket: string,
  keys: readonly string[],
): Promise<ObservedObject[]> {
  const found = await mapConcurrently(keys, CONCURRENCY, async (Key) => {
    try {
      const head = await scope.clients.s3.send(new HeadObjectCommand({ Bucket, Key }), {
        abortSignal: scope.signal,
      });
      return [{ key: Key, size: head.ContentLength ?? 0, etag: unquote(head.ETag) }];
    } catch (error) {
      if (isAwsError(error, 'NotFound', 'NoSuchKey', 'NoSuchBucket')) return [];
      throw error;
    }
  });
  return found.flat();
}

/** @returns the ETag, without quotes */
export async function putObject(scope: StackScope, Bucket: string, object: WantedObject): Promise<string> {
  const extension = object.key.slice(object.key.lastIndexOf('.') + 1).toLowerCase();
  const ContentType = CONTENT_TYPES[extension] ?? 'application/octet-stream';
  const { s3 } = scope.clients;
  return unquote(await uploadObject(s3, { Bucket, Key: object.key, ContentType }, object, scope));
}

/** All objects whose key begins with `Prefix`, in key order. Nothing when the bucket is not there. */
export async function* listObjects(
  scope: StackScope,
  Bucket: string,
  Prefix = '',
): AsyncGenerator<ObservedObject> {
  try {
    for await (const page of paginateListObjectsV2(
      { client: scope.clients.s3 },
      { Bucket, Prefix },
      { abortSignal: scope.signal },
    )) {
      for (const entry of page.Contents ?? []) {
        yield { key: entry.Key as string, size: entry.Size ?? 0, etag: unquote(entry.ETag) };
      }
    }
  } catch (error) {
    if (!isAwsError(error, 'NoSuchBucket')) throw error;
  }
}

/**
 * Deletes the listed objects for which `isWanted` holds.
 * @returns how many
 * @throws GluepotError `failed` naming the first keys that S3 did not delete
 */
export async function deleteObjects(
  scope: StackScope,
  bucket: string,
  prefix: string,
  isWanted: (key: string) => boolean = () => true,
): Promise<number> {
  let count = 0;
  let batch: string[] = [];
  for await (const object of listObjects(scope, bucket, prefix)) {
    if (!isWanted(object.key)) continue;
    batch.push(object.key);
    if (batch.length < DELETE_COUNT_MAX) continue;
    const deleted = await deleteKeys(scope, bucket, batch);
    count += deleted;
    batch = [];
  }
  return count + (await deleteKeys(scope, bucket, batch));
}

/** At most 1,000 keys. Keys that are not there count as deleted, as S3 has it. */
export async function deleteKeys(
  scope: StackScope,
  Bucket: string,
  keys: readonly string[],
): Promise<number> {
  if (keys.length === 0) return 0;
  const Objects = keys.map((Key) => ({ Key }));
  const { Errors } = await scope.clients.s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
    {
      abortSignal: scope.signal,
    },
  );
  if (!Errors?.length) return keys.length;
  const shown = Errors.slice(0, 5).map(
    (error) => `${error.Key ?? ''}: ${error.Code ?? ''} ${error.Message ?? ''}`,
  );
  const isDenied = Errors.every((error) => error.Code === 'AccessDenied');
  throw new GluepotError(
    isDenied ? 'not-permitted' : 'failed',
    `${Errors.length} of ${keys.length} objects in bucket ${Bucket} could not be deleted: ${shown.join('; ')}`,
  );
}

function unquote(etag = ''): string {
  return etag.replace(/^"|"$/g, '');
}

// Documents below an S3 prefix; S3 itself makes writes whole, and conditional by If-None-Match and If-Match.
import {
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { asGluepotError, isAwsError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';
import type { DocumentStore, PutCondition, StoredDocument } from '../document-store.js';
import { checkDocumentName, conflict } from './document-name.js';

/** AWS docs, "Conditional requests": 409 when another write of the key was under way; the write may be tried again. */
const RACES_MAX = 5;

const ACTS = {
  get: { done: 'read', right: 's3:GetObject' },
  put: { done: 'written', right: 's3:PutObject' },
  list: { done: 'listed', right: 's3:ListBucket' },
  delete: { done: 'deleted', right: 's3:DeleteObject' },
} as const;

/** Answers that break off and are asked for again. */
const CUTS_MAX = 4;

export function openS3Documents(
  s3: S3Client,
  Bucket: string,
  prefix: string,
  abortSignal: AbortSignal | undefined,
): DocumentStore {
  const start = prefix === '' ? '' : `${prefix}/`;
  const location = `s3://${Bucket}${prefix === '' ? '' : `/${prefix}`}`;

  const failure = (error: unknown, act: keyof typeof ACTS, name: string): GluepotError => {
    if (isAwsError(error, 'NoSuchBucket')) {
      const message = `There is no bucket ${Bucket}, so nothing can be kept in ${location}.`;
      return new GluepotError('usage', message, { cause: error });
    }
    if (isAwsError(error, 'PermanentRedirect')) {
      const message = `Bucket ${Bucket} is in ${bucketRegion(error)}, and the S3 client is not. Keep documents in a bucket of the client's region, or give it the bucket's.`;
      return new GluepotError('usage', message, { cause: error });
    }
    const { kind, message } = asGluepotError(error);
    const what = `s3://${Bucket}/${start}${name} could not be ${ACTS[act].done}`;
    const advice = kind === 'not-permitted' ? ` It takes the right to ${ACTS[act].right}.` : '';
    return new GluepotError(kind, `${what}: ${message.replace(/[.!]?$/, '.')}${advice}`, { cause: error });
  };

  const read = async (
    name: string,
    options: { abortSignal?: AbortSignal | undefined },
    cutsLeft = CUTS_MAX,
  ): Promise<StoredDocument | undefined> => {
    let isAnswered = false;
    try {
      const { Body, ETag = '' } = await s3.send(new GetObjectCommand({ Bucket, Key: start + name }), options);
      isAnswered = true;
      return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(), ETag };
    } catch (error) {
      if (isAwsError(error, 'NoSuchKey')) return undefined;
      // The SDK tries again what is not answered, and not what breaks off while it is read.
      const isCut = isAnswered && options.abortSignal?.aborted !== true;
      if (isCut && cutsLeft > 0) return read(name, options, cutsLeft - 1);
      throw failure(error, 'get', name);
    }
  };

  /** Whether a write whose answer was lost is what now stands in its own way. */
  const isOwnWrite = async (error: unknown, name: string, bytes: Uint8Array): Promise<string | undefined> => {
    const attempts = (error as { $metadata?: { attempts?: number } }).$metadata?.attempts ?? 1;
    if (attempts === 1) return undefined;
    const found = await read(name, {});
    return found && Buffer.from(found.bytes).equals(bytes) ? found.ETag : undefined;
  };

  const put = async (
    name: string,
    bytes: Uint8Array,
    condition: PutCondition,
    racesLeft: number,
  ): Promise<{ ETag: string }> => {
    const { ifAbsent, ifMatch } = condition;
    try {
      const command = new PutObjectCommand({
        Bucket,
        Key: start + name,
        Body: bytes,
        ContentType: name.endsWith('.gz') ? 'application/gzip' : 'application/json',
        ...(ifAbsent ? { IfNoneMatch: '*' } : {}),
        ...(ifMatch === undefined ? {} : { IfMatch: ifMatch }),
      });
      // Not ended by the signal: who is interrupted writes down what was done.
      const { ETag = '' } = await s3.send(command);
      return { ETag };
    } catch (error) {
      if (isAwsError(error, 'ConditionalRequestConflict') && racesLeft > 0) {
        return put(name, bytes, condition, racesLeft - 1);
      }
      const isGone = ifMatch !== undefined && isAwsError(error, 'NoSuchKey');
      if (!isGone && !isAwsError(error, 'PreconditionFailed', 'ConditionalRequestConflict')) {
        throw failure(error, 'put', name);
      }
      const ETag = await isOwnWrite(error, name, bytes);
      if (ETag !== undefined) return { ETag };
      const why = ifAbsent ? 'it is there already' : 'it is not the one that was read';
      throw conflict(location, name, why, error);
    }
  };

  return {
    location,
    get(name) {
      checkDocumentName(name);
      return read(name, { abortSignal });
    },
    put(name, bytes, condition = {}) {
      checkDocumentName(name);
      return put(name, bytes, condition, RACES_MAX);
    },
    async *list(names = '') {
      try {
        const pages = paginateListObjectsV2(
          { client: s3 },
          { Bucket, Prefix: start + names },
          { abortSignal },
        );
        for await (const { Contents = [] } of pages) {
          for (const { Key = '', Size: size = 0, LastModified: lastModified = new Date(0) } of Contents) {
            yield { name: Key.slice(start.length), size, lastModified };
          }
        }
      } catch (error) {
        throw failure(error, 'list', names);
      }
    },
    async *folders(parent) {
      const Prefix = start + parent;
      try {
        const asked = { Bucket, Prefix, Delimiter: '/' };
        for await (const { CommonPrefixes = [] } of paginateListObjectsV2({ client: s3 }, asked, {
          abortSignal,
        })) {
          for (const { Prefix: found = '' } of CommonPrefixes) yield found.slice(Prefix.length, -1);
        }
      } catch (error) {
        throw failure(error, 'list', parent);
      }
    },
    async delete(name, { ifMatch } = {}) {
      checkDocumentName(name);
      try {
        const condition = ifMatch === undefined ? {} : { IfMatch: ifMatch };
        // Not ended by the signal: who is interrupted clears up by deleting.
        await s3.send(new DeleteObjectCommand({ Bucket, Key: start + name, ...condition }));
      } catch (error) {
        if (isAwsError(error, 'NoSuchKey')) return;
        if (!isAwsError(error, 'PreconditionFailed')) throw failure(error, 'delete', name);
        throw conflict(location, name, 'it is not the one that was read', error);
      }
    },
  };
}

/** AWS docs, "Error responses", PermanentRedirect; the SDK's own followRegionRedirects goes by the same header. */
function bucketRegion(error: Error): string {
  const { $response } = error as { $response?: { headers?: Record<string, string> } };
  return $response?.headers?.['x-amz-bucket-region'] ?? 'another region';
}

// Objects read: whole, in part, or only what is said about them.
import type { ObjectAttributes as AttributeName, StorageClass } from '@aws-sdk/client-s3';
import type { OpenObject } from '../../storage/object.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { parseByteRange, type ByteRange } from './byte-range.js';
import { checksumMembers, describeObject } from './object-attributes.js';
import { requireReadCondition, type ReadCondition } from './read-condition.js';
import type { S3Parts } from './s3-parts.js';
import { refuseUnsupported } from './unsupported.js';

/** Query parameters of a read that replace headers of its answer. */
const OVERRIDES = {
  ResponseCacheControl: 'CacheControl',
  ResponseContentDisposition: 'ContentDisposition',
  ResponseContentEncoding: 'ContentEncoding',
  ResponseContentLanguage: 'ContentLanguage',
  ResponseContentType: 'ContentType',
  ResponseExpires: 'Expires',
} as const;

interface ReadInput extends ReadCondition {
  Bucket: string;
  Key: string;
  Range?: string | undefined;
  PartNumber?: number | undefined;
  ChecksumMode?: string | undefined;
}

export function objectReadOperations({ storage }: S3Parts) {
  return {
    GetObject(input) {
      const opened = openForRead(input);
      const { object } = opened;
      try {
        const { members, range } = answer(input, opened);
        return { ...members, Body: opened.read(range?.start ?? 0, range?.end ?? object.size - 1) as never };
      } catch (error) {
        opened.close();
        throw error;
      }
    },
    HeadObject(input) {
      const opened = openForRead(input);
      try {
        return answer(input, opened).members;
      } finally {
        opened.close();
      }
    },
    GetObjectAttributes(input) {
      refuseUnsupported(input);
      const opened = storage.open(input.Bucket, input.Key);
      opened.close();
      const { object } = opened;
      const wanted = new Set<AttributeName>(
        input.ObjectAttributes.flatMap((names) => names.split(',') as AttributeName[]),
      );
      const checksums = checksumMembers(object);
      return {
        LastModified: object.lastModified,
        ...(wanted.has('ETag') ? { ETag: object.etag } : {}),
        ...(wanted.has('ObjectSize') ? { ObjectSize: object.size } : {}),
        ...(wanted.has('StorageClass') ? { StorageClass: storageClassOf(opened) } : {}),
        ...(wanted.has('Checksum') && Object.keys(checksums).length > 0 ? { Checksum: checksums } : {}),
        ...(wanted.has('ObjectParts') && object.parts
          ? { ObjectParts: { TotalPartsCount: object.parts.length } }
          : {}),
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-s3')>;

  function openForRead(input: ReadInput): OpenObject {
    refuseUnsupported(input);
    const opened = storage.open(input.Bucket, input.Key);
    try {
      requireReadCondition(input, opened.object);
    } catch (error) {
      opened.close();
      throw error;
    }
    return opened;
  }
}

function answer(input: ReadInput, { object }: OpenObject) {
  const range =
    input.PartNumber === undefined
      ? parseByteRange(input.Range, object.size)
      : partRange(input.PartNumber, object);
  const overrides = Object.entries(OVERRIDES)
    .map(([parameter, member]) => [member, (input as unknown as Record<string, unknown>)[parameter]])
    .filter(([, value]) => value !== undefined);
  const members = {
    ...describeObject(object),
    ...(Object.fromEntries(overrides) as Record<string, never>),
    ContentLength: range ? range.end - range.start + 1 : object.size,
    ...(range ? { ContentRange: `bytes ${range.start}-${range.end}/${object.size}` } : {}),
    ...(input.ChecksumMode === 'ENABLED' && !range ? checksumMembers(object) : {}),
    ...(input.PartNumber !== undefined && object.parts ? { PartsCount: object.parts.length } : {}),
  };
  return { members, range };
}

/** @throws AwsError InvalidPart when there is no such part */
function partRange(partNumber: number, object: OpenObject['object']): ByteRange | undefined {
  const parts = object.parts ?? [{ number: 1, size: object.size }];
  let start = 0;
  for (const [index, part] of parts.entries()) {
    if (index + 1 === partNumber) return part.size === 0 ? undefined : { start, end: start + part.size - 1 };
    start += part.size;
  }
  throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', {
    statusCode: 416,
    members: { ActualPartCount: parts.length, PartNumberRequested: partNumber },
  });
}

function storageClassOf({ object }: OpenObject): StorageClass {
  return (object.headers?.['x-amz-storage-class'] ?? 'STANDARD') as StorageClass;
}

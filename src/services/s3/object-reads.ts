// Objects read: whole, in part, or only what is said about them.
import type { StorageClass } from '@aws-sdk/client-s3';
import type { RecordedPart } from '../../storage/attributes.js';
import type { RecordedObject } from '../../storage/object.js';
import { noSuchKey } from '../../storage/write-condition.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { parseByteRange, type ByteRange } from './byte-range.js';
import { checksumMembers, checksumValues, describeObject, requireHeaderText } from './object-attributes.js';
import { requireReadCondition, type ReadCondition } from './read-condition.js';
import { accessControlOf } from './owner.js';
import type { S3Parts } from './s3-parts.js';

/** Query parameters of a read that replace headers of its answer. */
const OVERRIDES = {
  ResponseCacheControl: 'CacheControl',
  ResponseContentDisposition: 'ContentDisposition',
  ResponseContentEncoding: 'ContentEncoding',
  ResponseContentLanguage: 'ContentLanguage',
  ResponseContentType: 'ContentType',
  ResponseExpires: 'Expires',
} as const;

const PARTS_MAX = 1000;

interface ReadInput extends ReadCondition {
  Bucket: string;
  Key: string;
  Range?: string | undefined;
  PartNumber?: number | undefined;
  ChecksumMode?: string | undefined;
}

export function objectReadOperations({ storage, accountId }: S3Parts) {
  return {
    GetObject(input) {
      const opened = storage.open(input.Bucket, input.Key);
      const { object } = opened;
      try {
        requireReadCondition(input, object);
        const { members, range } = answer(input, object);
        return { ...members, Body: opened.read(range?.start ?? 0, range?.end ?? object.size - 1) as never };
      } catch (error) {
        opened.close();
        throw error;
      }
    },
    HeadObject(input) {
      const object = requireObject(input);
      requireReadCondition(input, object);
      return answer(input, object).members;
    },
    GetObjectAcl(input) {
      requireObject(input);
      return accessControlOf(accountId);
    },
    GetObjectAttributes(input) {
      const object = requireObject(input);
      const wanted = new Set(input.ObjectAttributes.flatMap((names) => names.split(',')));
      const checksums = checksumMembers(object);
      return {
        LastModified: object.lastModified,
        ...(wanted.has('ETag') ? { ETag: object.etag } : {}),
        ...(wanted.has('ObjectSize') ? { ObjectSize: object.size } : {}),
        ...(wanted.has('StorageClass') ? { StorageClass: storageClassOf(object) } : {}),
        ...(wanted.has('Checksum') && Object.keys(checksums).length > 0 ? { Checksum: checksums } : {}),
        ...(wanted.has('ObjectParts') && object.parts
          ? { ObjectParts: objectParts(object.parts, input.MaxParts, input.PartNumberMarker) }
          : {}),
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-s3')>;

  function requireObject({ Bucket, Key }: { Bucket: string; Key: string }): RecordedObject {
    const object = storage.head(Bucket, Key);
    if (!object) throw noSuchKey(Key);
    return object;
  }
}

function answer(input: ReadInput, object: RecordedObject) {
  if (input.PartNumber !== undefined && input.Range !== undefined) {
    throw new AwsError('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter');
  }
  const range =
    input.PartNumber === undefined
      ? parseByteRange(input.Range, object.size)
      : partRange(input.PartNumber, object);
  const overrides = Object.entries(OVERRIDES).flatMap(([parameter, member]) => {
    const value = (input as unknown as Record<string, string | Date | undefined>)[parameter];
    if (typeof value === 'string') requireHeaderText(`response-${headerName(member)}`, value);
    return value === undefined ? [] : [[member, value]];
  });
  const members = {
    ...describeObject(object),
    ...(Object.fromEntries(overrides) as Record<string, never>),
    ContentLength: range ? range.end - range.start + 1 : object.size,
    // No range can say that it has no bytes, which a part may have.
    ...(range && range.start <= range.end
      ? { ContentRange: `bytes ${range.start}-${range.end}/${object.size}` }
      : {}),
    ...(input.ChecksumMode === 'ENABLED' && !range ? checksumMembers(object) : {}),
    ...(input.PartNumber !== undefined && object.parts ? { PartsCount: object.parts.length } : {}),
  };
  return { members, range };
}

const headerName = (member: string) => member.replace(/(?<=.)(?=[A-Z])/g, '-').toLowerCase();

/** @throws AwsError InvalidPartNumber (416) when there is no such part */
function partRange(partNumber: number, object: RecordedObject): ByteRange {
  const parts = object.parts ?? [{ number: 1, size: object.size }];
  let start = 0;
  for (const [index, part] of parts.entries()) {
    if (index + 1 === partNumber) return { start, end: start + part.size - 1 };
    start += part.size;
  }
  throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', {
    statusCode: 416,
    members: { ActualPartCount: parts.length, PartNumberRequested: partNumber },
  });
}

/** Parts themselves are told of an object that was uploaded with checksums only. AWS docs: GetObjectAttributes. */
function objectParts(parts: RecordedPart[], maxParts = PARTS_MAX, marker = '0') {
  const count = { TotalPartsCount: parts.length };
  if (parts.every(({ checksums }) => Object.keys(checksums).length === 0)) return count;
  const found = parts.filter(({ number }) => number > Number(marker));
  const page = found.slice(0, Math.min(maxParts, PARTS_MAX));
  return {
    ...count,
    PartNumberMarker: marker,
    NextPartNumberMarker: String(page.at(-1)?.number ?? marker),
    MaxParts: maxParts,
    IsTruncated: found.length > page.length,
    Parts: page.map(({ number, size, checksums }) => ({
      PartNumber: number,
      Size: size,
      ...checksumValues(checksums),
    })),
  };
}

function storageClassOf(object: RecordedObject): StorageClass {
  return (object.headers?.['x-amz-storage-class'] ?? 'STANDARD') as StorageClass;
}

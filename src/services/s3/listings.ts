// Lists of objects, in both of S3's forms.
import type { EncodingType, ObjectStorageClass } from '@aws-sdk/client-s3';
import type { Listing } from '../../storage/object-storage.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { quoted } from './etag.js';
import type { S3Parts } from './s3-parts.js';
import { ownerOf } from './owner.js';

/** AWS docs: a list has at most 1,000 keys, whatever MaxKeys says. */
export const KEYS_MAX = 1000;

export function listingOperations({ storage, accountId }: S3Parts) {
  return {
    ListObjectsV2(input) {
      const {
        Bucket,
        Prefix = '',
        Delimiter,
        StartAfter,
        ContinuationToken,
        EncodingType,
        FetchOwner,
      } = input;
      const count = keyCount(input.MaxKeys);
      const after = ContinuationToken === undefined ? StartAfter : decodeToken(ContinuationToken);
      const listing = page(Bucket, Prefix, Delimiter, after, count);
      const encode = encoderFor(EncodingType);
      return {
        ...commonMembers(listing, input, count),
        KeyCount: listing.entries.length + listing.commonPrefixes.length,
        ...(StartAfter === undefined ? {} : { StartAfter: encode(StartAfter) }),
        ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
        ...(listing.next === undefined ? {} : { NextContinuationToken: encodeToken(listing.next) }),
        Contents: contents(listing, encode, FetchOwner === true),
      };
    },
    ListObjects(input) {
      const { Bucket, Prefix = '', Delimiter, Marker = '', EncodingType } = input;
      const count = keyCount(input.MaxKeys);
      const listing = page(Bucket, Prefix, Delimiter, Marker, count);
      const encode = encoderFor(EncodingType);
      return {
        ...commonMembers(listing, input, count),
        Marker: encode(Marker),
        ...(listing.next !== undefined && Delimiter ? { NextMarker: encode(listing.next) } : {}),
        Contents: contents(listing, encode, true),
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-s3')>;

  function page(
    bucket: string,
    prefix: string,
    delimiter: string | undefined,
    after: string | undefined,
    count: number,
  ): Listing {
    storage.buckets.require(bucket);
    if (count === 0) return { entries: [], commonPrefixes: [] };
    return storage.list(bucket, {
      prefix,
      count,
      ...(delimiter ? { delimiter } : {}),
      ...(after ? { after } : {}),
    });
  }

  function contents(listing: Listing, encode: (text: string) => string, withOwner: boolean) {
    return listing.entries.map((entry) => ({
      Key: encode(entry.key),
      LastModified: entry.lastModified,
      ETag: quoted(entry.etag),
      Size: entry.size,
      StorageClass: (entry.storageClass ?? 'STANDARD') as ObjectStorageClass,
      ...(withOwner ? { Owner: ownerOf(accountId) } : {}),
    }));
  }
}

function commonMembers(
  listing: Listing,
  input: {
    Bucket: string;
    Prefix?: string | undefined;
    Delimiter?: string | undefined;
    EncodingType?: EncodingType | undefined;
  },
  count: number,
) {
  const encode = encoderFor(input.EncodingType);
  return {
    Name: input.Bucket,
    Prefix: encode(input.Prefix ?? ''),
    MaxKeys: count,
    IsTruncated: listing.next !== undefined,
    ...(input.Delimiter ? { Delimiter: encode(input.Delimiter) } : {}),
    ...(input.EncodingType ? { EncodingType: input.EncodingType } : {}),
    CommonPrefixes: listing.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

/** How many a page holds when `wanted` are asked for. @throws AwsError InvalidArgument naming `argument` */
export function keyCount(wanted: number | undefined, argument = 'maxKeys'): number {
  if (wanted === undefined) return KEYS_MAX;
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > COUNT_MAX) {
    throw new AwsError(
      'InvalidArgument',
      `Argument ${argument} must be an integer between 0 and ${COUNT_MAX}`,
      { members: { ArgumentName: argument, ArgumentValue: wanted } },
    );
  }
  return Math.min(wanted, KEYS_MAX);
}

const COUNT_MAX = 2 ** 31 - 1;

/** With `url`, keys are percent-encoded, so that XML can hold any of them. @throws AwsError InvalidArgument */
export function encoderFor(encodingType: string | undefined): (text: string) => string {
  if (encodingType === undefined) return (text) => text;
  if (encodingType !== 'url') {
    throw new AwsError('InvalidArgument', 'Invalid Encoding Method specified in Request', {
      members: { ArgumentName: 'encoding-type', ArgumentValue: encodingType },
    });
  }
  return (text) => encodeURIComponent(text).replaceAll('%2F', '/');
}

const encodeToken = (key: string) => Buffer.from(key).toString('base64url');

function decodeToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString('utf8');
  if (encodeToken(key) === token && token !== '') return key;
  throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect', {
    members: { ArgumentName: 'continuation-token' },
  });
}

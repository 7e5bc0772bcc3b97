// The list of versions of a bucket that has none: every object is its only version, `null`.
import type { ObjectVersionStorageClass } from '@aws-sdk/client-s3';
import type { Operations } from '../../wire/service.js';
import { quoted } from './etag.js';
import { encoderFor, keyCount } from './listings.js';
import { ownerOf } from './owner.js';
import type { S3Parts } from './s3-parts.js';

export function versionListingOperations({ storage, accountId }: S3Parts) {
  return {
    ListObjectVersions(input) {
      const { Bucket, Prefix = '', Delimiter = '', KeyMarker = '', VersionIdMarker = '' } = input;
      const count = keyCount(input.MaxKeys);
      const encode = encoderFor(input.EncodingType);
      const listing = storage.list(Bucket, { prefix: Prefix, delimiter: Delimiter, after: KeyMarker, count });
      return {
        Name: Bucket,
        Prefix: encode(Prefix),
        KeyMarker: encode(KeyMarker),
        VersionIdMarker,
        MaxKeys: count,
        IsTruncated: listing.next !== undefined,
        ...(Delimiter === '' ? {} : { Delimiter: encode(Delimiter) }),
        ...(input.EncodingType ? { EncodingType: input.EncodingType } : {}),
        ...(listing.next === undefined
          ? {}
          : { NextKeyMarker: encode(listing.next), NextVersionIdMarker: 'null' }),
        Versions: listing.entries.map((entry) => ({
          Key: encode(entry.key),
          VersionId: 'null',
          IsLatest: true,
          LastModified: entry.lastModified,
          ETag: quoted(entry.etag),
          Size: entry.size,
          StorageClass: (entry.storageClass ?? 'STANDARD') as ObjectVersionStorageClass,
          Owner: ownerOf(accountId),
        })),
        CommonPrefixes: listing.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-s3')>;
}

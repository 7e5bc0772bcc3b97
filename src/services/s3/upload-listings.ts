// Lists of uploads under way and of their parts.
import type { StorageClass } from '@aws-sdk/client-s3';
import type { Upload } from '../../storage/upload-records.js';
import type { Operations } from '../../wire/service.js';
import { quoted } from './etag.js';
import { encoderFor, keyCount } from './listings.js';
import { checksumValues } from './object-attributes.js';
import { ownerOf } from './owner.js';
import type { S3Parts } from './s3-parts.js';

export function uploadListingOperations({ storage: { uploads }, accountId }: S3Parts) {
  /** What an upload is to both lists. */
  const uploadMembers = ({ attributes, checksumAlgorithm, checksumType }: Upload) => ({
    Owner: ownerOf(accountId),
    Initiator: ownerOf(accountId),
    StorageClass: (attributes.headers?.['x-amz-storage-class'] ?? 'STANDARD') as StorageClass,
    ...(checksumAlgorithm && { ChecksumAlgorithm: checksumAlgorithm }),
    ...(checksumType && { ChecksumType: checksumType }),
  });

  return {
    ListParts({ Bucket, Key, UploadId, MaxParts, PartNumberMarker = '0' }) {
      const upload = uploads.get(Bucket, Key, UploadId);
      const count = keyCount(MaxParts, 'max-parts');
      const found = uploads
        .listParts(Bucket, Key, UploadId)
        .filter(({ number }) => number > Number(PartNumberMarker));
      const page = found.slice(0, count);
      return {
        Bucket,
        Key,
        UploadId,
        ...uploadMembers(upload),
        MaxParts: count,
        IsTruncated: count > 0 && found.length > page.length,
        PartNumberMarker,
        NextPartNumberMarker: String(page.at(-1)?.number ?? PartNumberMarker),
        Parts: page.map((part) => ({
          PartNumber: part.number,
          LastModified: part.modifiedAt,
          ETag: quoted(part.etag),
          Size: part.size,
          ...checksumValues(part.checksums),
        })),
      };
    },
    ListMultipartUploads(input) {
      const { Bucket, Prefix = '', Delimiter = '', KeyMarker = '', UploadIdMarker = '' } = input;
      const count = keyCount(input.MaxUploads, 'max-uploads');
      const after = { key: KeyMarker, uploadId: UploadIdMarker === '' ? LAST_UPLOAD_ID : UploadIdMarker };
      const found = grouped(uploads.list(Bucket, { prefix: Prefix, after }), Prefix, Delimiter, KeyMarker);
      const page = found.slice(0, count);
      const last = page.at(-1);
      const encode = encoderFor(input.EncodingType);
      return {
        Bucket,
        KeyMarker: encode(KeyMarker),
        UploadIdMarker,
        Prefix: encode(Prefix),
        ...(Delimiter === '' ? {} : { Delimiter: encode(Delimiter) }),
        MaxUploads: count,
        IsTruncated: count > 0 && found.length > page.length,
        ...(input.EncodingType ? { EncodingType: input.EncodingType } : {}),
        ...(found.length > page.length && last
          ? {
              NextKeyMarker: encode(last.name),
              ...(last.upload ? { NextUploadIdMarker: last.upload.uploadId } : {}),
            }
          : {}),
        Uploads: page.flatMap(({ upload }) =>
          upload
            ? {
                Key: encode(upload.key),
                UploadId: upload.uploadId,
                Initiated: upload.initiatedAt,
                ...uploadMembers(upload),
              }
            : [],
        ),
        CommonPrefixes: page.flatMap(({ name, upload }) => (upload ? [] : { Prefix: encode(name) })),
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-s3')>;
}

/** A key marker without an upload marker means: after every upload of that key. */
const LAST_UPLOAD_ID = '\u{10FFFF}';

/** Uploads, and in place of those that share a prefix up to the delimiter, the prefix. `marker` may be such a prefix. */
function grouped(
  uploads: Upload[],
  prefix: string,
  delimiter: string,
  marker: string,
): { name: string; upload?: Upload }[] {
  const items: { name: string; upload?: Upload }[] = [];
  for (const upload of uploads) {
    const at = delimiter === '' ? -1 : upload.key.indexOf(delimiter, prefix.length);
    if (at < 0) {
      items.push({ name: upload.key, upload });
      continue;
    }
    const name = upload.key.slice(0, at + delimiter.length);
    if (name !== marker && name !== items.at(-1)?.name) items.push({ name });
  }
  return items;
}

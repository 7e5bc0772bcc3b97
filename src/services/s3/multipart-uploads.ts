// Uploads in parts.
import type { CompletedPart as CompletedPartMembers, StorageClass } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import type { Part } from '../../storage/upload-parts.js';
import { checksumsOf } from '../../wire/aws-chunked.js';
import { AwsError } from '../../wire/aws-error.js';
import { CHECKSUM_ALGORITHMS } from '../../wire/checksum.js';
import type { Operations } from '../../wire/service.js';
import { parseByteRange } from './byte-range.js';
import { openCopySource } from './copy-source.js';
import { quoted, unquoted } from './etag.js';
import { encoderFor, KEYS_MAX } from './listings.js';
import { attributesFrom, checksumAlgorithmOf, checksumMembers } from './object-attributes.js';
import { writeCondition } from './objects.js';
import { ownerOf } from './owner.js';
import type { S3Parts } from './s3-parts.js';
import { refuseUnsupported } from './unsupported.js';

/** AWS docs: "Amazon S3 multipart upload limits". */
const PART_NUMBER_MAX = 10_000;

export function multipartOperations({ storage, accountId }: S3Parts) {
  const { uploads } = storage;
  return {
    CreateMultipartUpload(input) {
      refuseUnsupported(input);
      const algorithm = checksumAlgorithmOf(input.ChecksumAlgorithm);
      const type =
        algorithm && (input.ChecksumType ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE'));
      const UploadId = uploads.create(input.Bucket, input.Key, {
        attributes: attributesFrom(input),
        ...(algorithm && type ? { checksumAlgorithm: algorithm, checksumType: type } : {}),
      });
      return {
        Bucket: input.Bucket,
        Key: input.Key,
        UploadId,
        ...(algorithm && type ? { ChecksumAlgorithm: algorithm, ChecksumType: type } : {}),
      };
    },
    async UploadPart(input) {
      refuseUnsupported(input);
      const body = input.Body as Readable;
      const number = requirePartNumber(input.PartNumber);
      const part = await uploads.putPart(input.Bucket, input.Key, input.UploadId, number, body, () =>
        checksumsOf(body),
      );
      return { ETag: quoted(part.etag), ...partChecksums(part) };
    },
    async UploadPartCopy(input) {
      refuseUnsupported(input);
      const number = requirePartNumber(input.PartNumber);
      const opened = openCopySource(storage, input);
      const { size } = opened.object;
      const range = copyRange(input.CopySourceRange, size, () => opened.close());
      const body = opened.read(range.start, range.end);
      const part = await uploads.putPart(input.Bucket, input.Key, input.UploadId, number, body);
      return { CopyPartResult: { ETag: quoted(part.etag), LastModified: part.modifiedAt } };
    },
    async CompleteMultipartUpload(input) {
      refuseUnsupported(input);
      const parts = (input.MultipartUpload?.Parts ?? []).map(({ PartNumber = 0, ETag = '', ...members }) => ({
        number: PartNumber,
        etag: unquoted(ETag),
        checksums: checksumsFrom(members),
      }));
      const declared = checksumsFrom(input);
      const object = await uploads.complete(input.Bucket, input.Key, input.UploadId, parts, {
        condition: writeCondition(input),
        check: ({ size, checksums }) => {
          if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== size) {
            throw new AwsError(
              'InvalidRequest',
              `The size of the object is ${size} bytes, not the ${input.MpuObjectSize} given.`,
            );
          }
          for (const [algorithm, value] of Object.entries(declared)) {
            if (checksums[algorithm] !== undefined && checksums[algorithm] !== value) {
              throw new AwsError(
                'BadDigest',
                `The ${algorithm} you specified did not match the calculated checksum.`,
              );
            }
          }
        },
      });
      return { Bucket: input.Bucket, Key: input.Key, ETag: quoted(object.etag), ...checksumMembers(object) };
    },
    AbortMultipartUpload({ Bucket, Key, UploadId }) {
      uploads.abort(Bucket, Key, UploadId);
      return {};
    },
    ListParts({ Bucket, Key, UploadId, MaxParts = KEYS_MAX, PartNumberMarker }) {
      const upload = uploads.get(Bucket, Key, UploadId);
      const after = Number(PartNumberMarker ?? 0);
      const found = uploads.listParts(Bucket, Key, UploadId).filter(({ number }) => number > after);
      const page = found.slice(0, Math.min(MaxParts, KEYS_MAX));
      const Owner = ownerOf(accountId);
      return {
        Bucket,
        Key,
        UploadId,
        Owner,
        Initiator: Owner,
        StorageClass: (upload.attributes.headers?.['x-amz-storage-class'] ?? 'STANDARD') as StorageClass,
        MaxParts: Math.min(MaxParts, KEYS_MAX),
        IsTruncated: found.length > page.length,
        PartNumberMarker: String(after),
        NextPartNumberMarker: String(page.at(-1)?.number ?? after),
        Parts: page.map((part) => ({
          PartNumber: part.number,
          LastModified: part.modifiedAt,
          ETag: quoted(part.etag),
          Size: part.size,
          ...partChecksums(part),
        })),
      };
    },
    ListMultipartUploads(input) {
      const { Bucket, Prefix = '', KeyMarker = '', UploadIdMarker = '', Delimiter } = input;
      if (Delimiter)
        throw new AwsError(
          'NotImplemented',
          'ListMultipartUploads with a delimiter is not implemented here.',
          { statusCode: 501 },
        );
      const count = Math.min(input.MaxUploads ?? KEYS_MAX, KEYS_MAX);
      const after = { key: KeyMarker, uploadId: UploadIdMarker === '' ? LAST_UPLOAD_ID : UploadIdMarker };
      const found = uploads.list(Bucket, { prefix: Prefix, after });
      const page = found.slice(0, count);
      const last = page.at(-1);
      const isTruncated = found.length > page.length;
      const encode = encoderFor(input.EncodingType);
      const Owner = ownerOf(accountId);
      return {
        Bucket,
        KeyMarker: encode(KeyMarker),
        UploadIdMarker,
        Prefix: encode(Prefix),
        MaxUploads: count,
        IsTruncated: isTruncated,
        ...(input.EncodingType ? { EncodingType: input.EncodingType } : {}),
        ...(isTruncated && last
          ? { NextKeyMarker: encode(last.key), NextUploadIdMarker: last.uploadId }
          : {}),
        Uploads: page.map((upload) => ({
          Key: encode(upload.key),
          UploadId: upload.uploadId,
          Initiated: upload.initiatedAt,
          Owner,
          Initiator: Owner,
          StorageClass: (upload.attributes.headers?.['x-amz-storage-class'] ?? 'STANDARD') as StorageClass,
        })),
      };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-s3')>;
}

/** A key marker without an upload marker means: after every upload of that key. */
const LAST_UPLOAD_ID = '\u{10FFFF}';

function requirePartNumber(number: number): number {
  if (Number.isInteger(number) && number >= 1 && number <= PART_NUMBER_MAX) return number;
  throw new AwsError(
    'InvalidArgument',
    `Part number must be an integer between 1 and ${PART_NUMBER_MAX}, inclusive`,
    { members: { ArgumentName: 'partNumber', ArgumentValue: number } },
  );
}

function copyRange(
  text: string | undefined,
  size: number,
  close: () => void,
): { start: number; end: number } {
  if (text === undefined) return { start: 0, end: size - 1 };
  const range = /^bytes=\d+-\d+$/.test(text) ? parseByteRange(text, size) : undefined;
  if (range && Number(text.split('-')[1]) < size) return range;
  close();
  throw new AwsError(
    'InvalidArgument',
    `The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy, within the ${size} bytes of the source`,
    { members: { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: text } },
  );
}

function checksumsFrom(members: object): Record<string, string> {
  const values = members as Partial<CompletedPartMembers> & Record<string, unknown>;
  return Object.fromEntries(
    CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
      const value = values[`Checksum${algorithm}`];
      return typeof value === 'string' ? [[algorithm, value]] : [];
    }),
  );
}

function partChecksums(part: Part): Record<string, string> {
  return Object.fromEntries(
    Object.entries(part.checksums).map(([algorithm, value]) => [`Checksum${algorithm}`, value]),
  );
}

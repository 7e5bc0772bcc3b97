// Uploads in parts: begun, filled, completed, aborted.
import type { CompletedPart as CompletedPartMembers } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import type { CompletedObject } from '../../storage/multipart.js';
import type { CompletedPart } from '../../storage/upload-parts.js';
import { checksumsOf } from '../../wire/aws-chunked.js';
import { AwsError } from '../../wire/aws-error.js';
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm } from '../../wire/checksum.js';
import type { Operations } from '../../wire/service.js';
import { parseByteRange, type ByteRange } from './byte-range.js';
import { copyingFrom, openCopySource } from './copy-source.js';
import { quoted, unquoted } from './etag.js';
import { attributesFrom, checksumAlgorithmOf, checksumMembers, checksumValues } from './object-attributes.js';
import { requireSize, writeCondition } from './objects.js';
import type { S3Parts } from './s3-parts.js';

/** AWS docs: "Amazon S3 multipart upload limits". */
const PART_NUMBER_MAX = 10_000;

export function multipartOperations({ storage }: S3Parts) {
  const { uploads } = storage;
  return {
    CreateMultipartUpload(input) {
      const checksum = uploadChecksum(input);
      const UploadId = uploads.create(input.Bucket, input.Key, {
        attributes: attributesFrom(input),
        ...(checksum && { checksumAlgorithm: checksum.algorithm, checksumType: checksum.type }),
      });
      return {
        Bucket: input.Bucket,
        Key: input.Key,
        UploadId,
        ...(checksum && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type }),
      };
    },
    async UploadPart(input) {
      requireSize(input.ContentLength);
      const { Bucket, Key, UploadId } = input;
      const number = requirePartNumber(input.PartNumber);
      const body = input.Body as Readable;
      const { checksumAlgorithm } = uploads.get(Bucket, Key, UploadId);
      const part = await uploads.putPart(Bucket, Key, UploadId, number, body, () =>
        requireChecksum(checksumAlgorithm, checksumsOf(body)),
      );
      return { ETag: quoted(part.etag), ...checksumValues(part.checksums) };
    },
    async UploadPartCopy(input) {
      const { Bucket, Key, UploadId } = input;
      const number = requirePartNumber(input.PartNumber);
      const { checksumAlgorithm } = uploads.get(Bucket, Key, UploadId);
      const opened = openCopySource(storage, input);
      const range = copyRange(input.CopySourceRange, opened.object.size);
      if (!range) {
        opened.close();
        throw badCopyRange(input.CopySourceRange, opened.object.size);
      }
      const part = await copyingFrom(opened, range, checksumAlgorithm, (body, checksums) =>
        uploads.putPart(Bucket, Key, UploadId, number, body, checksums),
      );
      return {
        CopyPartResult: {
          ETag: quoted(part.etag),
          LastModified: part.modifiedAt,
          ...checksumValues(part.checksums),
        },
      };
    },
    async CompleteMultipartUpload(input, { origin }) {
      const { Bucket, Key, UploadId } = input;
      const parts = (input.MultipartUpload?.Parts ?? []).map(completedPart);
      if (parts.length === 0) {
        throw new AwsError(
          'MalformedXML',
          'The XML you provided was not well-formed or did not validate against our published schema',
        );
      }
      const object = await uploads.complete(Bucket, Key, UploadId, parts, {
        condition: writeCondition(input),
        check: (whole) => requireDeclared(whole, input.MpuObjectSize, checksumsFrom(input)),
      });
      const path = Key.split('/').map(encodeURIComponent).join('/');
      return {
        Location: `${origin}/${Bucket}/${path}`,
        Bucket,
        Key,
        ETag: quoted(object.etag),
        ...checksumMembers(object),
      };
    },
    AbortMultipartUpload({ Bucket, Key, UploadId }) {
      uploads.abort(Bucket, Key, UploadId);
      return {};
    },
  } satisfies Operations<typeof import('@aws-sdk/client-s3')>;
}

type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

/**
 * A CRC can be made of the whole object, CRC64NVME only so; a hash only of the hashes of the parts. AWS docs: "Checking
 * object integrity for data uploads".
 * @throws AwsError InvalidRequest for a type that the algorithm does not have, or one without an algorithm
 */
function uploadChecksum(input: {
  ChecksumAlgorithm?: string | undefined;
  ChecksumType?: ChecksumType | undefined;
}): { algorithm: ChecksumAlgorithm; type: ChecksumType } | undefined {
  const algorithm = checksumAlgorithmOf(input.ChecksumAlgorithm);
  if (!algorithm) {
    if (!input.ChecksumType) return undefined;
    throw new AwsError(
      'InvalidRequest',
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  const types: [ChecksumType, ...ChecksumType[]] =
    algorithm === 'CRC64NVME'
      ? ['FULL_OBJECT']
      : algorithm.startsWith('CRC')
        ? ['COMPOSITE', 'FULL_OBJECT']
        : ['COMPOSITE'];
  const type = input.ChecksumType ?? types[0];
  if (types.includes(type)) return { algorithm, type };
  throw new AwsError(
    'InvalidRequest',
    `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  );
}

/** @throws AwsError InvalidRequest when a part does not come with the checksum that its upload was begun with */
function requireChecksum(
  algorithm: ChecksumAlgorithm | undefined,
  checksums: Record<string, string>,
): Record<string, string> {
  const given = Object.keys(checksums)[0];
  if (algorithm === undefined || given === algorithm) return checksums;
  throw new AwsError(
    'InvalidRequest',
    `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, ` +
      `actual checksum Type: ${given?.toLowerCase() ?? 'null'}`,
  );
}

function requirePartNumber(number: number): number {
  if (Number.isInteger(number) && number >= 1 && number <= PART_NUMBER_MAX) return number;
  throw new AwsError(
    'InvalidArgument',
    `Part number must be an integer between 1 and ${PART_NUMBER_MAX}, inclusive`,
    { members: { ArgumentName: 'partNumber', ArgumentValue: number } },
  );
}

function copyRange(text: string | undefined, size: number): ByteRange | undefined {
  if (text === undefined) return { start: 0, end: size - 1 };
  const last = /^bytes=\d+-(\d+)$/.exec(text)?.[1];
  return last !== undefined && Number(last) < size ? parseByteRange(text, size) : undefined;
}

function badCopyRange(text: string | undefined, size: number): AwsError {
  return new AwsError(
    'InvalidArgument',
    'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based ' +
      `offsets of the first and last bytes to copy, within the ${size} bytes of the source`,
    { members: { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: text } },
  );
}

function completedPart({ PartNumber = 0, ETag = '', ...members }: CompletedPartMembers): CompletedPart {
  return { number: PartNumber, etag: unquoted(ETag), checksums: checksumsFrom(members) };
}

function checksumsFrom(members: object): Record<string, string> {
  const values = members as Record<string, string | undefined>;
  return Object.fromEntries(
    CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
      const value = values[`Checksum${algorithm}`];
      return value === undefined ? [] : [[algorithm, value]];
    }),
  );
}

/** @throws AwsError InvalidRequest, BadDigest when the object would not be what the request says it is */
function requireDeclared(
  whole: CompletedObject,
  declaredSize: number | undefined,
  declaredChecksums: Record<string, string>,
): void {
  if (declaredSize !== undefined && declaredSize !== whole.size) {
    throw new AwsError(
      'InvalidRequest',
      `The provided 'x-amz-mp-object-size' header value ${declaredSize} does not match what was computed: ${whole.size}`,
    );
  }
  for (const [algorithm, value] of Object.entries(declaredChecksums)) {
    if (whole.checksums[algorithm] === undefined)
      requireChecksum(algorithm as ChecksumAlgorithm, whole.checksums);
    if (whole.checksums[algorithm] !== value) {
      throw new AwsError(
        'BadDigest',
        `The ${algorithm} you specified did not match the calculated checksum.`,
      );
    }
  }
}

// Which parts make up a completed upload, and what their checksums come to.
import { AwsError } from '../wire/aws-error.js';
import { checksumOf, type ChecksumAlgorithm } from '../wire/checksum.js';

/** Smallest part, in bytes, that another may follow. AWS docs: "Amazon S3 multipart upload limits". */
export const PART_BYTES_MIN = 5 * 1024 * 1024;

export interface Part {
  number: number;
  /** File with the part's bytes. */
  path: string;
  size: number;
  modifiedAt: Date;
  /** Hexadecimal MD5. */
  etag: string;
  checksums: Record<string, string>;
}

/** A part as CompleteMultipartUpload names it; the ETag without quotes. */
export interface CompletedPart {
  number: number;
  etag: string;
  checksums: Record<string, string>;
}

/** @throws AwsError InvalidPart, InvalidPartOrder, EntityTooSmall, InvalidRequest */
export function completedParts(
  uploaded: Part[],
  chosen: CompletedPart[],
  checksum: { checksumAlgorithm?: ChecksumAlgorithm | undefined; checksumType?: string | undefined },
): Part[] {
  if (chosen.length === 0) {
    throw new AwsError('InvalidRequest', 'You must specify at least one part');
  }
  if (
    chosen.some(({ number }, index) => index > 0 && number <= (chosen[index - 1] as CompletedPart).number)
  ) {
    throw new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  }
  const byNumber = new Map(uploaded.map((part) => [part.number, part]));
  const parts = chosen.map((wanted) => {
    const part = byNumber.get(wanted.number);
    const isSame =
      part?.etag === wanted.etag &&
      Object.entries(wanted.checksums).every(([algorithm, value]) => part.checksums[algorithm] === value);
    if (!part || !isSame) throw invalidPart(wanted);
    const algorithm = checksum.checksumType === 'COMPOSITE' ? checksum.checksumAlgorithm : undefined;
    if (algorithm && !wanted.checksums[algorithm]) {
      throw new AwsError(
        'InvalidRequest',
        `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the ` +
          `checksum for each part. It was missing for part ${wanted.number} in the request.`,
      );
    }
    return part;
  });
  const small = parts.slice(0, -1).find((part) => part.size < PART_BYTES_MIN);
  if (small) throw entityTooSmall(small);
  return parts;
}

/** One checksum over the checksums of the parts, and how many these are. AWS docs: "Checking object integrity". */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: Part[]): string {
  const values = parts.map((part) => Buffer.from(part.checksums[algorithm] ?? '', 'base64'));
  return `${checksumOf(algorithm, Buffer.concat(values))}-${parts.length}`;
}

export function invalidPart({ number, etag }: { number: number; etag: string }): AwsError {
  return new AwsError(
    'InvalidPart',
    'One or more of the specified parts could not be found. The part may not have been uploaded, or the specified ' +
      "entity tag may not match the part's entity tag.",
    { members: { PartNumber: String(number), ETag: etag } },
  );
}

function entityTooSmall({ number, size, etag }: Part): AwsError {
  return new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
    members: {
      ProposedSize: String(size),
      MinSizeAllowed: String(PART_BYTES_MIN),
      PartNumber: String(number),
      ETag: etag,
    },
  });
}

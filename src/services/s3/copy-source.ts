// Where a copy comes from: the x-amz-copy-source header and its conditions.
import { Readable } from 'node:stream';
import type { OpenObject } from '../../storage/open-object.js';
import { preconditionFailed } from '../../storage/write-condition.js';
import { AwsError } from '../../wire/aws-error.js';
import { createChecksum, type Checksum, type ChecksumAlgorithm } from '../../wire/checksum.js';
import { decodePercent } from '../../wire/message.js';
import type { ByteRange } from './byte-range.js';
import { matchesEtag } from './etag.js';
import type { S3Parts } from './s3-parts.js';
import { refuseUnsupported } from './unsupported.js';

export interface CopySourceMembers {
  CopySource: string;
  CopySourceIfMatch?: string | undefined;
  CopySourceIfNoneMatch?: string | undefined;
  CopySourceIfModifiedSince?: Date | undefined;
  CopySourceIfUnmodifiedSince?: Date | undefined;
}

export interface CopySource {
  bucket: string;
  key: string;
}

/** @throws AwsError InvalidArgument, NoSuchVersion */
export function parseCopySource(text: string): CopySource {
  const [path, versionId] = text.split(/\?versionId=(?=[^?]*$)/) as [string, string?];
  refuseUnsupported({ VersionId: versionId });
  // A plus is a space there, as in a form.
  const decoded = decodePercent(path.replaceAll('+', ' ')).replace(/^\//, '');
  const slash = decoded.indexOf('/');
  if (slash > 0 && slash < decoded.length - 1) {
    return { bucket: decoded.slice(0, slash), key: decoded.slice(slash + 1) };
  }
  throw new AwsError(
    'InvalidArgument',
    'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    { members: { ArgumentName: 'x-amz-copy-source', ArgumentValue: text } },
  );
}

/**
 * Hands the bytes of `range` to `write`, with their checksum by `algorithm`, to be asked for when all have been read.
 * Closes the source whatever happens.
 */
export async function copyingFrom<T>(
  opened: OpenObject,
  range: ByteRange,
  algorithm: ChecksumAlgorithm | undefined,
  write: (body: Readable, checksums: () => Record<string, string>) => Promise<T>,
): Promise<T> {
  const content = opened.read(range.start, range.end);
  const checksum = algorithm && createChecksum(algorithm);
  const body = checksum ? Readable.from(passing(content, checksum)) : content;
  try {
    return await write(body, () => (algorithm && checksum ? { [algorithm]: checksum.digest() } : {}));
  } finally {
    content.destroy();
  }
}

/** The same bytes, seen by `checksum` as they go by. */
async function* passing(content: AsyncIterable<Uint8Array>, checksum: Checksum): AsyncGenerator<Uint8Array> {
  for await (const bytes of content) {
    checksum.update(bytes);
    yield bytes;
  }
}

/** Opens the source. The caller reads or closes it. @throws AwsError NoSuchBucket, NoSuchKey, PreconditionFailed */
export function openCopySource(storage: S3Parts['storage'], input: CopySourceMembers): OpenObject {
  const { bucket, key } = parseCopySource(input.CopySource);
  const opened = storage.open(bucket, key);
  const { etag, lastModified } = opened.object;
  const isLaterThan = (date: Date) =>
    Math.floor(lastModified.getTime() / 1000) > Math.floor(date.getTime() / 1000);
  const { CopySourceIfMatch, CopySourceIfNoneMatch, CopySourceIfModifiedSince, CopySourceIfUnmodifiedSince } =
    input;
  const failed =
    (CopySourceIfMatch !== undefined &&
      !matchesEtag(CopySourceIfMatch, etag) &&
      'x-amz-copy-source-If-Match') ||
    (CopySourceIfNoneMatch !== undefined &&
      matchesEtag(CopySourceIfNoneMatch, etag) &&
      'x-amz-copy-source-If-None-Match') ||
    (CopySourceIfMatch === undefined &&
      CopySourceIfUnmodifiedSince &&
      isLaterThan(CopySourceIfUnmodifiedSince) &&
      'x-amz-copy-source-If-Unmodified-Since') ||
    (CopySourceIfNoneMatch === undefined &&
      CopySourceIfModifiedSince &&
      !isLaterThan(CopySourceIfModifiedSince) &&
      'x-amz-copy-source-If-Modified-Since');
  if (!failed) return opened;
  opened.close();
  throw preconditionFailed(failed);
}

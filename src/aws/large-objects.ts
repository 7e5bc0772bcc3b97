// Objects of any size written to S3 and copied within it: in one call up to the limit of one, in parts beyond.
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CompletedPart,
  type CreateMultipartUploadCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { mapConcurrently } from '../base/map-concurrently.js';

/** All in bytes. */
export interface TransferLimits {
  /** What is larger goes in parts. */
  oneCallMax: number;
  /** Of an upload: each is held in memory, so that it can be sent again. */
  uploadPart: number;
  copyPart: number;
}

/** AWS docs: PutObject, CopyObject and UploadPartCopy take at most 5 GB, which are 5 GiB. */
const AWS_LIMITS: TransferLimits = {
  oneCallMax: 5 * 1024 ** 3,
  uploadPart: 16 * 1024 ** 2,
  copyPart: 1024 ** 3,
};
/** AWS docs, "Amazon S3 multipart upload limits". */
const PART_COUNT_MAX = 10_000;
const PARTS_AT_ONCE = 4;

export interface ObjectAddress {
  Bucket: string;
  Key: string;
}

/** Both ends belong to it. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface UploadSource {
  /** In bytes. */
  size: number;
  /** All bytes, or those of the range. */
  open(range?: ByteRange): Uint8Array | Readable;
}

export interface TransferOptions {
  signal?: AbortSignal;
  /** AWS's when not given. */
  limits?: TransferLimits;
}

interface Written {
  /** Only where no such object is; else S3 answers PreconditionFailed. */
  IfNoneMatch?: '*';
}

/** The object is there whole or not at all. @returns its ETag, in quotes. @throws what S3 answers */
export async function uploadObject(
  s3: S3Client,
  to: ObjectAddress & Written & { ContentType: string },
  source: UploadSource,
  { signal, limits = AWS_LIMITS }: TransferOptions = {},
): Promise<string> {
  if (source.size <= limits.oneCallMax) {
    const { ETag = '' } = await s3.send(
      new PutObjectCommand({ ...to, Body: source.open(), ContentLength: source.size }),
      { abortSignal: signal },
    );
    return ETag;
  }
  const ranges = rangesOf(source.size, limits.uploadPart);
  return writeInParts(s3, to, ranges, signal, async (part, range, abortSignal) => {
    const opened = source.open(range);
    const Body = opened instanceof Uint8Array ? opened : await buffer(opened);
    return s3.send(new UploadPartCommand({ ...part, Body, ChecksumAlgorithm: 'CRC32' }), { abortSignal });
  });
}

/**
 * The copy is whole or not there; content type, metadata and tags are the original's.
 * @param from `ETag`: that this is what is copied, else S3 answers PreconditionFailed
 * @throws what S3 answers
 */
export async function copyObject(
  s3: S3Client,
  from: ObjectAddress & { size: number; ETag?: string },
  to: ObjectAddress & Written,
  { signal, limits = AWS_LIMITS }: TransferOptions = {},
): Promise<void> {
  const CopySource = `${from.Bucket}/${from.Key.split('/').map(encodeURIComponent).join('/')}`;
  if (from.size <= limits.oneCallMax) {
    await s3.send(new CopyObjectCommand({ ...to, CopySource, CopySourceIfMatch: from.ETag }), {
      abortSignal: signal,
    });
    return;
  }
  const { attributes, ETag, size } = await describeObject(s3, from, signal);
  await writeInParts(
    s3,
    { ...attributes, ...to },
    rangesOf(size, limits.copyPart),
    signal,
    async (part, range, abortSignal) => {
      const CopySourceRange = `bytes=${range.start}-${range.end}`;
      const { CopyPartResult } = await s3.send(
        // All parts are of one state of the original.
        new UploadPartCopyCommand({
          ...part,
          CopySource,
          CopySourceRange,
          CopySourceIfMatch: from.ETag ?? ETag,
        }),
        { abortSignal },
      );
      return CopyPartResult ?? {};
    },
  );
}

/** What CopyObject takes along by itself, and a copy in parts does not. */
async function describeObject(
  s3: S3Client,
  { Bucket, Key }: ObjectAddress,
  abortSignal: AbortSignal | undefined,
) {
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key }), { abortSignal });
  const { TagSet = [] } =
    (head.TagCount ?? 0) > 0
      ? await s3.send(new GetObjectTaggingCommand({ Bucket, Key }), { abortSignal })
      : {};
  const tags = new URLSearchParams(
    TagSet.map(({ Key: name = '', Value = '' }): [string, string] => [name, Value]),
  );
  const { ContentType, ContentEncoding, ContentDisposition, ContentLanguage, CacheControl, Metadata } = head;
  return {
    ETag: head.ETag,
    size: head.ContentLength ?? 0,
    attributes: {
      ...{ ContentType, ContentEncoding, ContentDisposition, ContentLanguage, CacheControl, Metadata },
      ...(TagSet.length > 0 ? { Tagging: tags.toString() } : {}),
    },
  };
}

function rangesOf(size: number, partBytes: number): ByteRange[] {
  const bytes = Math.max(partBytes, Math.ceil(size / PART_COUNT_MAX));
  const ranges: ByteRange[] = [];
  for (let start = 0; start < size; start += bytes)
    ranges.push({ start, end: Math.min(start + bytes, size) - 1 });
  return ranges;
}

type SentPart = Pick<CompletedPart, 'ETag' | 'ChecksumCRC32'>;
type SendPart = (
  part: ObjectAddress & { UploadId: string; PartNumber: number },
  range: ByteRange,
  signal: AbortSignal,
) => Promise<SentPart>;

async function writeInParts(
  s3: S3Client,
  { IfNoneMatch, ...to }: Omit<CreateMultipartUploadCommandInput, 'Bucket' | 'Key'> & ObjectAddress & Written,
  ranges: readonly ByteRange[],
  signal: AbortSignal | undefined,
  send: SendPart,
): Promise<string> {
  const { Bucket, Key } = to;
  const { UploadId = '' } = await s3.send(
    new CreateMultipartUploadCommand({ ...to, ChecksumAlgorithm: 'CRC32' }),
    { abortSignal: signal },
  );
  try {
    const Parts = await sendParts({ Bucket, Key, UploadId }, ranges, signal, send);
    const { ETag = '' } = await s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, IfNoneMatch }),
      { abortSignal: signal },
    );
    return ETag;
  } catch (error) {
    // Parts are paid for until somebody takes them back. Where that fails, too, the first failure is what counts.
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(() => {});
    throw error;
  }
}

/** Ends when no part is on its way any more: what arrives after the upload was taken back would stay. */
async function sendParts(
  upload: ObjectAddress & { UploadId: string },
  ranges: readonly ByteRange[],
  signal: AbortSignal | undefined,
  send: SendPart,
): Promise<CompletedPart[]> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const numbered = ranges.map((range, index) => ({ range, PartNumber: index + 1 }));
  const failures: unknown[] = [];
  const parts = await mapConcurrently(numbered, PARTS_AT_ONCE, async ({ range, PartNumber }) => {
    if (failures.length > 0) return { PartNumber };
    try {
      const { ETag, ChecksumCRC32 } = await send({ ...upload, PartNumber }, range, either);
      return { PartNumber, ETag, ChecksumCRC32 };
    } catch (error) {
      failures.push(error);
      stop.abort();
      return { PartNumber };
    }
  });
  if (failures.length > 0) throw failures[0];
  return parts;
}

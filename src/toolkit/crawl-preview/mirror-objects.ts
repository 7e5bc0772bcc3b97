// The objects below a path as files that look like them to a crawl: their size, their start and their end.
import { mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { isAwsError } from '../../aws/aws-failure.js';
import { GluepotError } from '../../base/errors.js';
import { mapConcurrently } from '../../base/map-concurrently.js';

/** What a crawl looks at: AWS samples the first megabyte of a file. */
const START_BYTES = 1_048_576;
/** Where Parquet and ORC keep their schema; a longer footer is read again. */
const END_BYTES = 262_144;
const CONCURRENCY = 16;

export interface MirrorOptions {
  s3: S3Client;
  bucket: string;
  prefix: string;
  /** Folder that becomes the bucket. */
  folder: string;
  signal: AbortSignal;
  onProgress(counts: { listed: number; mirrored: number }): void;
}

export interface Mirrored {
  objectCount: number;
  /** Read from S3. */
  byteCount: number;
  /** Keys that no file can have. */
  leftOut: string[];
}

/**
 * Reads at most START_BYTES and a footer of each object, with ranged requests; the rest of each file is a hole.
 * @throws GluepotError `usage` when there is no such bucket
 */
export async function mirrorObjects(options: MirrorOptions): Promise<Mirrored> {
  const { folder, signal, onProgress } = options;
  const mirrored: Mirrored = { objectCount: 0, byteCount: 0, leftOut: [] };
  mkdirSync(folder, { recursive: true });
  let listed = 0;
  for await (const { Contents = [] } of listPages(options)) {
    listed += Contents.length;
    await mapConcurrently(Contents, CONCURRENCY, async ({ Key = '', Size = 0 }) => {
      signal.throwIfAborted();
      if (Key.endsWith('/') && Size === 0) return;
      if (!isFileName(Key)) {
        mirrored.leftOut.push(Key);
        return;
      }
      const path = join(folder, Key);
      mkdirSync(dirname(path), { recursive: true });
      const byteCount = await mirrorObject(options, Key, Size, path);
      mirrored.byteCount += byteCount;
      mirrored.objectCount++;
      onProgress({ listed, mirrored: mirrored.objectCount });
    });
  }
  return mirrored;
}

async function* listPages({ s3, bucket, prefix, signal }: MirrorOptions) {
  try {
    yield* paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix }, { abortSignal: signal });
  } catch (error) {
    if (!isAwsError(error, 'NoSuchBucket')) throw error;
    throw new GluepotError('usage', `There is no bucket ${bucket}, which s3://${bucket}/${prefix} is in.`, {
      cause: error,
    });
  }
}

async function mirrorObject(
  { s3, bucket, signal }: MirrorOptions,
  Key: string,
  size: number,
  path: string,
): Promise<number> {
  const read = async (from: number, to: number): Promise<Uint8Array> => {
    const { Body } = await s3.send(
      new GetObjectCommand({ Bucket: bucket, Key, Range: `bytes=${from}-${to - 1}` }),
      { abortSignal: signal },
    );
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  };
  const file = await open(path, 'w');
  try {
    await file.truncate(size);
    if (size === 0) return 0;
    const start = await read(0, Math.min(size, START_BYTES));
    await file.write(start, 0, start.length, 0);
    if (size <= START_BYTES) return start.length;
    const isColumnar = /^(PAR1|ORC)/.test(Buffer.from(start.subarray(0, 4)).toString('latin1'));
    const isArchive = start[0] === 0x50 && start[1] === 0x4b;
    if (!isColumnar && !isArchive) return start.length;
    let end = Buffer.from(await read(Math.max(START_BYTES, size - END_BYTES), size));
    const footerBytes = isColumnar && end.length >= 8 ? end.readUInt32LE(end.length - 8) + 8 : 0;
    if (footerBytes > end.length && footerBytes < size - START_BYTES) {
      end = Buffer.from(await read(size - footerBytes, size));
    }
    await file.write(end, 0, end.length, size - end.length);
    return start.length + end.length;
  } finally {
    await file.close();
  }
}

function isFileName(key: string): boolean {
  return key
    .split('/')
    .every((segment) => segment !== '' && segment !== '.' && segment !== '..' && segment.length < 200);
}

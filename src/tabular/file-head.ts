// The part of a file that a crawler looks at: its first bytes, decompressed, and its last ones.
import { closeSync, openSync, readSync } from 'node:fs';
import { detectCompression } from './compression.js';
import { isUnpackable, unpackHead } from './unpack-head.js';

/** AWS knowledge centre: a crawler samples the first 1,000 records or the first megabyte, whichever ends first. */
export const SAMPLE_BYTES_MAX = 1_048_576;
export const SAMPLE_RECORDS_MAX = 1000;

/** What most small files fit into; only text that is longer is read on. */
const FIRST_READ_BYTES = 65_536;

/** Enough for the directory's end of an archive and its comment. */
const ARCHIVE_END_BYTES = 66_000;

/** A file on disk that stands for an object in a bucket. */
export interface TableFile {
  path: string;
  /** The object's key, for messages. */
  key: string;
  /** Bytes. */
  size: number;
}

export interface FileHead {
  /** Size of the object in bytes, as stored. */
  sizeBytes: number;
  /** `none`, `gzip`, `bzip2`, `zip`, `snappy`, `lz4`, or `zstd`, which is recognised and not read. */
  compressionType: string;
  /** The first bytes of the file as stored, at most 64 KiB. Valid until the file is classified. */
  storedStart: Buffer;
  /** The last `byteCount` bytes of the file as stored. */
  storedEnd(byteCount: number): Buffer;
  /** The first bytes of the content, decompressed, at most SAMPLE_BYTES_MAX. Valid until the file is classified. */
  text(): HeadText;
}

export interface HeadText {
  bytes: Buffer;
  /** True when `bytes` is all the content there is. */
  isWhole: boolean;
  /** Why the content ends before it should, or cannot be read at all. */
  damage: string | undefined;
  /** Bytes that the first 512 stored bytes inflate to; only for compressed content. */
  inflatedStartBytes: number | undefined;
}

/** One buffer for all files: reading is synchronous and nothing of a file's head outlives its classification. */
let readBuffer: Buffer | undefined;

/**
 * Opens `file`, hands its head to `use` and closes it. Reads 64 KiB at once and more only when asked for. Throws an Error
 * that names the file when it cannot be read.
 */
export function withFileHead<Result>(file: TableFile, use: (head: FileHead) => Result): Result {
  const buffer = (readBuffer ??= Buffer.allocUnsafeSlow(SAMPLE_BYTES_MAX));
  let descriptor: number | undefined;
  const readAt = (target: Buffer, position: number): number => {
    let byteCount = 0;
    while (byteCount < target.length) {
      const count = readSync(descriptor!, target, byteCount, target.length - byteCount, position + byteCount);
      if (count === 0) break;
      byteCount += count;
    }
    return byteCount;
  };
  try {
    descriptor = openSync(file.path, 'r');
    const firstReadBytes = Math.min(file.size, FIRST_READ_BYTES);
    const storedStart = buffer.subarray(0, readAt(buffer.subarray(0, firstReadBytes), 0));
    const compressionType = detectCompression(storedStart, file.key);
    const storedEnd = (byteCount: number) => {
      const position = Math.max(0, file.size - byteCount);
      if (file.size <= storedStart.length) return storedStart.subarray(position);
      const end = Buffer.allocUnsafe(file.size - position);
      return end.subarray(0, readAt(end, position));
    };
    const readText = (): HeadText => {
      const rest = buffer.subarray(storedStart.length, Math.min(file.size, SAMPLE_BYTES_MAX));
      const stored = buffer.subarray(0, storedStart.length + readAt(rest, storedStart.length));
      const isStoredWhole = stored.length >= file.size;
      if (compressionType !== 'none' && isUnpackable(compressionType)) {
        const start = { bytes: stored, isWhole: isStoredWhole, end: () => storedEnd(ARCHIVE_END_BYTES) };
        return unpackHead(compressionType, start, SAMPLE_BYTES_MAX);
      }
      return { bytes: stored, isWhole: isStoredWhole, damage: undefined, inflatedStartBytes: undefined };
    };
    let text: HeadText | undefined;
    return use({
      sizeBytes: file.size,
      compressionType,
      storedStart,
      storedEnd,
      text: () => (text ??= readText()),
    });
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause) {
      throw new Error(`Object ${file.key} could not be read from ${file.path}: ${cause.message}`, { cause });
    }
    throw cause;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

// The start of a compressed file's content, whatever it is compressed with.
import { constants, inflateRawSync } from 'node:zlib';
import { messageOf } from '../base/errors.js';
import { bunzip2Start, type Unpacked } from './bzip2.js';
import { gunzipHead } from './compression.js';
import type { HeadText } from './file-head.js';
import { unlz4Start, unsnapFramesStart, unsnapHadoopStart } from './lz-blocks.js';

export interface StoredStart {
  bytes: Buffer;
  isWhole: boolean;
  /** The last bytes of the file, for formats that tell of themselves there. */
  end(): Buffer;
}

/** What crawlers read (AWS docs: built-in classifiers). Zstandard is recognised and not read. */
const UNPACKERS: Readonly<Record<string, (stored: StoredStart, bytesMax: number) => Unpacked>> = {
  bzip2: ({ bytes }, bytesMax) => bunzip2Start(bytes, bytesMax),
  zip: unzipStart,
  snappy: ({ bytes }, bytesMax) =>
    bytes[0] === 0xff ? unsnapFramesStart(bytes, bytesMax) : unsnapHadoopStart(bytes, bytesMax),
  lz4: ({ bytes }, bytesMax) => unlz4Start(bytes, bytesMax),
};

export function isUnpackable(compressionType: string): boolean {
  return (
    compressionType === 'none' || compressionType === 'gzip' || Object.hasOwn(UNPACKERS, compressionType)
  );
}

/**
 * The first `bytesMax` bytes of the content. A file that ends too early gives what could be read and says so in `damage`;
 * a broken one gives no bytes and the reason.
 */
export function unpackHead(compressionType: string, stored: StoredStart, bytesMax: number): HeadText {
  if (compressionType === 'gzip') return gunzipHead(stored.bytes, stored.isWhole, bytesMax);
  const unpack = UNPACKERS[compressionType];
  if (!unpack) throw new RangeError(`${compressionType} is not read`);
  try {
    const { bytes, isWhole } = unpack(stored, bytesMax);
    const isEarlyEnd = stored.isWhole && !isWhole && bytes.length < bytesMax;
    return {
      bytes: bytes.subarray(0, bytesMax),
      isWhole: (isWhole || isEarlyEnd) && bytes.length <= bytesMax,
      damage: isEarlyEnd ? `the ${compressionType} ends before its end` : undefined,
      inflatedStartBytes: undefined,
    };
  } catch (error) {
    const damage = `the ${compressionType} is broken (${messageOf(error)})`;
    return { bytes: Buffer.alloc(0), isWhole: true, damage, inflatedStartBytes: undefined };
  }
}

const ZIP_END = Buffer.from('PK\x05\x06', 'latin1');
const UNPACKED_BYTES_MAX = 32 * 1024 * 1024;

/** AWS docs: an archive of one member only. @throws Error that says what is broken */
function unzipStart({ bytes, end }: StoredStart): Unpacked {
  const tail = end();
  const at = tail.lastIndexOf(ZIP_END);
  const memberCount = at < 0 ? undefined : tail.readUInt16LE(at + 10);
  if (memberCount !== undefined && memberCount !== 1) {
    throw new Error(`it holds ${memberCount} files: crawlers read archives of one`);
  }
  const method = bytes.readUInt16LE(8);
  const packedBytes = bytes.readUInt32LE(18);
  const start = 30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28);
  if (method === 0) {
    const content = bytes.subarray(start, start + packedBytes);
    return { bytes: content, isWhole: content.length === packedBytes };
  }
  if (method !== 8) throw new Error(`its member is compressed by method ${method}`);
  const content = inflateRawSync(bytes.subarray(start), {
    finishFlush: constants.Z_SYNC_FLUSH,
    maxOutputLength: UNPACKED_BYTES_MAX,
  });
  return { bytes: content, isWhole: memberCount !== undefined };
}

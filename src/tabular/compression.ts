// Whole-file compression: told by the first bytes, and the start of a gzip file's content.
import { constants, gunzipSync } from 'node:zlib';
import { messageOf, systemErrorCode } from '../base/errors.js';
import type { HeadText } from './file-head.js';

const MAGIC_NUMBERS: readonly [compressionType: string, bytes: Buffer][] = [
  ['gzip', Buffer.from([0x1f, 0x8b, 0x08])],
  ['bzip2', Buffer.from('BZh')],
  ['zip', Buffer.from('PK\x03\x04', 'latin1')],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ['snappy', Buffer.from('\xff\x06\x00\x00sNaPpY', 'latin1')],
  ['lz4', Buffer.from([0x04, 0x22, 0x4d, 0x18])],
];

/**
 * The compression of a file that starts with `start`, `none` when nothing known is recognised. Hadoop's Snappy has no mark
 * of its own: there the key tells.
 */
export function detectCompression(start: Buffer, key = ''): string {
  for (const [compressionType, magic] of MAGIC_NUMBERS) {
    if (start[0] === magic[0] && start.subarray(0, magic.length).equals(magic)) return compressionType;
  }
  return /\.snappy$/i.test(key) ? 'snappy' : 'none';
}

/** How many stored bytes a crawler looks at to estimate how far a file inflates; see text-counts.ts. */
export const INFLATED_FROM_BYTES = 512;

const FIRST_STEP_BYTES = 16_384;
const INFLATED_BYTES_MAX = 32 * 1024 * 1024;

/**
 * The first `bytesMax` bytes of the content of a gzip file, of which `stored` is the start. A file that ends too early
 * gives what could be read and says so in `damage`; a broken one, and one that inflates to more than 32 MB where 1 MB is
 * looked for, gives no bytes and the reason.
 */
export function gunzipHead(stored: Buffer, isStoredWhole: boolean, bytesMax: number): HeadText {
  try {
    const inflatedStartBytes = inflateStart(stored.subarray(0, INFLATED_FROM_BYTES)).length;
    for (let stepBytes = FIRST_STEP_BYTES; stepBytes < stored.length; stepBytes *= 2) {
      const bytes = inflateStart(stored.subarray(0, stepBytes));
      if (bytes.length > bytesMax) {
        return { bytes: bytes.subarray(0, bytesMax), isWhole: false, damage: undefined, inflatedStartBytes };
      }
    }
    const { bytes, damage } = isStoredWhole
      ? inflateToEnd(stored)
      : { bytes: inflateStart(stored), damage: undefined };
    const isWhole = isStoredWhole && bytes.length <= bytesMax;
    return { bytes: bytes.subarray(0, bytesMax), isWhole, damage, inflatedStartBytes };
  } catch (error) {
    const damage = `the gzip is broken (${messageOf(error)})`;
    return { bytes: Buffer.alloc(0), isWhole: true, damage, inflatedStartBytes: undefined };
  }
}

function inflateStart(stored: Buffer): Buffer {
  return gunzipSync(stored, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: INFLATED_BYTES_MAX });
}

function inflateToEnd(stored: Buffer): { bytes: Buffer; damage: string | undefined } {
  try {
    return { bytes: gunzipSync(stored, { maxOutputLength: INFLATED_BYTES_MAX }), damage: undefined };
  } catch (error) {
    if (systemErrorCode(error) !== 'Z_BUF_ERROR') throw error;
    return { bytes: inflateStart(stored), damage: 'the gzip ends before its end' };
  }
}

// The checksums that S3 clients send with a body, computed while it passes by.
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

export const CHECKSUM_ALGORITHMS = [
  'CRC32',
  'CRC32C',
  'CRC64NVME',
  'MD5',
  'SHA1',
  'SHA256',
  'SHA512',
] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

export interface Checksum {
  update(bytes: Uint8Array): void;
  /** The value as S3 writes it: the big-endian bytes in base64. To be called once, at the end. */
  digest(): string;
}

/** Bytes of a value before base64. */
export const CHECKSUM_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  MD5: 16,
  SHA1: 20,
  SHA256: 32,
  SHA512: 64,
};

export function isChecksumAlgorithm(name: string): name is ChecksumAlgorithm {
  return (CHECKSUM_ALGORITHMS as readonly string[]).includes(name);
}

export function createChecksum(algorithm: ChecksumAlgorithm): Checksum {
  switch (algorithm) {
    case 'CRC32':
      return crc32Checksum();
    case 'CRC32C':
      return crc32cChecksum();
    case 'CRC64NVME':
      return crc64NvmeChecksum();
    default: {
      const hash = createHash(algorithm.toLowerCase());
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('base64') };
    }
  }
}

/** The checksum of one whole value. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  const checksum = createChecksum(algorithm);
  checksum.update(bytes);
  return checksum.digest();
}

function crc32Checksum(): Checksum {
  let crc = 0;
  return {
    update: (bytes) => void (crc = crc32(bytes, crc)),
    digest: () => bigEndianBase64([crc]),
  };
}

// Both of the following take eight bytes a step ("slicing by 8"): table n holds the remainders of a byte that n more
// bytes follow. Polynomials are bit-reversed, as the bits of a byte arrive lowest first.

let crc32cTables: Int32Array[] | undefined;

function crc32cChecksum(): Checksum {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = (crc32cTables ??= crcTables(0, 0x82f63b78).low) as EightTables;
  let crc = -1;
  return {
    update(bytes) {
      let index = 0;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (const end = bytes.length - 7; index < end; index += 8) {
        const a = crc ^ view.getInt32(index, true);
        const b = view.getInt32(index + 4, true);
        crc =
          t7[a & 255]! ^ t6[(a >>> 8) & 255]! ^ t5[(a >>> 16) & 255]! ^ t4[a >>> 24]! ^
          t3[b & 255]! ^ t2[(b >>> 8) & 255]! ^ t1[(b >>> 16) & 255]! ^ t0[b >>> 24]!; // prettier-ignore
      }
      for (; index < bytes.length; index++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[index]!) & 255]!;
    },
    digest: () => bigEndianBase64([~crc]),
  };
}

let crc64Tables: { low: Int32Array[]; high: Int32Array[] } | undefined;

function crc64NvmeChecksum(): Checksum {
  crc64Tables ??= crcTables(0x9a6c9329, 0xac4bc9b5);
  const [l0, l1, l2, l3, l4, l5, l6, l7] = crc64Tables.low as EightTables;
  const [h0, h1, h2, h3, h4, h5, h6, h7] = crc64Tables.high as EightTables;
  let low = -1;
  let high = -1;
  return {
    update(bytes) {
      let index = 0;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (const end = bytes.length - 7; index < end; index += 8) {
        const a = low ^ view.getInt32(index, true);
        const b = high ^ view.getInt32(index + 4, true);
        low =
          l7[a & 255]! ^ l6[(a >>> 8) & 255]! ^ l5[(a >>> 16) & 255]! ^ l4[a >>> 24]! ^
          l3[b & 255]! ^ l2[(b >>> 8) & 255]! ^ l1[(b >>> 16) & 255]! ^ l0[b >>> 24]!; // prettier-ignore
        high =
          h7[a & 255]! ^ h6[(a >>> 8) & 255]! ^ h5[(a >>> 16) & 255]! ^ h4[a >>> 24]! ^
          h3[b & 255]! ^ h2[(b >>> 8) & 255]! ^ h1[(b >>> 16) & 255]! ^ h0[b >>> 24]!; // prettier-ignore
      }
      for (; index < bytes.length; index++) {
        const remainder = (low ^ bytes[index]!) & 255;
        low = ((low >>> 8) | (high << 24)) ^ l0[remainder]!;
        high = (high >>> 8) ^ h0[remainder]!;
      }
    },
    digest: () => bigEndianBase64([~high, ~low]),
  };
}

type EightTables = [
  Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array,
]; // prettier-ignore

/** Tables of a reflected polynomial of 64 bits, or of 32 when its high half is 0. */
function crcTables(polynomialHigh: number, polynomialLow: number): { low: Int32Array[]; high: Int32Array[] } {
  const low = Array.from({ length: 8 }, () => new Int32Array(256));
  const high = Array.from({ length: 8 }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let [l, h] = [byte, 0];
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (isOdd) [l, h] = [l ^ polynomialLow, h ^ polynomialHigh];
    }
    low[0]![byte] = l;
    high[0]![byte] = h;
  }
  for (let table = 1; table < 8; table++) {
    for (let byte = 0; byte < 256; byte++) {
      const [l, h] = [low[table - 1]![byte]!, high[table - 1]![byte]!];
      low[table]![byte] = ((l >>> 8) | (h << 24)) ^ low[0]![l & 255]!;
      high[table]![byte] = (h >>> 8) ^ high[0]![l & 255]!;
    }
  }
  return { low, high };
}

function bigEndianBase64(words: number[]): string {
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, index) => bytes.writeInt32BE(word | 0, index * 4));
  return bytes.toString('base64');
}

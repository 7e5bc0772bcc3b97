// Checksums against published values.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checksumOf, createChecksum, CHECKSUM_ALGORITHMS, CHECKSUM_BYTES } from './checksum.js';

const hex = (base64: string) => Buffer.from(base64, 'base64').toString('hex');

describe('a checksum', () => {
  // Of `123456789`: the check values of Greg Cook's catalogue of CRC algorithms (CRC-32/ISO-HDLC, CRC-32/ISCSI,
  // CRC-64/NVME) and of RFC 1321, 3174 and 6234's functions.
  it.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['CRC64NVME', 'ae8b14860a799888'],
    ['MD5', '25f9e794323b453885f5181f1b624d0b'],
    ['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
    ['SHA256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ] as const)('by %s has the published value', (algorithm, value) => {
    expect(hex(checksumOf(algorithm, Buffer.from('123456789')))).toBe(value);
  });

  // RFC 3720, B.4; the NVM Express command set specification, "64b CRC test cases".
  it.each([
    ['CRC32C', Buffer.alloc(32), '8a9136aa'],
    ['CRC32C', Buffer.alloc(32, 0xff), '62a8ab43'],
    ['CRC64NVME', Buffer.alloc(4096), '6482d367eb22b64e'],
    ['CRC64NVME', Buffer.alloc(4096, 0xff), 'c0ddba7302eca3ac'],
  ] as const)('by %s of blocks has the published value', (algorithm, bytes, value) => {
    expect(hex(checksumOf(algorithm, bytes))).toBe(value);
  });

  it.each(CHECKSUM_ALGORITHMS)('by %s does not depend on the pieces that bytes arrive in', (algorithm) => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (pieces) => {
        const checksum = createChecksum(algorithm);
        for (const piece of pieces) checksum.update(piece);
        const value = checksum.digest();
        expect(value).toBe(checksumOf(algorithm, Buffer.concat(pieces)));
        expect(Buffer.from(value, 'base64')).toHaveLength(CHECKSUM_BYTES[algorithm]);
      }),
    );
  });
});

// The bytes of one of a stripe's streams, in order: a chunk is unpacked when the one before has been read.
import { orcChunks, type OrcCompression } from './orc-compression.js';
import { OrcError } from './orc-footer.js';

export interface OrcBytes {
  /** @throws OrcError at the end */
  byte(): number;
  /** Valid for ever. @throws OrcError when there are not so many */
  take(count: number): Buffer;
  /** A number of seven bits a byte, the lowest first; a bigint where it has no room in a number. */
  varint(): number | bigint;
}

/** Seven bytes of seven bits have room in a number. */
const SAFE_VARINT_BYTES = 7;

export function openOrcBytes(stored: Buffer, compression: OrcCompression): OrcBytes {
  const chunks = orcChunks(stored, compression);
  let chunk: Buffer = Buffer.alloc(0);
  let at = 0;

  const advance = () => {
    const next = chunks.next();
    if (next.done) throw new OrcError('a stream of it is cut short');
    chunk = next.value;
    at = 0;
  };
  const byte = () => {
    while (at >= chunk.length) advance();
    return chunk[at++] as number;
  };

  return {
    byte,
    take(count) {
      if (!(count >= 0)) throw new OrcError(`a part of it would have ${count} bytes`);
      if (count <= chunk.length - at) return chunk.subarray(at, (at += count));
      const parts: Buffer[] = [];
      for (let left = count; left > 0;) {
        while (at >= chunk.length) advance();
        const part = chunk.subarray(at, at + left);
        parts.push(part);
        at += part.length;
        left -= part.length;
      }
      return Buffer.concat(parts);
    },
    varint() {
      let value = 0;
      for (let index = 0; index < SAFE_VARINT_BYTES; index++) {
        const next = byte();
        value += (next & 0x7f) * 2 ** (7 * index);
        if (next < 0x80) return value;
      }
      let large = BigInt(value);
      for (let shift = 7n * BigInt(SAFE_VARINT_BYTES); ; shift += 7n) {
        const next = byte();
        large |= BigInt(next & 0x7f) << shift;
        if (next < 0x80) return large;
        // A decimal of 38 digits has 127 bits and a sign.
        if (shift > 140n) throw new OrcError('a number of it does not end');
      }
    },
  };
}

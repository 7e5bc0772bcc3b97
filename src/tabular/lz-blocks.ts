// Snappy and LZ4 as whole files are packed with them: blocks of literals and copies of what came before.
import type { Unpacked } from './bzip2.js';

const LZ4_MAGIC = 0x184d2204;
const BLOCK_BYTES_MAX = 32 * 1024 * 1024;

/** Copies may overlap what they write: `abab...` is a copy of two bytes. */
function copyWithin(bytes: Buffer, from: number, to: number, length: number): void {
  if (from < 0 || from >= to) throw new Error('a copy begins before the content does');
  for (let index = 0; index < length; index++) bytes[to + index] = bytes[from + index]!;
}

/** One raw Snappy block. @throws Error that says what is broken */
export function unsnapBlock(block: Buffer): Buffer {
  let at = 0;
  let size = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = block[at++];
    if (byte === undefined || shift > 28) throw new Error('a Snappy block has no length');
    size += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (size > BLOCK_BYTES_MAX) throw new Error(`a Snappy block would have ${size} bytes`);
  const bytes = Buffer.alloc(size);
  let written = 0;
  while (at < block.length) {
    const tag = block[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      const extra = Math.max(0, (tag >> 2) - 59);
      const length = 1 + (extra === 0 ? tag >> 2 : block.readUIntLE(at, extra));
      at += extra;
      written += block.copy(bytes, written, at, at + length);
      at += length;
      continue;
    }
    const length = kind === 1 ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const distance =
      kind === 1 ? ((tag >> 5) << 8) | block.readUInt8(at) : block.readUIntLE(at, kind === 2 ? 2 : 4);
    at += kind === 1 ? 1 : kind === 2 ? 2 : 4;
    copyWithin(bytes, written - distance, written, Math.min(length, size - written));
    written += length;
  }
  if (written !== size) throw new Error('a Snappy block ends too early');
  return bytes;
}

/** The framing format: chunks with a type and a length of three bytes. @throws Error that says what is broken */
export function unsnapFramesStart(stored: Buffer, bytesMax: number): Unpacked {
  const parts: Buffer[] = [];
  let byteCount = 0;
  let at = 0;
  while (at + 4 <= stored.length && byteCount < bytesMax) {
    const type = stored[at]!;
    const length = stored.readUIntLE(at + 1, 3);
    const chunk = stored.subarray(at + 4, at + 4 + length);
    if (chunk.length < length) break;
    at += 4 + length;
    if (type === 0 || type === 1) {
      const content = chunk.subarray(4); // behind its checksum
      const part = type === 0 ? unsnapBlock(content) : content;
      parts.push(part);
      byteCount += part.length;
    } else if (type >= 2 && type <= 0x7f) throw new Error(`a Snappy frame is of the unknown kind ${type}`);
  }
  return { bytes: Buffer.concat(parts), isWhole: at === stored.length };
}

/** Hadoop's framing: the length of what follows unpacked, then blocks with their packed lengths. @throws Error */
export function unsnapHadoopStart(stored: Buffer, bytesMax: number): Unpacked {
  const parts: Buffer[] = [];
  let byteCount = 0;
  let at = 0;
  while (at + 8 <= stored.length && byteCount < bytesMax) {
    let left = stored.readUInt32BE(at);
    let next = at + 4;
    const group: Buffer[] = [];
    while (left > 0 && next + 4 <= stored.length) {
      const length = stored.readUInt32BE(next);
      const block = stored.subarray(next + 4, next + 4 + length);
      if (block.length < length) break;
      const part = unsnapBlock(block);
      group.push(part);
      left -= part.length;
      next += 4 + length;
    }
    if (left < 0) throw new Error('a Snappy block is longer than announced');
    parts.push(...group);
    byteCount += group.reduce((sum, part) => sum + part.length, 0);
    if (left > 0) break;
    at = next;
  }
  return { bytes: Buffer.concat(parts), isWhole: at === stored.length };
}

/** LZ4's frame format. @throws Error that says what is broken */
export function unlz4Start(stored: Buffer, bytesMax: number): Unpacked {
  if (stored.length < 7 || stored.readUInt32LE(0) !== LZ4_MAGIC)
    throw new Error('it has no LZ4 frame header');
  const flags = stored[4]!;
  const hasBlockChecksums = (flags & 0x10) !== 0;
  let at = 7 + ((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0);
  let content: Buffer = Buffer.alloc(0);
  while (at + 4 <= stored.length && content.length < bytesMax) {
    const word = stored.readUInt32LE(at);
    if (word === 0) return { bytes: content, isWhole: true };
    const length = word & 0x7fffffff;
    const block = stored.subarray(at + 4, at + 4 + length);
    if (block.length < length) break;
    at += 4 + length + (hasBlockChecksums ? 4 : 0);
    // Blocks may refer to those before them.
    content = word >= 0x80000000 ? Buffer.concat([content, block]) : unlz4Block(block, content);
  }
  return { bytes: content, isWhole: false };
}

/** One LZ4 block, behind the content that it may refer to. @throws Error that says what is broken */
export function unlz4Block(block: Buffer, before: Buffer): Buffer {
  let bytes = Buffer.alloc(before.length + block.length * 4 + 65_536);
  before.copy(bytes);
  let written = before.length;
  let at = 0;
  const lengthFrom = (nibble: number): number => {
    let length = nibble;
    for (let byte = 255; nibble === 15 && byte === 255; length += byte) {
      const next = block[at++];
      if (next === undefined) throw new Error('an LZ4 block ends too early');
      byte = next;
    }
    return length;
  };
  const makeRoom = (length: number) => {
    if (written + length > BLOCK_BYTES_MAX) throw new Error('an LZ4 block becomes too long');
    if (written + length > bytes.length) {
      bytes = Buffer.concat([bytes.subarray(0, written), Buffer.alloc(bytes.length + length)]);
    }
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = lengthFrom(token >> 4);
    makeRoom(literals);
    written += block.copy(bytes, written, at, at + literals);
    at += literals;
    if (at >= block.length) break;
    const distance = block.readUInt16LE(at);
    at += 2;
    const length = lengthFrom(token & 15) + 4;
    makeRoom(length);
    copyWithin(bytes, written - distance, written, length);
    written += length;
  }
  return bytes.subarray(0, written);
}

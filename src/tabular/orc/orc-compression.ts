// What ORC packs its parts with: chunks, each with a header of three bytes.
import { inflateRawSync } from 'node:zlib';
import { decompress as unzstd } from 'fzstd';
import { unlz4Block, unsnapBlock } from '../lz-blocks.js';

/** ORC's number. */
export type OrcCompression = number;

const NAMES = ['none', 'zlib', 'Snappy', 'LZO', 'LZ4', 'Zstandard', 'Brotli'];

/** Writers make chunks of 256 KB, and may make them of up to 8 MB. */
const CHUNK_BYTES_MAX = 64 * 1024 * 1024;
const HEADER_BYTES = 3;

/** All of a part that is small. @throws Error that says what is broken */
export function unpackOrc(stored: Buffer, compression: OrcCompression): Buffer {
  const chunks = [...orcChunks(stored, compression)];
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

/** The chunks of a part, each unpacked when it is asked for. @throws Error that says what is broken */
export function* orcChunks(stored: Buffer, compression: OrcCompression): Generator<Buffer> {
  if (compression === 0) {
    yield stored;
    return;
  }
  let at = 0;
  while (at < stored.length) {
    if (at + HEADER_BYTES > stored.length) throw new Error('a chunk of it is cut');
    const header = stored.readUIntLE(at, HEADER_BYTES);
    const start = at + HEADER_BYTES;
    at = start + (header >> 1);
    if (at > stored.length) throw new Error('a chunk of it is cut');
    const chunk = stored.subarray(start, at);
    yield (header & 1) === 1 ? chunk : unpackChunk(chunk, compression);
  }
}

function unpackChunk(chunk: Buffer, compression: OrcCompression): Buffer {
  switch (compression) {
    case 1:
      return inflateRawSync(chunk, { maxOutputLength: CHUNK_BYTES_MAX });
    case 2:
      return unsnapBlock(chunk);
    case 4:
      return unlz4Block(chunk, Buffer.alloc(0));
    case 5:
      return Buffer.from(unzstd(chunk));
    default:
      throw new Error(`it is compressed with ${NAMES[compression] ?? compression}, which is not read`);
  }
}

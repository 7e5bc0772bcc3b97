// Avro's container files: the header with the schema, and the blocks of records, one after another.
import { open, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { snappyUncompress } from 'hyparquet';
import { messageOf } from '../../base/errors.js';

/** A file that is no Avro file, is damaged, or has what cannot be read here. */
export class AvroError extends Error {
  override readonly name = 'AvroError';
}

export interface AvroContainer {
  /** The JSON that the writer put there. */
  schema: unknown;
  /** Bytes of records, uncompressed. Holds one block at a time. @throws AvroError */
  blocks(): AsyncGenerator<{ count: number; bytes: Buffer }>;
  close(): Promise<void>;
}

const MAGIC = 'Obj\x01';
const SYNC_BYTES = 16;
const CHUNK_BYTES = 256 * 1024;
/** Writers make blocks of 16 KB to 4 MB. What is beyond is taken for damage. */
const BLOCK_BYTES_MAX = 256 * 1024 * 1024;

const inflate = promisify(inflateRaw);

type Codec = (bytes: Buffer) => Promise<Buffer> | Buffer;

const CODECS: Readonly<Record<string, Codec>> = {
  null: (bytes) => bytes,
  deflate: (bytes) => inflate(bytes, { maxOutputLength: BLOCK_BYTES_MAX }),
  snappy(bytes) {
    const compressed = bytes.subarray(0, bytes.length - SNAPPY_CHECKSUM_BYTES);
    const output = Buffer.alloc(snappyLength(compressed));
    snappyUncompress(compressed, output);
    return output;
  },
};

const SNAPPY_CHECKSUM_BYTES = 4;

/** @throws AvroError */
export async function openAvroContainer(path: string): Promise<AvroContainer> {
  const handle = await open(path, 'r');
  try {
    const source = byteSource(handle);
    if ((await source.bytes(MAGIC.length)).toString('latin1') !== MAGIC)
      throw new AvroError('it is no Avro file');
    const metadata = await readMetadata(source);
    const sync = Buffer.from(await source.bytes(SYNC_BYTES));
    const codecName = metadata.get('avro.codec')?.toString() ?? 'null';
    const codec = Object.hasOwn(CODECS, codecName) ? CODECS[codecName] : undefined;
    if (!codec) {
      throw new AvroError(
        `its blocks are compressed with ${codecName}; null, deflate and snappy can be read`,
      );
    }
    return {
      schema: JSON.parse(metadata.get('avro.schema')?.toString() ?? 'null') as unknown,
      blocks: () => readBlocks(source, sync, codec, codecName),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    if (error instanceof SyntaxError) throw new AvroError('its schema is no JSON', { cause: error });
    throw error;
  }
}

async function* readBlocks(source: ByteSource, sync: Buffer, codec: Codec, codecName: string) {
  while (!(await source.isAtEnd())) {
    const count = await source.long();
    const stored = await source.bytes(await source.long());
    let bytes: Buffer;
    try {
      bytes = await codec(stored);
    } catch (error) {
      throw new AvroError(`a block of it is not ${codecName}: ${messageOf(error)}`, { cause: error });
    }
    // The bytes are the source's own until it is asked for more.
    const block = { count, bytes: bytes === stored ? Buffer.from(stored) : bytes };
    if (!(await source.bytes(SYNC_BYTES)).equals(sync))
      throw new AvroError('a block of it does not end where it should');
    yield block;
  }
}

/** A map of bytes, in blocks; a negative count has the block's size behind it. */
async function readMetadata(source: ByteSource): Promise<Map<string, Buffer>> {
  const entries = new Map<string, Buffer>();
  for (let count = await source.long(); count !== 0; count = await source.long()) {
    if (count < 0) await source.long();
    for (let left = Math.abs(count); left > 0; left--) {
      const key = (await source.bytes(await source.long())).toString();
      entries.set(key, Buffer.from(await source.bytes(await source.long())));
    }
  }
  return entries;
}

interface ByteSource {
  /** Valid until the next call. @throws AvroError when there are not so many */
  bytes(count: number): Promise<Buffer>;
  long(): Promise<number>;
  isAtEnd(): Promise<boolean>;
}

function byteSource(handle: FileHandle): ByteSource {
  let buffer: Buffer = Buffer.alloc(0);
  let at = 0;
  let position = 0;

  /** False when the file ends before. */
  const fill = async (count: number): Promise<boolean> => {
    if (buffer.length - at >= count) return true;
    const rest = buffer.subarray(at);
    const next = Buffer.alloc(Math.max(count, CHUNK_BYTES));
    rest.copy(next);
    let length = rest.length;
    while (length < count) {
      const { bytesRead } = await handle.read(next, length, next.length - length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      length += bytesRead;
    }
    buffer = next.subarray(0, length);
    at = 0;
    return length >= count;
  };
  const bytes = async (count: number): Promise<Buffer> => {
    if (count < 0 || count > BLOCK_BYTES_MAX) throw new AvroError(`a part of it would have ${count} bytes`);
    if (!(await fill(count))) throw new AvroError('it is cut short');
    at += count;
    return buffer.subarray(at - count, at);
  };
  return {
    bytes,
    async long() {
      let value = 0n;
      for (let shift = 0n; shift < 70n; shift += 7n) {
        const [byte = 0] = await bytes(1);
        value |= BigInt(byte & 0x7f) << shift;
        if (byte < 0x80) return Number((value >> 1n) ^ -(value & 1n));
      }
      throw new AvroError('a number of it does not end');
    },
    isAtEnd: async () => !(await fill(1)),
  };
}

/** The length that a snappy block begins with. */
function snappyLength(bytes: Buffer): number {
  let length = 0;
  for (let index = 0; index < 5; index++) {
    const byte = bytes[index] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) break;
  }
  if (length > BLOCK_BYTES_MAX) throw new AvroError(`a block of it would have ${length} bytes`);
  return length;
}

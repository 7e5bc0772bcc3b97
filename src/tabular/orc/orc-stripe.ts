// One stripe of an ORC file: its streams by column, and how each column is encoded.
import type { FileHandle } from 'node:fs/promises';
import { readFields } from '../protobuf-fields.js';
import { openOrcBytes, type OrcBytes } from './orc-bytes.js';
import { unpackOrc, type OrcCompression } from './orc-compression.js';
import { OrcError, type OrcStripe } from './orc-footer.js';

/** By ORC's numbers; indexes and Bloom filters follow, which are not read. */
const STREAMS = ['present', 'data', 'length', 'dictionary', 'dictionary-count', 'secondary'] as const;
export type StreamKind = (typeof STREAMS)[number];

export interface ColumnEncoding {
  isDictionary: boolean;
  /** Of runs of whole numbers. */
  version: 1 | 2;
  dictionarySize: number;
}

export interface OpenStripe {
  rowCount: number;
  /** Time zone of the writer; '' is UTC. */
  zone: string;
  encodingOf(column: number): ColumnEncoding;
  /** Undefined when the stripe has none. */
  find(column: number, kind: StreamKind): OrcBytes | undefined;
}

/**
 * Reads the streams of `columns` alone.
 * @throws OrcError for what lies outside of the stripe
 */
export async function openStripe(
  handle: FileHandle,
  { offset, indexBytes, dataBytes, footerBytes, rowCount }: OrcStripe,
  compression: OrcCompression,
  columns: ReadonlySet<number>,
): Promise<OpenStripe> {
  const dataEnd = offset + indexBytes + dataBytes;
  const footer = readFields(unpackOrc(await readAt(handle, dataEnd, footerBytes), compression));
  const streams = new Map<string, OrcBytes>();
  let at = offset;
  for (const message of footer.messages(1)) {
    const stream = readFields(message);
    const [kind, column, length] = [STREAMS[stream.number(1)], stream.number(2), stream.number(3)];
    if (at + length > dataEnd) throw new OrcError('a stream of it ends behind its stripe');
    if (kind !== undefined && columns.has(column)) {
      streams.set(`${column} ${kind}`, openOrcBytes(await readAt(handle, at, length), compression));
    }
    at += length;
  }
  const encodings = footer.messages(2).map((message) => {
    const encoding = readFields(message);
    const kind = encoding.number(1);
    return {
      isDictionary: kind === 1 || kind === 3,
      version: kind >= 2 ? (2 as const) : (1 as const),
      dictionarySize: encoding.number(2),
    };
  });
  return {
    rowCount,
    zone: footer.bytes(3).toString('utf8'),
    encodingOf: (column) => {
      const encoding = encodings[column];
      if (!encoding) throw new OrcError(`its column ${column} has no encoding`);
      return encoding;
    },
    find: (column, kind) => streams.get(`${column} ${kind}`),
  };
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  const { bytesRead } = await handle.read(bytes, 0, length, position);
  if (bytesRead < length) throw new OrcError('it is cut short');
  return bytes;
}

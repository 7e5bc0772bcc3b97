// The end of an ORC file: how it is packed, its types, its stripes. Source of all numbers: the ORC specification, "File Tail".
import { readFields, readPackedNumbers } from '../protobuf-fields.js';
import { unpackOrc, type OrcCompression } from './orc-compression.js';

/** A file that is no ORC file, is damaged, or has what cannot be read here. */
export class OrcError extends Error {
  override readonly name = 'OrcError';
}

/** By ORC's numbers. */
const KINDS = [
  'boolean',
  'byte',
  'short',
  'int',
  'long',
  'float',
  'double',
  'string',
  'binary',
  'timestamp',
  'list',
  'map',
  'struct',
  'union',
  'decimal',
  'date',
  'varchar',
  'char',
  'timestamp-instant',
] as const;

export interface OrcType {
  kind: (typeof KINDS)[number];
  /** The number of the column, which its streams have too. */
  column: number;
  /** Items of a list, key and value of a map, members of a struct (the only ones with names), branches of a union. */
  children: { name: string; type: OrcType }[];
  precision: number;
  scale: number;
  maximumLength: number;
}

export interface OrcStripe {
  /** In the file. */
  offset: number;
  indexBytes: number;
  dataBytes: number;
  footerBytes: number;
  rowCount: number;
}

export interface OrcFooter {
  compression: OrcCompression;
  /** A struct: its members are the file's columns. */
  root: OrcType;
  stripes: OrcStripe[];
  rowCount: number;
}

/** Bytes that are read from the end at first: nearly always enough. */
export const TAIL_BYTES = 65_536;
/** Of the format; the first writers did not say. */
const VERSIONS = ['', '0.11', '0.12'];
const FOOTER_BYTES_MAX = 64 * 1024 * 1024;
const DEPTH_MAX = 100;

/**
 * How many bytes of the end of a file the whole footer takes.
 * @param tail the last bytes of the file, at least its last 256
 * @throws OrcError
 */
export function orcFooterBytes(tail: Buffer, fileBytes: number): number {
  const { footerBytes, postscriptBytes } = postscriptOf(tail);
  const storedBytes = footerBytes + postscriptBytes + 1;
  if (footerBytes === 0 || storedBytes > Math.min(fileBytes, FOOTER_BYTES_MAX)) {
    throw new OrcError(`it would have ${footerBytes} of the file's ${fileBytes} bytes`);
  }
  return storedBytes;
}

/** @param end as many of the last bytes as orcFooterBytes asks for, or more. @throws OrcError */
export function readOrcFooter(end: Buffer): OrcFooter {
  const { footerBytes, postscriptBytes, compression, version } = postscriptOf(end);
  if (!VERSIONS.includes(version)) throw new OrcError(`it is of version ${version}; 0.11 and 0.12 are read`);
  const start = end.length - footerBytes - postscriptBytes - 1;
  const footer = readFields(unpackOrc(end.subarray(start, start + footerBytes), compression));
  if (footer.bytes(10).length > 0) throw new OrcError('it is encrypted');
  const root = typeTree(footer.messages(4));
  if (root.kind !== 'struct') throw new OrcError('its schema is no struct');
  const stripes = footer.messages(3).map((message) => {
    const stripe = readFields(message);
    return {
      offset: stripe.number(1),
      indexBytes: stripe.number(2),
      dataBytes: stripe.number(3),
      footerBytes: stripe.number(4),
      rowCount: stripe.number(5),
    };
  });
  return { compression, root, stripes, rowCount: footer.number(6) };
}

function postscriptOf(end: Buffer) {
  const postscriptBytes = end.at(-1) ?? 0;
  const postscriptStart = end.length - 1 - postscriptBytes;
  if (postscriptStart < 0) throw new OrcError('it is too short');
  const postscript = readFields(end.subarray(postscriptStart, -1));
  return {
    footerBytes: postscript.number(1),
    postscriptBytes,
    compression: postscript.number(2),
    version: readPackedNumbers(postscript.bytes(4)).join('.'),
  };
}

function typeTree(messages: readonly Buffer[]): OrcType {
  const types = messages.map(readFields);
  const typeAt = (column: number, depth: number): OrcType => {
    const type = types[column];
    if (!type || depth > DEPTH_MAX) throw new OrcError('its types do not make a tree');
    const kind = KINDS[type.number(1)];
    if (kind === undefined) throw new OrcError(`a column is of the unknown kind ${type.number(1)}`);
    const names = type.messages(3).map((name) => name.toString('utf8'));
    const children = readPackedNumbers(type.bytes(2)).map((child, index) => ({
      name: names[index] ?? '',
      type: typeAt(child, depth + 1),
    }));
    const wanted = { list: 1, map: 2 }[kind as string] ?? children.length;
    if (children.length !== wanted) throw new OrcError('its types do not make a tree');
    return {
      kind,
      column,
      children,
      precision: type.number(5),
      scale: type.number(6),
      maximumLength: type.number(4),
    };
  };
  return typeAt(0, 0);
}

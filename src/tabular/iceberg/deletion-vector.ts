// The deleted places of a data file as version 3 of Iceberg keeps them.
// Source: the Puffin specification, "deletion-vector-v1"; the Roaring format specification, and its 64-bit extension.
import { crc32 } from 'node:zlib';
import { IcebergError } from './iceberg-error.js';

const MAGIC = 0xd1d33964;
const LENGTH_BYTES = 4;
const CHECKSUM_BYTES = 4;
/** Roaring's two headers: without and with containers of runs. */
const PLAIN_COOKIE = 12346;
const RUNS_COOKIE = 12347;
/** With runs, small bitmaps have no offsets of their containers. */
const OFFSETS_FROM = 4;
/** A container of more values than this is a bitmap. */
const ARRAY_VALUES_MAX = 4096;
const BITMAP_BYTES = 8192;

/**
 * @param blob as a manifest's offset and size cut it out of its file
 * @param count how many places the manifest says there are
 * @yields places of rows in their file, in order. @throws IcebergError for what is damaged
 */
export function* readDeletionVector(blob: Buffer, count: number): Generator<number> {
  const length = blob.length >= LENGTH_BYTES ? blob.readUInt32BE(0) : 0;
  const vector = blob.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
  if (length < LENGTH_BYTES || blob.length !== LENGTH_BYTES + length + CHECKSUM_BYTES)
    throw damaged('its length is another');
  if (vector.readUInt32BE(0) !== MAGIC) throw damaged('it does not begin as one');
  if (blob.readUInt32BE(LENGTH_BYTES + length) !== crc32(vector)) throw damaged('its checksum is another');
  let found = 0;
  for (const place of bitmaps(vector.subarray(LENGTH_BYTES))) {
    found++;
    yield place;
  }
  if (found !== count) throw damaged(`it has ${found} places, and ${count} are announced`);
}

const damaged = (why: string) => new IcebergError(`a deletion vector is damaged: ${why}`);

/** A map of bitmaps of 32 bits, by the upper half of what is in them. */
function* bitmaps(bytes: Buffer): Generator<number> {
  const source = reader(bytes);
  const count = Number(source.long());
  for (let index = 0; index < count; index++) {
    const high = source.int() * 2 ** 32;
    for (const low of bitmap(source)) yield high + low;
  }
}

function* bitmap(source: Source): Generator<number> {
  const cookie = source.int();
  const hasRuns = (cookie & 0xffff) === RUNS_COOKIE;
  if (!hasRuns && cookie !== PLAIN_COOKIE) throw damaged(`a bitmap of it begins with ${cookie}`);
  const count = hasRuns ? (cookie >>> 16) + 1 : source.int();
  const runFlags = hasRuns ? source.take(Math.ceil(count / 8)) : undefined;
  const containers = Array.from({ length: count }, () => ({
    key: source.short(),
    cardinality: source.short() + 1,
  }));
  if (!hasRuns || count >= OFFSETS_FROM) source.take(count * 4);
  for (const [index, { key, cardinality }] of containers.entries()) {
    const isRuns = (((runFlags?.[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
    const values = isRuns
      ? runs(source)
      : cardinality > ARRAY_VALUES_MAX
        ? bits(source.take(BITMAP_BYTES))
        : shorts(source, cardinality);
    for (const value of values) yield key * 2 ** 16 + value;
  }
}

function* runs(source: Source): Generator<number> {
  const count = source.short();
  for (let index = 0; index < count; index++) {
    const start = source.short();
    const more = source.short();
    for (let value = start; value <= start + more; value++) yield value;
  }
}

function* bits(bytes: Buffer): Generator<number> {
  for (const [index, byte] of bytes.entries())
    for (let bit = 0; byte >> bit !== 0; bit++) if ((byte >> bit) & 1) yield index * 8 + bit;
}

function* shorts(source: Source, count: number): Generator<number> {
  const bytes = source.take(count * 2);
  for (let index = 0; index < count; index++) yield bytes.readUInt16LE(index * 2);
}

interface Source {
  take(count: number): Buffer;
  short(): number;
  int(): number;
  long(): bigint;
}

/** Numbers have their lowest byte first. */
function reader(bytes: Buffer): Source {
  let at = 0;
  const take = (count: number) => {
    if (at + count > bytes.length) throw damaged('it ends too early');
    at += count;
    return bytes.subarray(at - count, at);
  };
  return {
    take,
    short: () => take(2).readUInt16LE(0),
    int: () => take(4).readUInt32LE(0),
    long: () => take(8).readBigUInt64LE(0),
  };
}

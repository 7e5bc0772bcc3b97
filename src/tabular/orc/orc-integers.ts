// Whole numbers as ORC stores them, in runs. Source: the ORC specification, "Run Length Encoding".
import type { OrcBytes } from './orc-bytes.js';
import { OrcError } from './orc-footer.js';

/** A bigint only where a number has no room for it. */
export type Integer = number | bigint;

/** The next numbers of a stream. */
export type ReadIntegers = (count: number) => Integer[];

/** A run's numbers, at most 512. */
type ReadRun = () => Integer[];

export function openIntegers(
  bytes: OrcBytes,
  { isSigned, version }: { isSigned: boolean; version: 1 | 2 },
): ReadIntegers {
  return fromRuns(version === 1 ? () => firstVersionRun(bytes, isSigned) : secondVersionRun(bytes, isSigned));
}

/** Bytes in runs, from 0 to 255. */
export function openBytes(bytes: OrcBytes): (count: number) => number[] {
  return fromRuns(() => {
    const control = bytes.byte();
    if (control < 128) return new Array<number>(control + 3).fill(bytes.byte());
    return [...bytes.take(256 - control)];
  });
}

/** Bits of bytes in runs, the highest first. */
export function openBooleans(bytes: OrcBytes): (count: number) => boolean[] {
  const readBytes = openBytes(bytes);
  return fromRuns(() => {
    const [byte = 0] = readBytes(1);
    return BITS.map((bit) => (byte & bit) !== 0);
  });
}

const BITS = [128, 64, 32, 16, 8, 4, 2, 1];

function fromRuns<Value>(readRun: () => Value[]): (count: number) => Value[] {
  let run: Value[] = [];
  let at = 0;
  return (count) => {
    const values: Value[] = [];
    while (values.length < count) {
      if (at >= run.length) {
        run = readRun();
        at = 0;
      }
      const end = Math.min(run.length, at + count - values.length);
      while (at < end) values.push(run[at++] as Value);
    }
    return values;
  };
}

/** Zig-zag: 0, -1, 1, -2, 2, ... */
export function signedOf(value: Integer): Integer {
  if (typeof value === 'number') return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  return narrowed((value >> 1n) ^ -(value & 1n));
}

function narrowed(value: bigint): Integer {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function sum(a: Integer, b: Integer): Integer {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a + b)) return a + b;
  // Writers let sums of 64 bits overflow, and undo it so.
  return narrowed(BigInt.asIntN(64, BigInt(a) + BigInt(b)));
}

function firstVersionRun(bytes: OrcBytes, isSigned: boolean): Integer[] {
  const next = () => (isSigned ? signedOf(bytes.varint()) : bytes.varint());
  const control = bytes.byte();
  if (control >= 128) return Array.from({ length: 256 - control }, next);
  const step = (bytes.byte() << 24) >> 24;
  const values = [next()];
  while (values.length < control + 3) values.push(sum(values.at(-1) as Integer, step));
  return values;
}

function secondVersionRun(bytes: OrcBytes, isSigned: boolean): ReadRun {
  const decoded = (value: Integer) => (isSigned ? signedOf(value) : value);
  return () => {
    const header = bytes.byte();
    switch (header >> 6) {
      case 0: {
        const value = decoded(bigEndian(bytes.take(((header >> 3) & 7) + 1)));
        return new Array<Integer>((header & 7) + 3).fill(value);
      }
      case 1: {
        const count = runLength(header, bytes);
        return unpackedBits(bytes, WIDTHS[(header >> 1) & 31] as number, count).map(decoded);
      }
      case 2:
        return patchedRun(header, bytes);
      default:
        return deltaRun(header, bytes, isSigned);
    }
  };
}

const runLength = (header: number, bytes: OrcBytes): number => (((header & 1) << 8) | bytes.byte()) + 1;

/** Bits of a number by the five bits that stand for them. */
const WIDTHS = [...Array.from({ length: 24 }, (_, code) => code + 1), 26, 28, 30, 32, 40, 48, 56, 64];

/** A base, and numbers of few bits above it; the missing high bits of some of them come in a list of their own. */
function patchedRun(header: number, bytes: OrcBytes): Integer[] {
  const width = WIDTHS[(header >> 1) & 31] as number;
  const count = runLength(header, bytes);
  const third = bytes.byte();
  const fourth = bytes.byte();
  const patchWidth = WIDTHS[third & 31] as number;
  const gapWidth = (fourth >> 5) + 1;
  const base = signAndMagnitude(bytes.take((third >> 5) + 1));
  const values = unpackedBits(bytes, width, count);
  const entryWidth = WIDTHS.find((each) => each >= patchWidth + gapWidth);
  if (entryWidth === undefined) throw new OrcError('a run of it has patches of more than 64 bits');
  let place = 0;
  for (const entry of unpackedBits(bytes, entryWidth, fourth & 31)) {
    const bits = BigInt(entry);
    place += Number(bits >> BigInt(patchWidth));
    if (place >= count) throw new OrcError('a run of it has a patch behind its end');
    const patch = bits & ((1n << BigInt(patchWidth)) - 1n);
    values[place] = narrowed(BigInt(values[place] as Integer) | (patch << BigInt(width)));
  }
  return values.map((value) => sum(base, value));
}

/** Steps that all go one way: the first tells which. */
function deltaRun(header: number, bytes: OrcBytes, isSigned: boolean): Integer[] {
  const code = (header >> 1) & 31;
  const count = runLength(header, bytes);
  const base = bytes.varint();
  const values = [isSigned ? signedOf(base) : base];
  const firstStep = signedOf(bytes.varint());
  if (count > 1) values.push(sum(values[0] as Integer, firstStep));
  if (code === 0) {
    while (values.length < count) values.push(sum(values.at(-1) as Integer, firstStep));
    return values;
  }
  for (const step of unpackedBits(bytes, WIDTHS[code] as number, Math.max(0, count - 2))) {
    values.push(sum(values.at(-1) as Integer, firstStep < 0 ? negated(step) : step));
  }
  return values;
}

const negated = (value: Integer): Integer => (typeof value === 'number' ? -value : -value);

function bigEndian(bytes: Buffer): Integer {
  return bytes.length <= 6
    ? bytes.readUIntBE(0, bytes.length)
    : narrowed(BigInt(`0x${bytes.toString('hex')}`));
}

function signAndMagnitude(bytes: Buffer): Integer {
  const isNegative = (bytes[0] as number) >= 128;
  const magnitude = Buffer.from(bytes);
  if (isNegative) magnitude[0] = (magnitude[0] as number) & 0x7f;
  const value = bigEndian(magnitude);
  return isNegative ? negated(value) : value;
}

/** Numbers of `width` bits without gaps, the highest bit first; the last byte is filled up. */
function unpackedBits(bytes: OrcBytes, width: number, count: number): Integer[] {
  const packed = bytes.take(Math.ceil((width * count) / 8));
  const values: Integer[] = [];
  if (width % 8 === 0) {
    const size = width / 8;
    for (let at = 0; at < count * size; at += size) values.push(bigEndian(packed.subarray(at, at + size)));
    return values;
  }
  // What is left here has at most 30 bits.
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  while (values.length < count) {
    while (bitCount < width) {
      bits = bits * 256 + (packed[at++] as number);
      bitCount += 8;
    }
    const rest = 2 ** (bitCount - width);
    const value = Math.floor(bits / rest);
    values.push(value);
    bits -= value * rest;
    bitCount -= width;
  }
  return values;
}

// Deletion vectors that Iceberg's Java library wrote (test/tabular/iceberg/write-tables.py), and damaged ones.
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { readDeletionVector } from './deletion-vector.js';

/** Where the manifest says that the vector is, and how many places it has. */
const OFFSET = 4;
const LENGTH = 30605;
const COUNT = 186668;

const dense = () =>
  readFileSync(new URL('../../../test/tabular/iceberg/dense.puffin', import.meta.url)).subarray(
    OFFSET,
    OFFSET + LENGTH,
  );

it('has every place that was deleted, in order, from runs, bits and shorts', () => {
  const expected: number[] = [];
  for (let place = 0; place < 300_000; place++)
    if (place % 3 === 0 || (place >= 70_000 && place <= 200_000)) expected.push(place);
  expect([...readDeletionVector(dense(), COUNT)]).toEqual(expected);
});

/** A vector of one bitmap of 32 bits, by the letter of the specification. */
function vectorOf(bitmap: Buffer, high = 0): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32BE(0xd1d33964, 0);
  head.writeBigUInt64LE(1n, 4);
  head.writeUInt32LE(high, 12);
  const vector = Buffer.concat([head, bitmap]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(vector.length, 0);
  ends.writeUInt32BE(crc32(vector), 4);
  return Buffer.concat([ends.subarray(0, 4), vector, ends.subarray(4)]);
}

const shorts = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => bytes.writeUInt16LE(value, index * 2));
  return bytes;
};

it('has places beyond 32 bits, and beyond 16', () => {
  // No runs; one container of key 1 with two values, at offset 16.
  const bitmap = shorts(12346, 0, 1, 0, 1, 1, 16, 0, 5, 9);
  expect([...readDeletionVector(vectorOf(bitmap, 2), 2)]).toEqual([
    2 * 2 ** 32 + 65536 + 5,
    2 * 2 ** 32 + 65536 + 9,
  ]);
});

it('has runs, and no offsets where there are fewer than four containers', () => {
  const bitmap = Buffer.concat([shorts(12347, 0), Buffer.from([1]), shorts(0, 3, 2, 10, 1, 20, 1)]);
  expect([...readDeletionVector(vectorOf(bitmap), 4)]).toEqual([10, 11, 20, 21]);
});

it.each<[string, () => Buffer, number, RegExp]>([
  ['another count', dense, COUNT - 1, /it has 186668 places, and 186667 are announced/],
  ['a byte that changed', () => Buffer.from(dense()).fill(0xfe, 100, 101), COUNT, /checksum/],
  ['no beginning', () => Buffer.from(dense()).fill(0, 4, 8), COUNT, /does not begin as one/],
  ['an end too early', () => dense().subarray(0, LENGTH - 9), COUNT, /length/],
  ['nothing in it', () => Buffer.alloc(0), 0, /length/],
  ['another bitmap', () => vectorOf(shorts(1, 0)), 0, /begins with 1/],
  ['a bitmap cut short', () => vectorOf(shorts(12346, 0, 1, 0, 1, 1, 16, 0, 5)), 2, /ends too early/],
])('a vector with %s is refused', (_, blob, count, message) => {
  expect(() => [...readDeletionVector(blob(), count)]).toThrow(message);
});

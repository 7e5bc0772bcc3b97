// Which parts make an object.
import { describe, expect, it } from 'vitest';
import { checksumOf } from '../wire/checksum.js';
import { completedParts, compositeChecksum, PART_BYTES_MIN, type Part } from './upload-parts.js';

const part = (number: number, size = PART_BYTES_MIN, checksums: Record<string, string> = {}): Part => ({
  number,
  path: `/parts/${number}`,
  size,
  modifiedAt: new Date(0),
  etag: String(number).repeat(32),
  checksums,
});
const chosen = (
  number: number,
  etag = String(number).repeat(32),
  checksums: Record<string, string> = {},
) => ({
  number,
  etag,
  checksums,
});
const uploaded = [part(1), part(2), part(5, PART_BYTES_MIN - 1), part(9, 0)];

describe('a completed upload', () => {
  it.each([
    ['all parts', [1, 2, 5]],
    ['some of them', [2, 5]],
    ['one that is small', [5]],
    ['one that is empty', [9]],
    ['an empty one at the end', [1, 2, 9]],
  ])('may have %s', (_case, numbers) => {
    const parts = completedParts(
      uploaded,
      numbers.map((number) => chosen(number)),
      {},
    );
    expect(parts.map(({ number }) => number)).toEqual(numbers);
  });

  it.each([
    ['no part', [], 'InvalidRequest'],
    ['parts in another order', [chosen(2), chosen(1)], 'InvalidPartOrder'],
    ['a part twice', [chosen(1), chosen(1)], 'InvalidPartOrder'],
    ['a part that is not there', [chosen(1), chosen(3)], 'InvalidPart'],
    ['a part with another ETag', [chosen(1, 'x')], 'InvalidPart'],
    ['a part with another checksum', [chosen(1, undefined, { CRC32: 'AAAAAA==' })], 'InvalidPart'],
    ['a small part before the last', [chosen(5), chosen(9)], 'EntityTooSmall'],
  ])('of %s is refused', (_case, wanted, name) => {
    expect(() => completedParts(uploaded, wanted, {})).toThrow(expect.objectContaining({ name }));
  });

  it('whose checksum is made of those of its parts must name them', () => {
    const one = [part(1, 3, { SHA256: 'c3Vt' })];
    const checksum = { checksumAlgorithm: 'SHA256', checksumType: 'COMPOSITE' } as const;
    expect(() => completedParts(one, [chosen(1)], checksum)).toThrow(
      expect.objectContaining({ name: 'InvalidRequest' }),
    );
    expect(completedParts(one, [chosen(1, undefined, { SHA256: 'c3Vt' })], checksum)).toEqual(one);
  });
});

it('a composite checksum is that of the checksums, with their number', () => {
  const values = ['one', 'two'].map((text) => checksumOf('CRC32', Buffer.from(text)));
  const parts = values.map((CRC32, index) => part(index + 1, 3, { CRC32 }));
  const joined = Buffer.concat(values.map((value) => Buffer.from(value, 'base64')));
  expect(compositeChecksum('CRC32', parts)).toBe(`${checksumOf('CRC32', joined)}-2`);
});

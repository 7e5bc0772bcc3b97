// The order of keys.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareKeys, sortKeys } from './key-order.js';

const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('a', '/', '\u{e000}', '\u{ffff}', '🐟', '\u{10000}'),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''));

it('keys are in the order of their UTF-8 bytes', () => {
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      expect(Math.sign(compareKeys(one, other))).toBe(Buffer.compare(Buffer.from(one), Buffer.from(other)));
    }),
  );
});

it('a character beyond U+FFFF sorts after those before it', () => {
  expect(sortKeys(['🐟', '\uffee', 'b', 'a'])).toEqual(['a', 'b', '\uffee', '🐟']);
  expect(sortKeys(['c', 'a', 'b'])).toEqual(['a', 'b', 'c']);
});

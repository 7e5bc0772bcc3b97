// Bounds in SQL.
import { describe, expect, it } from 'vitest';
import { positionText, rangeClause } from './row-range.js';

describe('a position', () => {
  it.each([
    ['integer', -5n, '-5'],
    ['date', 0n, '1970-01-01'],
    ['date', -1n, '1969-12-31'],
    ['timestamp', 0n, '1970-01-01 00:00:00.000000'],
    ['timestamp', -1n, '1969-12-31 23:59:59.999999'],
    ['timestamp', 1_714_557_600_123_456n, '2024-05-01 10:00:00.123456'],
    ['timestamp', 253_402_300_799_999_999n, '9999-12-31 23:59:59.999999'],
    ['timestamp', 253_402_300_800_000_000n, undefined],
    ['timestamp', 9_000_000_000_000_000_000n, undefined],
    ['date', -800_000n, undefined],
  ] as const)('of a %s, %s, is %s', (kind, position, text) => {
    expect(positionText(kind, position, { min: 1, max: 9999 })).toBe(text);
  });
});

describe('a range', () => {
  const range = (lower: string | undefined, upper: string | undefined, withNulls: boolean) =>
    rangeClause({ column: 'at', lower, upper, withNulls }, 't', (name) => `<${name}>`);
  it('is a condition', () => {
    expect(range('1', undefined, false)).toBe(' WHERE <at> >= 1');
    expect(range('1', '2', false)).toBe(' WHERE <at> >= 1 AND <at> <= 2');
    expect(range('1', undefined, true)).toBe(' WHERE ((<at> >= 1) OR <at> IS NULL)');
    expect(range(undefined, undefined, false)).toBe(' WHERE <at> IS NOT NULL');
    expect(range(undefined, undefined, true)).toBe('');
    expect(rangeClause(undefined, 't', String)).toBe('');
  });
  it('of whole keys takes all rows of those that have a row without a value, or in a range with two ends', () => {
    const whole = (upper: string | undefined, withNulls: boolean) =>
      rangeClause(
        { column: 'at', lower: '1', upper, withNulls, wholeKey: ['a', 'b'] },
        't',
        (name) => `<${name}>`,
      );
    expect(whole(undefined, true)).toBe(
      ' WHERE ((<at> >= 1) OR <at> IS NULL OR (<a>, <b>) IN (SELECT <a>, <b> FROM t WHERE <at> IS NULL))',
    );
    expect(whole('2', false)).toBe(
      ' WHERE ((<at> >= 1 AND <at> <= 2) OR (<a>, <b>) IN (SELECT <a>, <b> FROM t WHERE <at> >= 1 AND <at> <= 2))',
    );
  });
});

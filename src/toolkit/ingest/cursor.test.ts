// Positions of cursors: read, written and moved exactly.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorAt, cursorText, lowerBound, parseCursor, unitsOf, type CursorKind } from './cursor.js';

it.each<[CursorKind, string, bigint]>([
  ['timestamp', '1970-01-01', 0n],
  ['timestamp', '2024-05-01T10:00:00.123456Z', 1714557600123456n],
  ['timestamp', '2024-05-01 10:00', 1714557600000000n],
  ['timestamp', '2024-05-01T10:00:00+02', 1714550400000000n],
  ['timestamp', '2024-05-01T10:00:00-0330', 1714570200000000n],
  ['timestamp', '1969-12-31T23:59:59.999999Z', -1n],
  ['timestamp-ns', '1970-01-01T00:00:00.000000001Z', 1n],
  ['text', '2024-05-01T10:00:00.1Z', 1714557600100000n],
  ['date', '2024-05-01', 19844n],
  ['date', '1969-12-31', -1n],
  ['integer', ' -12 ', -12n],
])('a %s cursor reads %s', (kind, text, position) => {
  expect(parseCursor(kind, text)).toBe(position);
});

it.each<[CursorKind, string]>([
  ['timestamp', 'None'],
  ['timestamp', '2024-13-01'],
  ['timestamp', '1714557600'],
  ['date', ''],
  ['integer', '2024-05-01'],
  ['integer', '1.5'],
])('a %s cursor does not read %j', (kind, text) => {
  expect(() => parseCursor(kind, text)).toThrow(`${JSON.stringify(text)} is no position of a ${kind} cursor`);
});

it('what is written for people is read as the same position', () => {
  const limits: Record<CursorKind, bigint> = {
    timestamp: 4_000_000_000_000_000n,
    text: 4_000_000_000_000_000n,
    'timestamp-ns': 4_000_000_000_000_000_000n,
    date: 40_000n,
    integer: 999_999_999_999_999_999n,
  };
  for (const [kind, limit] of Object.entries(limits) as [CursorKind, bigint][]) {
    fc.assert(
      fc.property(fc.bigInt({ min: -limit, max: limit }), (position) => {
        expect(parseCursor(kind, cursorText(kind, position))).toBe(position);
      }),
    );
  }
});

describe('a lower bound', () => {
  const bound = (
    kind: CursorKind,
    watermark: bigint,
    lookbackMs: number,
    cursorUnit?: 's' | 'ms' | 'us' | 'ns',
  ) => lowerBound({ name: 'c', kind }, watermark, { lookbackMs, cursorUnit });

  it('lies the lookback behind the high-water mark, rounded to more', () => {
    expect(bound('timestamp', 5_000_000n, 1500)).toBe(3_500_000n);
    expect(bound('timestamp-ns', 5_000_000_000n, 1)).toBe(4_999_000_000n);
    expect(bound('date', 100n, 1)).toBe(99n);
    expect(bound('date', 100n, 86_400_000)).toBe(99n);
    expect(bound('integer', 100n, 1500, 's')).toBe(98n);
    expect(bound('integer', 5_000_000n, 2, 'ns')).toBe(3_000_000n);
    expect(bound('integer', 100n, 0)).toBe(100n);
  });

  it('needs a unit for whole numbers', () => {
    expect(() => bound('integer', 100n, 1)).toThrow('needs "cursorUnit": s, ms, us or ns');
  });
});

it('a time is the last position that is not behind it', () => {
  const at = (kind: CursorKind, ms: number) => cursorAt(unitsOf(kind, { cursorUnit: 's' })!, ms);
  expect(at('date', 86_400_000 - 1)).toBe(0n);
  expect(at('date', -1)).toBe(-1n);
  expect(at('integer', 1999)).toBe(1n);
  expect(at('timestamp', -1)).toBe(-1000n);
  expect(unitsOf('integer', { cursorUnit: undefined })).toBeUndefined();
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyTypeOf, NULL_VALUE } from './key-type.js';
import { keyCodec } from './partition-key.js';
import { compareText } from './text-order.js';

const TYPES = ['string', 'int', 'decimal(38,9)', 'date', 'timestamp', 'float'];

/** The values of one key, in the order of the texts that they are stored under. */
function ordered(type: string, values: string[]): string[] {
  const codec = keyCodec([{ Name: 'k', Type: type }]);
  return values
    .map((value) => codec.encode([value]))
    .sort(compareText)
    .map((key) => codec.decode(key).values[0] ?? '');
}

describe('the order of keys', () => {
  it.each([
    ['int', ['-10', '-9', '-1', '0', '1', '9', '10', '100', '99999999999999999999', 'x']],
    [
      'decimal(10,2)',
      ['-1e3', '-10.5', '-10.05', '-0.5', '0', '0.05', '0.5', '1', '1.05', '1.5', '10', '1e3'],
    ],
    ['date', ['0001-01-01', '2023-12-31', '2024-01-05', '2024-11-01', '2024-02-30', NULL_VALUE]],
    [
      'timestamp',
      ['2024-01-05 09:59:59.9', '2024-01-05 10:00:00', '2024-01-05 10:00:00.000001', '2024-01-05'],
    ],
    [
      'string',
      ['', '\u0000', '\u0001', '\u0002', '1', '10', '9', 'a', 'a\u0000', 'a b', 'ab', '\uFB01', '\u{1F600}'],
    ],
  ])('of type %s is that of the values', (type, values) => {
    const shuffled = [...values].reverse();
    expect(ordered(type, shuffled)).toEqual(values);
  });

  it('goes by the first key, then by the second', () => {
    const codec = keyCodec([
      { Name: 'a', Type: 'string' },
      { Name: 'b', Type: 'int' },
    ]);
    const keys = [
      ['a', '2'],
      ['a', '10'],
      ['a\u0000', '1'],
      ['ab', '1'],
    ].map((values) => codec.encode(values));
    expect([...keys].reverse().sort(compareText)).toEqual(keys);
  });

  it("is the order of their UTF-8 bytes, which is SQLite's", () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});

describe('a key', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 5 }),
    fc.integer().map(String),
    fc.double({ noNaN: true }).map(String),
    fc.constantFrom(NULL_VALUE, '~', '~~', '01', '+1', '-0', '2024-1-5', '2024-01-05 1:02:03.100'),
  );

  it('gives back the values it was made of, and has no character that ends a text in SQLite', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...TYPES), value), { maxLength: 4 }), (columns) => {
        const codec = keyCodec(columns.map(([Type], index) => ({ Name: `k${index}`, Type })));
        const values = columns.map(([, text]) => text);
        const key = codec.encode(values);
        expect(codec.decode(key).values).toEqual(values);
        expect(key).not.toContain('\u0000');
      }),
    );
  });
});

describe('a key type', () => {
  it.each([
    ['string', 'text'],
    ['VARCHAR(20)', 'text'],
    ['bigint', 'integer'],
    ['decimal (10, 2)', 'decimal'],
    ['double', 'unsupported'],
    ['array<int>', 'unsupported'],
    ['constructor', 'unsupported'],
  ])('%s compares as %s', (name, kind) => {
    expect(keyTypeOf(name).kind).toBe(kind);
  });

  it.each(['2024-02-29', '2000-02-29', '0000-02-29', '2024-1-31', '2024-04-30', '2024-12-31'])(
    '%s is a date',
    (text) => {
      expect(keyTypeOf('date').sortForm(text)).toBe(text.replace('-1-', '-01-'));
    },
  );

  it.each([
    ['int', ['', ' 1', '1.0', '1e3', '0x10', 'abc', '١']],
    ['decimal', ['', '.', '-', 'e5', '1e', '1e99999', 'NaN', 'Infinity']],
    [
      'date',
      [
        ...['2024-02-30', '2023-02-29', '1900-02-29', '2024-04-31', '2024-12-32', '2024-13-01'],
        ...['2024-00-01', '2024-01-00', '24-01-01', '2024-01-01 00:00:00', '2024/01/01'],
      ],
    ],
    ['timestamp', ['2024-01-01', '2024-01-01T00:00:00', '2024-01-01 24:00:00', '2024-01-01 00:60:00']],
  ])('%s does not take for its own what is not: %j', (name, values) => {
    expect(values.filter((text) => keyTypeOf(name).sortForm(text) !== undefined)).toEqual([]);
  });
});

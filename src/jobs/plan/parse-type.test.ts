// Types in, types out.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatHiveType, type HiveType } from '../../tabular/hive-type.js';
import { parseType } from './parse-type.js';

test.each([
  ['int', 'int'],
  ['INTEGER', 'int'],
  ['long', 'bigint'],
  ['short', 'smallint'],
  ['byte', 'tinyint'],
  [' Double ', 'double'],
  ['varchar(20)', 'string'],
  ['char(3)', 'string'],
  ['decimal', 'decimal(10,0)'],
  ['decimal(12, 3)', 'decimal(12,3)'],
  ['decimal(7)', 'decimal(7,0)'],
  ['array<struct<a:int,B c:map<string,array<date>>>>', 'array<struct<a:int,B c:map<string,array<date>>>>'],
  ['struct<`odd:name`:int>', 'struct<odd:name:int>'],
  ['struct<>', 'struct<>'],
])('%s is %s', (text, expected) => {
  const type = parseType(text);
  expect(type && formatHiveType(type)).toBe(expected);
});

test.each(['', 'thing', 'array', 'array<', 'array<int', 'map<int>', 'struct<a>', 'int int', 'decimal(40,2)'])(
  '%j is no type',
  (text) => {
    expect(parseType(text)).toBeUndefined();
  },
);

const hiveType: fc.Arbitrary<HiveType> = fc.letrec<{ type: HiveType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('int', 'bigint', 'string', 'double', 'date', 'decimal(10,2)').map((name) => ({
      kind: 'primitive' as const,
      name,
    })),
    fc.record({ kind: fc.constant('array' as const), item: tie('type') }),
    fc.record({ kind: fc.constant('map' as const), key: tie('type'), value: tie('type') }),
    fc.record({
      kind: fc.constant('struct' as const),
      members: fc.array(
        fc.record({ name: fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_ .-]*[a-z]$/), type: tie('type') }),
        { maxLength: 3 },
      ),
    }),
  ),
})).type;

test('what is printed is read back as it was', () => {
  fc.assert(
    fc.property(hiveType, (type) => {
      expect(parseType(formatHiveType(type))).toEqual(type);
    }),
  );
});

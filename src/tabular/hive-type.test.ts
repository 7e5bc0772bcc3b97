// Hive types: printed, read back, merged.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatHiveType, noValueSeen, parseHiveType, primitive, type HiveType } from './hive-type.js';
import { mergeHiveTypes } from './merge-hive-types.js';

const primitiveNames = [
  'int',
  'bigint',
  'double',
  'string',
  'boolean',
  'decimal(10,2)',
  'varchar(5)',
  'timestamp',
];

const anyType = fc.letrec<{ type: HiveType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...primitiveNames).map(primitive),
    fc.record({ kind: fc.constant('array' as const), item: tie('type') }),
    fc.record({ kind: fc.constant('map' as const), key: tie('type'), value: tie('type') }),
    fc.record({
      kind: fc.constant('struct' as const),
      members: fc.uniqueArray(
        fc.record({ name: fc.stringMatching(/^[A-Za-z_$-][A-Za-z0-9_ .,$-]{0,8}[a-z]$/), type: tie('type') }),
        { selector: (member) => member.name, maxLength: 4 },
      ),
    }),
  ),
})).type;

describe('reading a type', () => {
  test('every type reads back as it was printed', () => {
    fc.assert(
      fc.property(anyType, (type) => {
        expect(parseHiveType(formatHiveType(type))).toEqual(type);
      }),
    );
  });

  test('spaces around punctuation do not count and member names keep their case', () => {
    expect(formatHiveType(parseHiveType(' struct< aB : int , c : map< string , array<double> > > '))).toBe(
      'struct<aB:int,c:map<string,array<double>>>',
    );
  });

  test.each([
    ['array<int', "expected '>' at offset 9"],
    ['map<string>', "expected ',' at offset 10"],
    ['struct<a>', 'at offset'],
    ['struct<a:>', 'expected a type at offset 9'],
    ['int>', 'expected the end at offset 3'],
    ['', 'expected a type at offset 0'],
  ])('%j is refused with the offset of what is missing', (text, message) => {
    expect(() => parseHiveType(text)).toThrow(message);
  });
});

describe('merging two types of one column', () => {
  test.each([
    ['int', 'int', 'int'],
    ['int', 'bigint', 'bigint'],
    ['tinyint', 'smallint', 'smallint'],
    ['bigint', 'double', 'double'],
    ['int', 'float', 'double'],
    ['float', 'double', 'double'],
    ['bigint', 'string', 'string'],
    ['boolean', 'bigint', 'string'],
    ['date', 'timestamp', 'string'],
    ['decimal(10,2)', 'decimal(12,2)', 'string'],
    ['int', 'array<int>', 'string'],
    ['array<int>', 'array<double>', 'array<double>'],
    ['map<string,int>', 'map<string,bigint>', 'map<string,bigint>'],
    ['struct<a:int,b:string>', 'struct<c:int,a:double>', 'struct<a:double,b:string,c:int>'],
    ['struct<a:int>', 'string', 'string'],
  ])('%s and %s make %s', (a, b, merged) => {
    expect(formatHiveType(mergeHiveTypes(parseHiveType(a), parseHiveType(b)))).toBe(merged);
  });

  test('a column without values takes the type of the other side and is a string by itself', () => {
    expect(mergeHiveTypes(noValueSeen, primitive('int'))).toEqual(primitive('int'));
    expect(mergeHiveTypes(primitive('int'), noValueSeen)).toEqual(primitive('int'));
    expect(formatHiveType(mergeHiveTypes(noValueSeen, noValueSeen))).toBe('string');
  });

  test('a type merged with itself is itself', () => {
    fc.assert(
      fc.property(anyType, (type) => {
        expect(mergeHiveTypes(type, type)).toEqual(type);
      }),
    );
  });

  test('which side is which only changes the order of struct members', () => {
    const sorted = (type: HiveType): HiveType => {
      switch (type.kind) {
        case 'primitive':
          return type;
        case 'array':
          return { kind: 'array', item: sorted(type.item) };
        case 'map':
          return { kind: 'map', key: sorted(type.key), value: sorted(type.value) };
        case 'struct':
          return {
            kind: 'struct',
            members: type.members
              .map(({ name, type: inner }) => ({ name, type: sorted(inner) }))
              .sort((a, b) => (a.name < b.name ? -1 : 1)),
          };
      }
    };
    fc.assert(
      fc.property(anyType, anyType, (a, b) => {
        expect(sorted(mergeHiveTypes(a, b))).toEqual(sorted(mergeHiveTypes(b, a)));
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { AttributeValue } from '../../dynamodb/attribute-value.js';
import { formatHiveType } from '../../tabular/hive-type.js';
import { AttributeObservation } from './attribute-observation.js';

const typeOf = (...values: AttributeValue[]) => {
  const observation = new AttributeObservation();
  for (const value of values) observation.see(value);
  return formatHiveType(observation.toHiveType());
};

describe('the type of an attribute', () => {
  it.each<[string, AttributeValue[], string]>([
    ['text', [{ S: 'a' }], 'string'],
    ['an integer', [{ N: '42' }], 'bigint'],
    ['a negative integer', [{ N: '-7' }], 'bigint'],
    ['an integer with an exponent', [{ N: '1E+3' }], 'bigint'],
    ['the greatest bigint', [{ N: '9223372036854775807' }], 'bigint'],
    ['the least bigint', [{ N: '-9223372036854775808' }], 'bigint'],
    ['an integer beyond bigint', [{ N: '9223372036854775808' }], 'double'],
    ['a fraction', [{ N: '0.5' }], 'double'],
    ['integers and fractions', [{ N: '1' }, { N: '1.5' }, { N: '2' }], 'double'],
    ['a boolean', [{ BOOL: false }], 'boolean'],
    ['bytes', [{ B: 'AAE=' }], 'binary'],
    ['only NULL', [{ NULL: true }], 'string'],
    ['NULL and a number', [{ NULL: true }, { N: '1' }], 'bigint'],
    ['a map', [{ M: { a: { S: 'x' }, B: { N: '1' } } }], 'struct<a:string,B:bigint>'],
    ['an empty map', [{ M: {} }], 'string'],
    [
      'maps with other members',
      [{ M: { a: { N: '1' } } }, { M: { b: { BOOL: true }, a: { N: '1.5' } } }],
      'struct<a:double,b:boolean>',
    ],
    ['a list', [{ L: [{ S: 'a' }, { S: 'b' }] }], 'array<string>'],
    ['an empty list', [{ L: [] }], 'array<string>'],
    ['an empty list, then one of numbers', [{ L: [] }, { L: [{ N: '1' }] }], 'array<bigint>'],
    ['a list of NULL and numbers', [{ L: [{ NULL: true }, { N: '1' }] }], 'array<bigint>'],
    ['a list of mixed values', [{ L: [{ S: 'a' }, { N: '1' }] }], 'array<string>'],
    [
      'a list of maps',
      [{ L: [{ M: { a: { N: '1' } } }, { M: { b: { S: 's' } } }] }],
      'array<struct<a:bigint,b:string>>',
    ],
    ['nested lists', [{ L: [{ L: [{ N: '1' }] }] }], 'array<array<bigint>>'],
    ['a set of texts', [{ SS: ['a'] }], 'array<string>'],
    ['a set of integers', [{ NS: ['1', '2'] }], 'array<bigint>'],
    ['a set of numbers', [{ NS: ['1', '2.5'] }], 'array<double>'],
    ['a set of bytes', [{ BS: ['AA=='] }], 'array<binary>'],
    ['text and a number', [{ S: 'a' }, { N: '1' }], 'string'],
    ['text and a map', [{ S: 'a' }, { M: { a: { N: '1' } } }], 'string'],
    ['a boolean and bytes', [{ BOOL: true }, { B: 'AA==' }], 'string'],
    ['a list and a number', [{ L: [] }, { N: '1' }], 'string'],
    ['keys that a type cannot spell', [{ M: { 'a:b,c<d>': { N: '1' } } }], 'struct<a_b_c_d_:bigint>'],
  ])('of %s', (_case, values, type) => {
    expect(typeOf(...values)).toBe(type);
  });

  it('of a map whose keys are data is a map, as a struct of them has no room in the catalog', () => {
    const M = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`customer-${index}`, { N: '1' }]),
    );
    expect(typeOf({ M })).toBe('map<string,string>');
  });
});

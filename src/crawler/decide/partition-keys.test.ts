// Folders to partition keys and values.
import { describe, expect, it } from 'vitest';
import { partitionFolders, partitionValue } from './partition-keys.js';

describe('partitionFolders', () => {
  it.each([
    ['no folders: no keys', [[]], [], [[]]],
    ['one Hive level', [['year=2005'], ['year=2006']], ['year'], [['2005'], ['2006']]],
    [
      'Hive levels, the name lower-cased',
      [
        ['Year=2020', 'month=01'],
        ['Year=2021', 'month=02'],
      ],
      ['year', 'month'],
      [
        ['2020', '01'],
        ['2021', '02'],
      ],
    ],
    ['plain levels are numbered', [['a', 'x']], ['partition_0', 'partition_1'], [['a', 'x']]],
    ['a plain level after a Hive level counts both', [['y=1', 'x']], ['y', 'partition_1'], [['1', 'x']]],
    ['a mixed level keeps whole folder names', [['y=1'], ['other']], ['partition_0'], [['y=1'], ['other']]],
    ['two names at one level', [['y=1'], ['z=1']], ['partition_0'], [['y=1'], ['z=1']]],
    ['a name that repeats', [['y=1', 'y=2']], ['y', 'partition_1'], [['1', 'y=2']]],
    ['encoded values', [['d=2020-01-01%2000%3A00']], ['d'], [['2020-01-01 00:00']]],
    ['a lone per cent sign', [['d=50%']], ['d'], [['50%']]],
    ['an empty value', [['d=']], ['d'], [['']]],
    ['a value with an equals sign', [['d=a=b']], ['d'], [['a=b']]],
    ['no name before the equals sign', [['=b']], ['partition_0'], [['=b']]],
  ])('%s', (_, leaves, keys, values) => {
    expect(partitionFolders(leaves)).toEqual({
      keys: keys.map((Name) => ({ Name, Type: 'string' })),
      values,
    });
  });
});

describe('partitionValue', () => {
  it.each([
    ['year', 'year=2020', '2020'],
    ['year', 'YEAR=2020', '2020'],
    ['year', 'month=2', 'month=2'],
    ['partition_0', 'a', 'a'],
  ])('under key %s the folder %s is %s', (key, segment, value) => {
    expect(partitionValue(key, segment)).toBe(value);
  });
});

// Folders of partitions, as Hive escapes them.
import { expect, test } from 'vitest';
import { partitionFolder } from './partition-folder.js';

test.each([
  [['year', 'city'], ['2024', 'Rome'], 'year=2024/city=Rome/'],
  [['k'], [null], 'k=__HIVE_DEFAULT_PARTITION__/'],
  [['k'], ['a/b:c=d%e'], 'k=a%2Fb%3Ac%3Dd%25e/'],
  [['a b'], ['x y'], 'a b=x y/'],
  [['k'], ['\u0001"\'#*?\\{[]^'], 'k=%01%22%27%23%2A%3F%5C%7B%5B%5D%5E/'],
  [[], [], ''],
])('%j of %j is %s', (names, values, expected) => {
  expect(partitionFolder(names, values)).toBe(expected);
});

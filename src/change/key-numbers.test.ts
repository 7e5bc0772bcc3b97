// Numbers of keys: the same for the same object, in the order they come, however many there are.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byChance } from '../../test/law.js';
import { keyText } from './catalog-key.js';
import type { CatalogObjectKey } from './catalog-object.js';
import { KeyNumbers } from './key-numbers.js';

const name = fc.constantFrom('a', 'b', 'a.b', '');
const aKey: fc.Arbitrary<CatalogObjectKey> = fc.oneof(
  fc.record({ kind: fc.constant('database' as const), DatabaseName: name }),
  fc.record({ kind: fc.constant('table' as const), DatabaseName: name, TableName: name }),
  fc.record({
    ...{ kind: fc.constantFrom('partition' as const, 'partition-statistics' as const) },
    ...{ DatabaseName: name, TableName: name, Values: fc.array(name, { maxLength: 2 }) },
  }),
);

it('are as those of a Map of texts', () => {
  fc.assert(
    fc.property(fc.array(aKey, { maxLength: 300, size: 'max' }), aKey, (keys, other) => {
      const numbers = new KeyNumbers();
      const texts = new Map<string, number>();
      for (const key of keys) {
        const expected = texts.get(keyText(key)) ?? texts.size;
        texts.set(keyText(key), expected);
        expect(numbers.add(key)).toBe(expected);
        expect(numbers.count).toBe(texts.size);
      }
      for (const key of [...keys, other]) expect(numbers.find(key)).toBe(texts.get(keyText(key)));
    }),
    byChance({ numRuns: 50, seed: 7 }),
  );
});

it('tell as many partitions apart as a table has', () => {
  const numbers = new KeyNumbers();
  const keyOf = (day: number): CatalogObjectKey => ({
    ...{ kind: 'partition', DatabaseName: 'sales', TableName: 'orders' },
    Values: [String(day)],
  });
  const days = Array.from({ length: 20_000 }, (_, day) => day);
  for (const day of days) expect(numbers.add(keyOf(day))).toBe(day);
  expect(days.every((day) => numbers.find(keyOf(day)) === day)).toBe(true);
  expect(numbers.find(keyOf(days.length))).toBeUndefined();
});

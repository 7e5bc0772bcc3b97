// A document in parts is the same, character by character, as JSON.stringify has it.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byChance } from '../../test/law.js';
import { jsonParts } from './json-parts.js';
import { PackedValues } from './packed-values.js';

const whole = (value: unknown) => JSON.stringify(value, undefined, 2);
const joined = (value: unknown) => [...jsonParts(value)].join('');

it.each([
  ['nothing', { result: null, warnings: [], errors: {} }],
  ['members that JSON leaves out', { a: undefined, b: () => 1, c: Symbol('c'), d: [undefined, () => 1] }],
  ['what says itself what its JSON is', { at: new Date(0), nested: [{ toJSON: () => ({ x: [1] }) }] }],
  ['line ends within texts', { text: 'one\ntwo', 'na\nme': [{ 'a\n': '\n' }] }],
])('of %s', (_, value) => {
  expect(joined(value)).toBe(whole(value));
});

it('of anything', () => {
  fc.assert(
    fc.property(fc.object({ withNullPrototype: true }), (value) => {
      expect(joined(value)).toBe(whole(value));
    }),
    byChance({ numRuns: 200, seed: 20_260_411 }),
  );
});

it('of values that were packed, as of a list', () => {
  // More than are compressed at once.
  const values = Array.from({ length: 9000 }, (_, index) => ({ index, text: 'é\n'.repeat(20) }));
  for (const list of [[], [1, 'two'], values]) {
    const packed = new PackedValues();
    for (const value of list) packed.add(value);
    expect([...packed]).toEqual(list);
    expect(joined({ packed, more: 1 })).toBe(whole({ packed: list, more: 1 }));
  }
});

it('in parts no larger than an item of a list', () => {
  const item = { name: 'x'.repeat(100) };
  const parts = [...jsonParts({ result: { items: Array.from({ length: 1000 }, () => item) } })];
  expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(200);
});

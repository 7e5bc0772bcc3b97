// Compiled event patterns mean what AWS's pages say, on random patterns and random events with every operator; and rules
// found through the index are those that match.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compilePattern } from '../../src/events/pattern/event-pattern.js';
import { indexRules } from '../../src/events/rule-index.js';
import { naiveMatch, type Json } from './naive-pattern.js';

// Few names and few values, so that patterns and events meet.
const TEXTS = ['', 'a', 'A', 'aB', 'a*b', 'a\\b', '10.0.0.1', '10.0.1.1', '2001:db8::1'];
const text = fc.constantFrom(...TEXTS);
const number = fc.integer({ min: -1, max: 2 });
const scalar: fc.Arbitrary<Json> = fc.oneof(text, number, fc.boolean(), fc.constant(null));

const some = <T>(one: fc.Arbitrary<T>) => fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));
const wildcard = fc.constantFrom('a*', '*b', '*', 'a*b', 'a\\*b', '*\\\\*', '10.*.1', 'A');
const affix = fc.oneof(text, fc.record({ 'equals-ignore-case': text }));
const range = fc.oneof(
  fc.tuple(fc.constantFrom('=', '<', '<=', '>', '>='), number),
  fc
    .tuple(fc.constantFrom('>', '>='), number, fc.constantFrom('<', '<='), fc.integer({ min: 1, max: 4 }))
    .map(([low, bottom, high, width]) => [low, bottom, high, bottom + width]),
);
const cidr = fc.constantFrom(
  '10.0.0.0/24',
  '10.0.0.0/8',
  '10.0.0.1/32',
  '0.0.0.0/0',
  '2001:db8::/32',
  '::/0',
);
const anythingBut = fc.oneof(
  some(text),
  some(number),
  fc.record({ prefix: some(text) }),
  fc.record({ suffix: some(text) }),
  fc.record({ 'equals-ignore-case': some(text) }),
  fc.record({ wildcard: some(wildcard) }),
);
const OPERATORS: Record<string, fc.Arbitrary<unknown>> = {
  prefix: affix,
  suffix: affix,
  'equals-ignore-case': text,
  'anything-but': anythingBut,
  numeric: range,
  cidr,
  exists: fc.boolean(),
  wildcard,
};
const operator = fc.oneof(
  ...Object.entries(OPERATORS).map(([key, operand]) => operand.map((value) => ({ [key]: value }))),
) as fc.Arbitrary<Json>;
const wanted = fc.array(fc.oneof(scalar, { arbitrary: operator, weight: 3 }), { minLength: 1, maxLength: 3 });

// Mostly `x` and `a` are scalars and `y` an object or a list of objects, in patterns as in events; sometimes they are not.
const oneOf = (shape: Record<string, fc.Arbitrary<Json>>): fc.Arbitrary<Json> =>
  fc.oneof(...Object.entries(shape).map(([name, value]) => value.map((json): Json => ({ [name]: json }))), {
    arbitrary: fc.record(shape),
    weight: 2,
  });
const inner = oneOf({ a: wanted, exists: wanted });
const fields = oneOf({ x: wanted, y: fc.oneof({ arbitrary: inner, weight: 4 }, wanted) });
const alternatives = fc.array(fields, { minLength: 2, maxLength: 3 });
const pattern: fc.Arbitrary<Json> = fc
  .tuple(fields, fc.option(alternatives, { freq: 3, nil: undefined }))
  .map(([object, $or]) => ($or === undefined ? object : { ...(object as object), $or }));

const list = (item: fc.Arbitrary<Json>) => fc.array(item, { maxLength: 2 });
const leaf = fc.oneof({ arbitrary: scalar, weight: 3 }, list(fc.oneof(scalar, list(scalar))));
const object = oneOf({ a: leaf, exists: leaf });
const event = oneOf({
  x: fc.oneof({ arbitrary: leaf, weight: 4 }, object),
  y: fc.oneof(object, list(object), list(list(object)), leaf),
});

it('a compiled pattern matches what the naive reading of it matches', () => {
  let matchCount = 0;
  const runCount = 3000;
  fc.assert(
    fc.property(pattern, event, (wants, has) => {
      const expected = naiveMatch(wants, has);
      if (expected) matchCount++;
      const { matches } = compilePattern(JSON.stringify(wants));
      expect(matches(has as Record<string, unknown>)).toBe(expected);
    }),
    { numRuns: runCount },
  );
  // Of events that never match nothing would be learnt.
  expect(matchCount).toBeGreaterThan(runCount / 50);
});

it('what stands beside alternatives and within them is meant of the same element', () => {
  const wants = { list: { a: ['x'] }, $or: [{ list: { b: [1] } }, { other: [true] }] };
  const { matches } = compilePattern(JSON.stringify(wants));
  expect(matches({ list: [{ a: 'x' }, { a: 'y', b: 1 }] })).toBe(false);
  expect(matches({ list: [{ a: 'x', b: 1 }, { a: 'y' }] })).toBe(true);
  expect(matches({ list: [{ a: 'x' }], other: true })).toBe(true);
});

it('every operator, alone, meets events that match it and events that do not', () => {
  for (const [key, operand] of Object.entries(OPERATORS)) {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(operand, fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })), (value, given) => {
        const wants = { x: [{ [key]: value }] } as Json;
        const expected = naiveMatch(wants, { x: given });
        seen.add(expected);
        expect(compilePattern(JSON.stringify(wants)).matches({ x: given })).toBe(expected);
      }),
      { numRuns: 500 },
    );
    expect([key, seen.size]).toEqual([key, 2]);
  }
});

it('the index finds every rule that matches, once, whatever it says of source and detail-type', () => {
  const source = fc.constantFrom('s', 't');
  const place = fc.option(
    fc.array(fc.oneof(source, fc.record({ prefix: source })), { minLength: 1, maxLength: 2 }),
    {
      nil: undefined,
    },
  );
  const rule = fc
    .record({ source: place, 'detail-type': place, detail: fc.option(pattern, { nil: undefined }) })
    .filter((all) => Object.values(all).some((one) => one !== undefined));
  const sent = fc.record({ source, 'detail-type': source, detail: event });
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 8 }), sent, (rules, has) => {
      const texts = rules.map((one) => JSON.stringify(one));
      const index = indexRules(texts.map((one, at) => ({ rule: at, pattern: compilePattern(one) })));
      const expected = texts.flatMap((one, at) => (naiveMatch(JSON.parse(one) as Json, has) ? [at] : []));
      expect(index.matching(has).sort((a, b) => a - b)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

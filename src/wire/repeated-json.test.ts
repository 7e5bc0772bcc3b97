// Sharing what is repeated: the value is that of JSON.parse, whatever the text.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BODY_DEPTH_MAX } from '../base/limits.js';
import { parseRepeatedJson } from './repeated-json.js';

const COLUMNS = [{ Name: 'a', Type: 'array<int>', Comment: 'with ] and [ and \\" and "Columns":[1]' }];
/** As much as makes looking for what is repeated worth it. */
const LONG = 'x'.repeat(10_000);

const parsed = (parse: (text: string) => unknown, text: string): unknown => {
  try {
    return { value: parse(text) };
  } catch (error) {
    return (error as Error).name;
  }
};

test.each([
  ['compact', undefined],
  ['as Python writes it', 1],
])('columns that come again are one object: %s', (_, indent) => {
  const items = [1, 2, 3].map((Values) => ({ Values, StorageDescriptor: { Columns: COLUMNS } }));
  const value = { LONG, items: [...items, { StorageDescriptor: { Columns: [{ Name: 'b' }] } }] };
  const result = parseRepeatedJson(JSON.stringify(value, null, indent)) as typeof value;
  expect(result).toEqual(value);
  const [first, second, third] = result.items.map(({ StorageDescriptor }) => StorageDescriptor.Columns);
  expect(second).toBe(first);
  expect(third).toBe(first);
});

test.each([
  ['where a key ends with the name', '{"LONG":"L","a\\"Columns":[1],"b\\"Columns":[1],"Columns":[1]}'],
  ['in a text', JSON.stringify({ LONG, text: JSON.stringify({ Columns: [1] }), Columns: [1] })],
  ['twice in one object', '{"LONG":"L","Columns":[1],"Columns":[1]}'],
  ['in a list that is cut', '{"LONG":"L","a":{"Columns":[1},"b":{"Columns":[1}}'],
  ['in itself', '{"LONG":"L","Columns":[{"Columns":[1]}],"a":{"Columns":[{"Columns":[1]}]}}'],
  ['after a text that nobody closed', '{"LONG":"L","a":"b,"Columns":[1],"c":{"Columns":[1]}}'],
  ['as a text', '{"LONG":"L","Columns":"[1]","a":{"Columns":[1]},"b":{"Columns":[1]}}'],
  ['with what no list has', '{"LONG":"L","a":{"Columns":[1,]},"b":{"Columns":[1,]}}'],
])('columns %s are what JSON.parse makes of them', (_, template) => {
  const text = template.replace('"L"', JSON.stringify(LONG));
  expect(parsed(parseRepeatedJson, text)).toEqual(parsed(JSON.parse, text));
});

test('columns deeper than a body may be are parsed, too', () => {
  const depth = BODY_DEPTH_MAX * 2;
  const deep = `${'{"a":'.repeat(depth)}{"Columns":[1]}${'}'.repeat(depth)}`;
  const text = `{"LONG":"${LONG}","Columns":[1],"deep":${deep}}`;
  expect(parseRepeatedJson(text)).toEqual(JSON.parse(text));
});

test('any text is what JSON.parse makes of it', () => {
  const { value } = fc.letrec<{ value: unknown; object: unknown }>((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, fc.string(), fc.integer(), fc.constant(COLUMNS), tie('object')),
    object: fc.dictionary(fc.constantFrom('Columns', '__proto__', 'a', '"'), tie('value')),
  }));
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 2 }),
      fc.nat(),
      fc.constantFrom('', ']', '"'),
      (items, at, extra) => {
        const whole = JSON.stringify({ LONG, items: [...items, ...items] });
        const place = 10_020 + (at % (whole.length - 10_020));
        for (const text of [whole, whole.slice(0, place) + extra + whole.slice(place)])
          expect(parsed(parseRepeatedJson, text)).toEqual(parsed(JSON.parse, text));
      },
    ),
  );
});

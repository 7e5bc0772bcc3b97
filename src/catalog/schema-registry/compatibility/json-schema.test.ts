// JSON Schema: what a reader's schema must allow of the writer's, case by case.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonSchema } from '../definition/json-schema.js';
import type { Json, JsonObject } from '../definition/json-text.js';
import { canReadJsonSchema } from './json-schema.js';
import { allowsValue } from './json-value.js';

const canRead = (reader: unknown, writer: unknown) =>
  canReadJsonSchema(parseJsonSchema(JSON.stringify(reader)), parseJsonSchema(JSON.stringify(writer)));

const string = { type: 'string' };
const integer = { type: 'integer' };
const open = (properties: object, more = {}) => ({ type: 'object', properties, ...more });
const closed = (properties: object, more = {}) => open(properties, { additionalProperties: false, ...more });
const partlyOpen = (properties: object, more = {}) =>
  open(properties, { additionalProperties: string, ...more });
const list = (items: unknown, more = {}) => ({ type: 'array', items, ...more });
const tree = (value: object) => ({
  $ref: '#/definitions/tree',
  definitions: { tree: open({ value, children: list({ $ref: '#/definitions/tree' }) }) },
});

describe('objects: a reader with', () => {
  it.each<[string, unknown, unknown, boolean]>([
    ['a property more than an open writer', open({ a: string, b: string }), open({ a: string }), false],
    [
      'a property of any type more than an open writer',
      open({ a: string, b: {} }),
      open({ a: string }),
      true,
    ],
    ['a property more than a closed writer', closed({ a: string, b: string }), closed({ a: string }), true],
    ['a property less, open', open({ a: string }), open({ a: string, b: string }), true],
    ['a property less, closed', closed({ a: string }), closed({ a: string, b: string }), false],
    [
      'a property more that a partly open writer covers',
      partlyOpen({ a: integer, b: string }),
      partlyOpen({ a: integer }),
      true,
    ],
    [
      'a property more that a partly open writer does not cover',
      partlyOpen({ b: integer }),
      partlyOpen({}),
      false,
    ],
    ['a property less that it covers itself, partly open', partlyOpen({}), partlyOpen({ b: string }), true],
    ['a property less that it does not cover', partlyOpen({}), partlyOpen({ b: integer }), false],
    ['a closed model where the writer is open', closed({ a: string }), open({ a: string }), false],
    ['an open model where the writer is closed', open({ a: string }), closed({ a: string }), true],
    [
      'wider additional properties',
      { additionalProperties: { type: 'number' } },
      { additionalProperties: integer },
      true,
    ],
    ['a required property more', open({ a: string }, { required: ['a'] }), open({ a: string }), false],
    [
      'a required property more with a default',
      closed({ a: { type: 'string', default: '' } }, { required: ['a'] }),
      closed({}),
      true,
    ],
    ['a required property less', open({ a: string }), open({ a: string }, { required: ['a'] }), true],
    ['a property type that is wider', open({ a: { type: 'number' } }), open({ a: integer }), true],
    ['a property type that is narrower', open({ a: integer }), open({ a: { type: 'number' } }), false],
    [
      'the same pattern, wider',
      { patternProperties: { '^x': { type: 'number' } } },
      { patternProperties: { '^x': integer } },
      true,
    ],
    [
      'another pattern',
      { patternProperties: { '^x': string } },
      { patternProperties: { '^y': string } },
      false,
    ],
    ['more properties allowed', { maxProperties: 3 }, { maxProperties: 2 }, true],
    ['fewer properties allowed', { maxProperties: 2 }, { maxProperties: 3 }, false],
    ['a least count that required properties reach', { minProperties: 1 }, { required: ['a'] }, true],
    ['a dependency less', {}, { dependencies: { a: ['b'] } }, true],
    ['a dependency more', { dependencies: { a: ['b'] } }, {}, false],
    ['a dependency on fewer', { dependencies: { a: ['b'] } }, { dependencies: { a: ['b', 'c'] } }, true],
    ['narrower names', { propertyNames: { maxLength: 3 } }, { propertyNames: { maxLength: 5 } }, false],
    [
      'an open model, a property less and wider bounds',
      open({ b: { type: 'number', maximum: 1000 } }),
      open({ a: string, b: { type: 'integer', maximum: 50 } }),
      true,
    ],
  ])('%s', (_case, reader, writer, expected) => {
    expect(canRead(reader, writer)).toBe(expected);
  });
});

describe('scalars: a reader with', () => {
  it.each<[string, unknown, unknown, boolean]>([
    ['the type more general', { type: 'number' }, integer, true],
    ['the type less general', integer, { type: 'number' }, false],
    ['a type more', { type: ['string', 'null'] }, string, true],
    ['a type less', string, { type: ['string', 'null'] }, false],
    ['no type', {}, string, true],
    ['a type where there was none', string, {}, false],
    ['a longer length allowed', { type: 'string', maxLength: 20 }, { type: 'string', maxLength: 10 }, true],
    ['a shorter length allowed', { type: 'string', maxLength: 10 }, { type: 'string', maxLength: 20 }, false],
    ['a length limit that is new', { type: 'string', maxLength: 10 }, string, false],
    ['a smaller least length', { minLength: 1 }, { minLength: 2 }, true],
    ['the pattern gone', string, { type: 'string', pattern: '^a' }, true],
    ['another pattern', { pattern: '^b' }, { pattern: '^a' }, false],
    ['a limit on texts, where none are written', { maxLength: 1 }, integer, true],
    ['a lower minimum', { minimum: 0 }, { type: 'number', minimum: 1 }, true],
    ['a higher minimum', { minimum: 2 }, { type: 'number', minimum: 1 }, false],
    ['an exclusive minimum where it was not', { exclusiveMinimum: 1 }, { type: 'number', minimum: 1 }, false],
    [
      'an exclusive minimum of integers, one below',
      { exclusiveMinimum: 0 },
      { type: 'integer', minimum: 1 },
      true,
    ],
    [
      "draft-04's exclusive maximum made inclusive",
      { maximum: 5 },
      { maximum: 5, exclusiveMaximum: true },
      true,
    ],
    [
      "draft-04's inclusive maximum made exclusive",
      { maximum: 5, exclusiveMaximum: true },
      { maximum: 5 },
      false,
    ],
    ['a multiple reduced', { multipleOf: 2 }, { multipleOf: 4 }, true],
    ['a multiple increased', { multipleOf: 4 }, { multipleOf: 2 }, false],
    ['integers as multiples of one', { multipleOf: 1 }, integer, true],
    ['an enum value more', { enum: ['a', 'b', 'c'] }, { enum: ['a', 'b'] }, true],
    ['an enum value less', { enum: ['a'] }, { enum: ['a', 'b'] }, false],
    ['an enum where there was a type', { enum: ['a'] }, string, false],
    ['a type that has every enum value', { type: 'string', maxLength: 2 }, { enum: ['a', 'bb'] }, true],
    ['a type that has not every enum value', { type: 'string', maxLength: 1 }, { enum: ['a', 'bb'] }, false],
    ['a const that is in its enum', { enum: [1, 2] }, { const: 1 }, true],
    ['both booleans listed', { enum: [true, false] }, { type: 'boolean' }, true],
    ['another format', { type: 'string', format: 'date' }, string, true],
    ['other annotations', { title: 'a', description: 'b', default: 1 }, { title: 'c' }, true],
    ['nothing allowed', false, string, false],
    ['anything, where nothing is written', string, false, true],
  ])('%s', (_case, reader, writer, expected) => {
    expect(canRead(reader, writer)).toBe(expected);
  });
});

describe('arrays and combinations: a reader with', () => {
  it.each<[string, unknown, unknown, boolean]>([
    ['wider items', list({ type: 'number' }), list(integer), true],
    ['narrower items', list(integer), list({ type: 'number' }), false],
    ['uniqueness gone', list({}), list({}, { uniqueItems: true }), true],
    ['uniqueness that is new', list({}, { uniqueItems: true }), list({}), false],
    ['more items allowed', list({}, { maxItems: 5 }), list({}, { maxItems: 3 }), true],
    ['fewer items required', list({}, { minItems: 1 }), list({}, { minItems: 2 }), true],
    ['an item more than an open tuple', list([string, string]), list([string]), false],
    [
      'an item more than a closed tuple',
      list([string, string], { additionalItems: false }),
      list([string], { additionalItems: false }),
      true,
    ],
    [
      'an item less than a closed tuple',
      list([string], { additionalItems: false }),
      list([string, string], { additionalItems: false }),
      false,
    ],
    [
      'something that every list contains',
      { contains: { type: 'number' } },
      list({}, { contains: integer }),
      true,
    ],
    ['something that lists need not contain', { contains: integer }, list(integer), false],
    ['an alternative more', { anyOf: [string, integer] }, string, true],
    ['an alternative less', { oneOf: [string] }, { oneOf: [string, integer] }, false],
    ['alternatives in another order', { oneOf: [integer, string] }, { oneOf: [string, integer] }, true],
    [
      'alternatives for a list of types',
      { anyOf: [string, { type: 'null' }] },
      { type: ['null', 'string'] },
      true,
    ],
    [
      'a list of types for alternatives',
      { type: ['null', 'string'] },
      { anyOf: [string, { type: 'null' }] },
      true,
    ],
    ['one part of a whole', { allOf: [string] }, { allOf: [string, { maxLength: 3 }] }, true],
    ['a part more', { allOf: [string, { maxLength: 3 }] }, { allOf: [string] }, false],
    [
      'a whole of parts that one schema has',
      { allOf: [string, { maxLength: 3 }] },
      { type: 'string', maxLength: 2 },
      true,
    ],
    ['less refused', { not: integer }, { not: { type: 'number' } }, true],
    ['more refused', { not: { type: 'number' } }, { not: integer }, false],
    ['something refused that is not written', { not: integer }, string, true],
    [
      'the same condition and a wider outcome',
      { if: string, then: { maxLength: 5 } },
      { if: string, then: { maxLength: 3 } },
      true,
    ],
    ['a condition that is new', { if: { minLength: 2 }, then: { maxLength: 5 } }, string, false],
    ['a reference for what it names', { $ref: '#/definitions/a', definitions: { a: string } }, string, true],
    ['a schema inside itself that is wider', tree({ type: 'number' }), tree(integer), true],
    ['a schema inside itself that is narrower', tree(integer), tree({ type: 'number' }), false],
    [
      'the same schema elsewhere',
      { $ref: 'http://example.com/a.json' },
      { $ref: 'http://example.com/a.json' },
      true,
    ],
    [
      'another schema elsewhere',
      { $ref: 'http://example.com/b.json' },
      { $ref: 'http://example.com/a.json' },
      false,
    ],
  ])('%s', (_case, reader, writer, expected) => {
    expect(canRead(reader, writer)).toBe(expected);
  });
});

it('ends soon when alternatives within alternatives multiply', () => {
  const level = (inner: unknown): unknown => ({
    anyOf: [open({ a: inner }), open({ b: inner }), open({ c: inner })],
  });
  let [reader, writer]: [unknown, unknown] = [string, integer];
  for (let depth = 0; depth < 7; depth++) [reader, writer] = [level(reader), level(writer)];
  const startMs = performance.now();
  expect(canRead(reader, writer)).toBe(false);
  expect(performance.now() - startMs).toBeLessThan(5000);
});

const scalars: fc.Arbitrary<Json> = fc.constantFrom<Json>(null, true, 0, 1, 2.5, -3, '', 'a', 'abc');
const values: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    scalars,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

const counts = fc.integer({ min: 0, max: 3 });
const schemas: fc.Arbitrary<Json> = fc.letrec<{ schema: Json; some: Json[]; properties: Json }>((tie) => ({
  some: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
  properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema'), { maxKeys: 2 }),
  schema: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.boolean(),
    fc
      .subarray(['null', 'boolean', 'object', 'array', 'string', 'integer', 'number'], { minLength: 1 })
      .map((type) => ({ type })),
    fc.array(scalars, { maxLength: 3 }).map((items) => ({ enum: items })),
    fc.record(
      {
        minimum: counts,
        exclusiveMaximum: counts,
        minLength: counts,
        maxLength: counts,
        multipleOf: fc.constantFrom(1, 2, 0.5),
      },
      { requiredKeys: [] },
    ),
    fc.record(
      {
        properties: tie('properties'),
        additionalProperties: tie('schema'),
        patternProperties: tie('schema').map((inner) => ({ '^[ab]': inner })),
        required: fc.subarray(['a', 'b']),
        maxProperties: counts,
      },
      { requiredKeys: ['properties'] },
    ),
    fc.record(
      {
        items: fc.oneof(tie('schema'), tie('some')),
        additionalItems: tie('schema'),
        minItems: counts,
        maxItems: counts,
        uniqueItems: fc.boolean(),
        contains: tie('schema'),
      },
      { requiredKeys: [] },
    ),
    fc.record({ anyOf: tie('some'), allOf: tie('some'), not: tie('schema') }, { requiredKeys: [] }),
    fc.record({ if: tie('schema'), then: tie('schema'), else: tie('schema') }, { requiredKeys: ['if'] }),
  ),
})).schema;

const allows = (schema: Json, value: Json) =>
  allowsValue(
    schema as JsonObject,
    value,
    () => undefined,
    () => true,
  );

it('never takes a reader that refuses a document which the writer allows', () => {
  fc.assert(
    fc.property(
      schemas,
      schemas,
      fc.array(values, { minLength: 20, maxLength: 20 }),
      (reader, writer, documents) => {
        if (!canRead(reader, writer)) return;
        for (const document of documents) {
          if (allows(writer, document)) expect(allows(reader, document)).toBe(true);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

it('reads every schema with itself', () => {
  fc.assert(
    fc.property(schemas, (schema) => {
      expect(canRead(schema, schema)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

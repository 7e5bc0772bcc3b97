// Columns as Avro schemas: names that Avro takes, types, and that Avro's own reader takes the result.
import avro from 'avsc';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { avroSchemaOf } from './avro-schema.js';

const fieldsOf = (...columns: [string, string][]) =>
  (
    JSON.parse(
      avroSchemaOf(
        't',
        columns.map(([Name, Type]) => ({ Name, Type })),
      ),
    ) as {
      fields: { name: string; doc?: string; type: [string, unknown] }[];
    }
  ).fields;

it.each([
  ['string', 'string'],
  ['bigint', 'long'],
  ['double', 'double'],
  ['boolean', 'boolean'],
  ['binary', 'bytes'],
  ['array<bigint>', { type: 'array', items: ['null', 'long'] }],
  ['map<string,string>', { type: 'map', values: ['null', 'string'] }],
  ['array<array<binary>>', { type: 'array', items: ['null', { type: 'array', items: ['null', 'bytes'] }] }],
  ['decimal(38,10)', 'string'],
])('%s', (type, expected) => {
  expect(fieldsOf(['c', type])[0]?.type).toEqual(['null', expected]);
});

it('gives names that Avro does not take others, tells them apart, and keeps the attribute’s in the doc', () => {
  const fields = fieldsOf(['a_b', 'string'], ['a-b', 'string'], ['a.b', 'string'], ['1', 'string']);
  expect(fields.map(({ name, doc }) => [name, doc])).toEqual([
    ['a_b', undefined],
    ['a_b_2', 'attribute a-b'],
    ['a_b_3', 'attribute a.b'],
    ['_1', 'attribute 1'],
  ]);
});

it('is a schema that Avro’s reader takes, whatever the columns', () => {
  const name = fc.string({ minLength: 1, maxLength: 8 }).map((text) => text.replace(/[:,<>\p{Cc}]/gu, '_'));
  const { type } = fc.letrec<{ type: string }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom('string', 'bigint', 'double', 'boolean', 'binary'),
      tie('type').map((inner) => `array<${inner}>`),
      fc
        .uniqueArray(name, { minLength: 1, maxLength: 4 })
        .chain((names) =>
          fc
            .array(tie('type'), { minLength: names.length, maxLength: names.length })
            .map((types) => `struct<${names.map((one, index) => `${one}:${types[index]}`).join(',')}>`),
        ),
    ),
  }));
  const columns = fc.uniqueArray(fc.record({ Name: name, Type: type }), {
    minLength: 1,
    maxLength: 6,
    selector: ({ Name }) => Name,
  });
  fc.assert(
    fc.property(columns, (given) => {
      const schema = JSON.parse(avroSchemaOf('t', given)) as { fields: unknown[] };
      expect(schema.fields).toHaveLength(given.length);
      avro.Type.forSchema(schema as unknown as avro.Schema);
    }),
  );
});

// What a crawler reads in an Iceberg table's metadata.
import { describe, expect, it } from 'vitest';
import { formatHiveType } from '../hive-type.js';
import { metadataVersion, parseIcebergMetadata } from './read-iceberg-metadata.js';

const field = (id: number, name: string, type: unknown, required = false) => ({ id, name, required, type });
const METADATA = {
  'format-version': 2,
  location: 's3://b/t/',
  'last-updated-ms': 7,
  'current-schema-id': 1,
  schemas: [
    { 'schema-id': 0, type: 'struct', fields: [field(1, 'old', 'int')] },
    {
      'schema-id': 1,
      type: 'struct',
      fields: [
        { ...field(1, 'Id', 'long', true), doc: 'the key' },
        field(2, 'at', 'timestamptz'),
        field(3, 'code', 'fixed[16]'),
        field(4, 'price', 'decimal(9, 2)'),
        field(5, 'tags', { type: 'list', 'element-id': 6, element: 'uuid', 'element-required': true }),
        field(7, 'm', {
          type: 'map',
          'key-id': 8,
          key: 'string',
          'value-id': 9,
          value: { type: 'struct', fields: [field(10, 'X', 'time')] },
          'value-required': false,
        }),
      ],
    },
  ],
};

it('the current schema is that of current-schema-id, in the types of Hive', () => {
  const { location, lastUpdatedMs, columns } = parseIcebergMetadata(JSON.stringify(METADATA));
  expect({ location, lastUpdatedMs }).toEqual({ location: 's3://b/t', lastUpdatedMs: 7 });
  expect(columns.map(({ id, name, type }) => `${id} ${name} ${formatHiveType(type)}`)).toEqual([
    '1 Id bigint',
    '2 at timestamp',
    '3 code binary',
    '4 price decimal(9,2)',
    '5 tags array<string>',
    '7 m map<string,struct<X:string>>',
  ]);
  expect(columns[0]).toMatchObject({ isOptional: false, comment: 'the key' });
  expect(columns[1]).toMatchObject({ isOptional: true, comment: undefined });
});

it('the schema of version 1 stands alone', () => {
  const { schemas, ...rest } = METADATA;
  const text = JSON.stringify({ ...rest, 'format-version': 1, schema: schemas[0] });
  expect(parseIcebergMetadata(text).columns.map(({ name }) => name)).toEqual(['old']);
});

describe('metadata that is damaged', () => {
  it.each<[string, string, RegExp]>([
    ['cut short', JSON.stringify(METADATA).slice(0, 40), /not JSON/],
    ['null', 'null', /format-version is undefined/],
    ['of version 9', JSON.stringify({ ...METADATA, 'format-version': 9 }), /format-version is 9; 1, 2 and 3/],
    ['without a location', JSON.stringify({ ...METADATA, location: '' }), /no location/],
    ['without its schema', JSON.stringify({ ...METADATA, 'current-schema-id': 5 }), /no schema 5/],
    [
      'of an unknown type',
      JSON.stringify({
        'format-version': 1,
        location: 's3://b',
        schema: { fields: [field(1, 'g', 'geometry')] },
      }),
      /column g has the type geometry/,
    ],
  ])('%s is told so', (_, text, message) => {
    expect(() => parseIcebergMetadata(text)).toThrow(message);
  });
});

it.each([
  ['00003-9c12d441-03fe-4693-9a96-a0705ddf69c1.metadata.json', 3],
  ['00012-x.gz.metadata.json', 12],
  ['v7.metadata.json', 7],
  ['v8.metadata.json.gz', 8],
  ['snap-12-1-x.avro', undefined],
  ['version-hint.text', undefined],
  ['metadata.json', undefined],
])('%s is version %s', (name, version) => {
  expect(metadataVersion(name)).toBe(version);
});

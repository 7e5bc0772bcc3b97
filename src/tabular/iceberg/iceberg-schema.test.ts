import { describe, expect, it } from 'vitest';
import { icebergFields } from './iceberg-schema.js';

const typeOf = (Type: string) => icebergFields([{ Name: 'c', Type }]).fields[0]?.type;

describe('an Iceberg type', () => {
  it.each([
    ['tinyint', 'int'],
    ['bigint', 'long'],
    ['varchar(20)', 'string'],
    ['decimal(10,2)', 'decimal(10, 2)'],
    ['decimal', 'decimal(10, 0)'],
    ['timestamp', 'timestamp'],
    ['binary', 'binary'],
  ])('of %s is %s', (hive, iceberg) => {
    expect(typeOf(hive)).toBe(iceberg);
  });

  it.each([
    ['interval', /Column c has the type interval, which Iceberg does not have/],
    ['struct<a:', /Column c has the type struct<a:, which is not a Hive type/],
  ])('of %s is not there', (hive, message) => {
    expect(() => typeOf(hive)).toThrow(message);
  });
});

it('ids are given to all columns first, then to what is nested in each', () => {
  const { fields, lastColumnId } = icebergFields([
    { Name: 'id', Type: 'bigint', Comment: 'key' },
    { Name: 'tags', Type: 'array<string>' },
    { Name: 'place', Type: 'struct<lat:double,names:map<string,int>>' },
  ]);
  expect(fields).toEqual([
    { id: 1, name: 'id', required: false, type: 'long', doc: 'key' },
    {
      id: 2,
      name: 'tags',
      required: false,
      type: { type: 'list', 'element-id': 4, element: 'string', 'element-required': false },
    },
    {
      id: 3,
      name: 'place',
      required: false,
      type: {
        type: 'struct',
        fields: [
          { id: 5, name: 'lat', required: false, type: 'double' },
          {
            id: 6,
            name: 'names',
            required: false,
            type: {
              type: 'map',
              'key-id': 7,
              key: 'string',
              'value-id': 8,
              value: 'int',
              'value-required': false,
            },
          },
        ],
      },
    },
  ]);
  expect(lastColumnId).toBe(8);
});

// Columns that definitions make.
import type { DataFormat } from '@aws-sdk/client-glue';
import { describe, expect, it } from 'vitest';
import { columnsOfSchema } from './columns-of-schema.js';

const typeOfC = (dataFormat: DataFormat, definition: string) =>
  columnsOfSchema(dataFormat, definition).find(({ Name }) => Name === 'c')?.Type;

const avro = (type: unknown) =>
  typeOfC('AVRO', JSON.stringify({ type: 'record', name: 'R', fields: [{ name: 'c', type }] }));

it.each<[unknown, string]>([
  ['int', 'int'],
  ['long', 'bigint'],
  ['bytes', 'binary'],
  [['null', 'string'], 'string'],
  [['int', 'string'], 'uniontype<int,string>'],
  [{ type: 'enum', name: 'E', symbols: ['A'] }, 'string'],
  [{ type: 'fixed', name: 'F', size: 4 }, 'binary'],
  [{ type: 'array', items: ['null', 'float'] }, 'array<float>'],
  [{ type: 'map', values: { type: 'array', items: 'int' } }, 'map<string,array<int>>'],
  [
    {
      type: 'record',
      name: 'S',
      fields: [
        { name: 'a', type: 'int' },
        { name: 'b', type: 'boolean' },
      ],
    },
    'struct<a:int,b:boolean>',
  ],
  [{ type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 }, 'decimal(10,2)'],
  [{ type: 'int', logicalType: 'date' }, 'date'],
  [{ type: 'long', logicalType: 'timestamp-micros' }, 'timestamp'],
  [{ type: 'long', logicalType: 'time-micros' }, 'bigint'],
  [{ type: 'string', logicalType: 'uuid' }, 'string'],
])('Avro %j is %s', (type, expected) => {
  expect(avro(type)).toBe(expected);
});

const json = (schema: unknown) =>
  typeOfC('JSON', JSON.stringify({ type: 'object', properties: { c: schema } }));

it.each<[unknown, string]>([
  [{ type: 'integer' }, 'bigint'],
  [{ type: 'number' }, 'double'],
  [{ type: ['null', 'boolean'] }, 'boolean'],
  [{ type: ['integer', 'number'] }, 'double'],
  [{ type: ['integer', 'string'] }, 'string'],
  [{ type: 'string', format: 'date-time' }, 'string'],
  [{ enum: [1, 2] }, 'bigint'],
  [{ const: 'a' }, 'string'],
  [{}, 'string'],
  [true, 'string'],
  [{ type: 'array', items: { type: 'integer' } }, 'array<bigint>'],
  [{ type: 'array', items: [{ type: 'integer' }, { type: 'number' }] }, 'array<double>'],
  [
    { type: 'object', properties: { a: { type: 'integer' }, b: { type: 'string' } } },
    'struct<a:bigint,b:string>',
  ],
  [{ type: 'object', additionalProperties: { type: 'integer' } }, 'map<string,bigint>'],
  [{ anyOf: [{ type: 'null' }, { type: 'integer' }] }, 'bigint'],
  [
    { allOf: [{ properties: { a: { type: 'integer' } } }], properties: { b: {} } },
    'struct<a:bigint,b:string>',
  ],
])('JSON Schema %j is %s', (schema, expected) => {
  expect(json(schema)).toBe(expected);
});

it.each([
  ['int32', 'int'],
  ['uint32', 'bigint'],
  ['sint64', 'bigint'],
  ['fixed64', 'decimal(20,0)'],
  ['float', 'float'],
  ['bool', 'boolean'],
  ['bytes', 'binary'],
  ['E', 'string'],
  ['N', 'struct<a:int,b:array<string>>'],
  ['repeated N', 'array<struct<a:int,b:array<string>>>'],
  ['map<string, int64>', 'map<string,bigint>'],
  ['google.protobuf.Timestamp', 'timestamp'],
  ['google.protobuf.Int64Value', 'bigint'],
  ['google.protobuf.Struct', 'string'],
])('Protocol Buffers %s is %s', (type, expected) => {
  const definition =
    'syntax = "proto3"; import "google/protobuf/timestamp.proto"; import "google/protobuf/struct.proto"; ' +
    'import "google/protobuf/wrappers.proto"; ' +
    `message M { enum E { Z = 0; } message N { int32 a = 1; repeated string b = 2; } ${type} c = 1; }`;
  expect(typeOfC('PROTOBUF', definition)).toBe(expected);
});

describe('columns', () => {
  it('keep the order and the descriptions of the definition', () => {
    expect(
      columnsOfSchema(
        'AVRO',
        '{"type":"record","name":"R","fields":[{"name":"b","type":"int","doc":"second"},{"name":"a","type":"int"}]}',
      ),
    ).toEqual([
      { Name: 'b', Type: 'int', Comment: 'second' },
      { Name: 'a', Type: 'int' },
    ]);
    expect(
      columnsOfSchema(
        'JSON',
        '{"properties":{"b":{"type":"string","description":"second"},"a":{"type":"null"}}}',
      ),
    ).toEqual([
      { Name: 'b', Type: 'string', Comment: 'second' },
      { Name: 'a', Type: 'void' },
    ]);
    expect(
      columnsOfSchema(
        'PROTOBUF',
        'syntax = "proto3"; message M {\n  int32 b = 2;\n  // first\n  int32 a = 1;\n} message N {}',
      ),
    ).toEqual([
      { Name: 'a', Type: 'int', Comment: 'first' },
      { Name: 'b', Type: 'int' },
    ]);
  });

  it.each<['AVRO' | 'JSON' | 'PROTOBUF', string, RegExp]>([
    ['AVRO', '"string"', /Only a record has columns/],
    ['AVRO', '{"type":"record","name":"R","fields":[{"name":"r","type":["null","R"]}]}', /R contains itself/],
    ['JSON', '{"type":"string"}', /Only an object with properties has columns/],
    ['JSON', '{"properties":{"r":{"$ref":"#"}}}', /contains itself/],
    ['PROTOBUF', 'syntax = "proto3"; enum E { Z = 0; }', /Only a message has columns/],
    ['PROTOBUF', 'syntax = "proto3"; message M { M m = 1; }', /M contains itself/],
  ])('of %s %s are none', (format, definition, message) => {
    expect(() => columnsOfSchema(format, definition)).toThrow(message);
  });

  it('are refused when a type that is used again and again grows too long', () => {
    let inner: unknown = { type: 'record', name: 'R0', fields: [{ name: 'v', type: 'int' }] };
    for (let level = 1; level <= 60; level++) {
      const fields = [
        { name: 'a', type: inner },
        { name: 'b', type: `R${level - 1}` },
      ];
      inner = { type: 'record', name: `R${level}`, fields };
    }
    expect(() => columnsOfSchema('AVRO', JSON.stringify(inner))).toThrow(/more than 131072 characters/);
  });
});

// Definitions that are read, those that are not and why, and those that count as the same.
import type { DataFormat } from '@aws-sdk/client-glue';
import { describe, expect, it } from 'vitest';
import { canonicalDefinition, parseDefinition } from './schema-definition.js';

const proto3 = (body: string) => `syntax = "proto3"; ${body}`;
const record = (fields: string) => `{"type":"record","name":"R","fields":[${fields}]}`;
const field = (rest: string) => record(`{"name":"a",${rest}}`);

describe('is read:', () => {
  it.each<[DataFormat, string]>([
    ['AVRO', '"string"'],
    ['AVRO', field('"type":["null","string"],"default":null')],
    ['AVRO', field('"type":["null","R"]')],
    ['AVRO', field('"type":"bytes","default":"\\u00ff"')],
    ['AVRO', field('"type":{"type":"array","items":"int"},"default":[1,2]')],
    ['AVRO', field('"type":{"type":"record","name":"S","fields":[]},"default":{}')],
    [
      'AVRO',
      '{"type":"record","name":"R","namespace":"a.b","fields":[{"name":"x","type":"a.b.R"},{"name":"y","type":"R"}]}',
    ],
    ['AVRO', '{"type":"bytes","logicalType":"decimal","precision":-1}'],
    ['JSON', 'true'],
    ['JSON', '{}'],
    ['JSON', '{"$schema":"http://json-schema.org/draft-04/schema#","maximum":1,"exclusiveMaximum":true}'],
    ['JSON', '{"$ref":"#/definitions/a~1b","definitions":{"a/b":{"type":"string"}}}'],
    ['JSON', '{"$ref":"#a","definitions":{"x":{"$id":"#a"}}}'],
    ['JSON', '{"pattern":"^[\\\\w-.]+$"}'],
    ['PROTOBUF', proto3('message M { string a = 1; }')],
    ['PROTOBUF', 'message M { optional string a = 1; }'],
    [
      'PROTOBUF',
      '// first\n/* syntax = "proto2"; */ syntax = "proto3";\nimport "google/type/money.proto"; message M { google.type.Money a = 1; }',
    ],
    ['PROTOBUF', proto3('package a.b; message M { N n = 1; .a.b.M.N o = 2; message N { M m = 1; } }')],
  ])('%s %s', (format, definition) => {
    expect(() => parseDefinition(format, definition)).not.toThrow();
  });
});

describe('is refused:', () => {
  it.each<[DataFormat, string, RegExp]>([
    ['AVRO', 'not a schema', /not.*JSON/],
    ['AVRO', '5', /A type is a name, an object or an array/],
    ['AVRO', '"nothing"', /Undefined name: "nothing"/],
    ['AVRO', '{"type":"record","fields":[]}', /No name in schema/],
    ['AVRO', '{"type":"record","name":"R"}', /Record has no fields/],
    ['AVRO', '{"type":"record","name":"1R","fields":[]}', /Illegal name: "1R"/],
    ['AVRO', record('{"name":"a b","type":"int"}'), /Illegal field name in R: "a b"/],
    ['AVRO', record('{"name":"a","type":"int"},{"name":"a","type":"int"}'), /Duplicate field a in record R/],
    ['AVRO', field('"type":"int","default":"x"'), /Invalid default for field a of R: "x"/],
    ['AVRO', field('"type":"int","default":2147483648'), /Invalid default/],
    ['AVRO', field('"type":["null","string"],"default":"x"'), /Invalid default/],
    ['AVRO', '["int","int"]', /Duplicate in union: int/],
    ['AVRO', '["int",["string"]]', /Nested union/],
    ['AVRO', '{"type":"enum","name":"E","symbols":["A","A"]}', /Duplicate enum symbol in E/],
    [
      'AVRO',
      '{"type":"enum","name":"E","symbols":["A"],"default":"B"}',
      /The default "B" is not a symbol of E/,
    ],
    ['AVRO', '{"type":"fixed","name":"F"}', /Invalid or no size of F/],
    ['AVRO', '{"type":"array"}', /No items/],
    ['AVRO', '['.repeat(1500) + ']'.repeat(1500), /nesting depth exceeds the maximum allowed \(1000\)/],
    ['JSON', '[]', /#: expected type/],
    ['JSON', '{"$schema":"https://json-schema.org/draft/2020-12/schema"}', /could not determine version/],
    ['JSON', '{"type":"text"}', /#\/type: expected one of the types/],
    ['JSON', '{"properties":{"a":{"minLength":-1}}}', /#\/properties\/a\/minLength: expected a whole number/],
    ['JSON', '{"required":"a"}', /#\/required: expected an array/],
    ['JSON', '{"anyOf":[]}', /#\/anyOf: expected an array that is not empty/],
    ['JSON', '{"pattern":"("}', /#\/pattern: expected a regular expression/],
    ['JSON', '{"multipleOf":0}', /#\/multipleOf: expected a number above 0/],
    ['JSON', '{"$ref":"#/definitions/a"}', /failed to resolve #\/definitions\/a/],
    ['PROTOBUF', 'not a schema', /illegal token 'not' \(line 1\)/],
    ['PROTOBUF', 'syntax = "proto4"; message M {}', /Syntax "proto4" is not supported/],
    ['PROTOBUF', 'edition = "2023"; message M {}', /Syntax "2023" is not supported/],
    ['PROTOBUF', proto3('message M { string a = 1; string b = 1; }'), /duplicate id 1 in Type M/],
    ['PROTOBUF', proto3('message M { string a = 0; }'), /Number 0 of field a of message M is out of range/],
    ['PROTOBUF', proto3('message M { string a = 19000; }'), /kept for Protocol Buffers itself/],
    [
      'PROTOBUF',
      proto3('message M { string a = 5; reserved 4 to 6; }'),
      /Number 5 of field a of message M is reserved/,
    ],
    [
      'PROTOBUF',
      proto3('message M { string a = 5; reserved "a"; }'),
      /The name of field a of message M is reserved/,
    ],
    ['PROTOBUF', proto3('message M { Other a = 1; }'), /Type "Other" in M is not defined/],
    ['PROTOBUF', proto3('message M { google.protobuf.Timestamp a = 1; }'), /is not defined/],
    ['PROTOBUF', proto3('import "mine.proto"; message M {}'), /Import "mine.proto" is not supported/],
    ['PROTOBUF', proto3('enum E { A = 1; }'), /first value of enum E is not zero/],
    [
      'PROTOBUF',
      'message M { repeated group G = 1 { optional int32 a = 1; } }',
      /Group M.G is not supported/,
    ],
    ['PROTOBUF', 'message M { extensions 100 to 200; }', /Extensions are not supported/],
    ['PROTOBUF', proto3('message M { string a = 1'), /';' expected/],
    ['PROTOBUF', proto3('message M {'.repeat(10_000)), /./],
  ])('%s %.60s', (format, definition, message) => {
    expect(() => parseDefinition(format, definition)).toThrow(
      expect.objectContaining({ name: 'DefinitionError', message: expect.stringMatching(message) as string }),
    );
  });
});

it.each<[DataFormat, string, string, boolean]>([
  [
    'AVRO',
    record('{"name":"a","type":"int"}'),
    '{ "fields": [{"type":"int", "name":"a"}],\n "name":"R", "type":"record"}',
    true,
  ],
  ['AVRO', record('{"name":"a","type":"int"}'), record('{"name":"a","type":"int","doc":"d"}'), false],
  ['JSON', '{"a":1,"b":{"c":1,"d":2}}', '{"b":{"d":2,"c":1},"a":1}', true],
  ['JSON', '{"enum":[1,2]}', '{"enum":[2,1]}', false],
  [
    'PROTOBUF',
    proto3('message M { string a = 1; }'),
    'syntax="proto3";\n// comment\nmessage M {\n  string a = 1; // more\n}',
    true,
  ],
  ['PROTOBUF', proto3('message M { string a = 1; }'), proto3('message M { string a = 2; }'), false],
  ['PROTOBUF', proto3('message M {}'), 'syntax = "proto2"; message M {}', false],
])('%s %s and %s are the same: %4$s', (format, first, second, areSame) => {
  expect(canonicalDefinition(format, first) === canonicalDefinition(format, second)).toBe(areSame);
});

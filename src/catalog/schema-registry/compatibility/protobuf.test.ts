// Protocol Buffers: what a reader's definition must keep of the writer's, case by case.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProtobuf } from '../definition/protobuf.js';
import { canReadProtobuf } from './protobuf.js';

const canRead = (reader: string, writer: string) =>
  canReadProtobuf(parseProtobuf(reader), parseProtobuf(writer));

const proto3 = (body: string) => `syntax = "proto3"; ${body}`;
const message = (fields: string) => proto3(`message M { ${fields} }`);
const proto2 = (fields: string) => `syntax = "proto2"; message M { ${fields} }`;
const service = (methods: string) => proto3(`message A {} message B {} service S { ${methods} }`);

describe('a reader with', () => {
  it.each<[string, string, string, boolean]>([
    ['a field more', message('string a = 1; int32 b = 2;'), message('string a = 1;'), true],
    ['a field less', message('string a = 1;'), message('string a = 1; int32 b = 2;'), true],
    ['a required field more', proto2('required string a = 1;'), proto2(''), false],
    ['an optional field more', proto2('optional string a = 1;'), proto2(''), true],
    ['a required field less', proto2(''), proto2('required string a = 1;'), true],
    [
      'a required field made optional',
      proto2('optional string a = 1;'),
      proto2('required string a = 1;'),
      true,
    ],
    [
      'an optional field made required',
      proto2('required string a = 1;'),
      proto2('optional string a = 1;'),
      false,
    ],
    ['a field renamed', message('string b = 1;'), message('string a = 1;'), true],
    ['a field of another number', message('string a = 2;'), message('string a = 1;'), true],
    ['int64 for int32', message('int64 a = 1;'), message('int32 a = 1;'), true],
    ['bool for uint32', message('bool a = 1;'), message('uint32 a = 1;'), true],
    ['sint64 for sint32', message('sint64 a = 1;'), message('sint32 a = 1;'), true],
    ['sint32 for int32', message('sint32 a = 1;'), message('int32 a = 1;'), false],
    ['bytes for string', message('bytes a = 1;'), message('string a = 1;'), true],
    ['string for int32', message('string a = 1;'), message('int32 a = 1;'), false],
    ['fixed32 for sfixed32', message('fixed32 a = 1;'), message('sfixed32 a = 1;'), true],
    ['fixed64 for fixed32', message('fixed64 a = 1;'), message('fixed32 a = 1;'), false],
    ['double for float', message('double a = 1;'), message('float a = 1;'), false],
    ['an enum for int32', proto3('enum E { Z = 0; } message M { E a = 1; }'), message('int32 a = 1;'), true],
    [
      'an enum value less',
      proto3('enum E { Z = 0; } message M { E a = 1; }'),
      proto3('enum E { Z = 0; Y = 1; } message M { E a = 1; }'),
      true,
    ],
    ['repeated for one text', message('repeated string a = 1;'), message('string a = 1;'), true],
    ['one for repeated numbers', message('int32 a = 1;'), message('repeated int32 a = 1;'), false],
    [
      'another message type',
      proto3('message A {} message B {} message M { B a = 1; }'),
      proto3('message A {} message B {} message M { A a = 1; }'),
      false,
    ],
    ['a message more', proto3('message M {} message N {}'), proto3('message M {}'), true],
    ['a message less', proto3('message M {}'), proto3('message M {} message N {}'), false],
    ['a nested message less', message(''), message('message N {}'), false],
    [
      'a change inside a nested message',
      message('message N { string a = 1; }'),
      message('message N { int32 a = 1; }'),
      false,
    ],
    [
      'a number that the writer reserves',
      message('string a = 1; int32 b = 2;'),
      message('string a = 1; reserved 2;'),
      false,
    ],
    [
      'a name that the writer reserves',
      message('string a = 1; int32 b = 2;'),
      message('string a = 1; reserved "b";'),
      false,
    ],
    [
      'a dropped field reserved',
      message('string a = 1; reserved 2;'),
      message('string a = 1; int32 b = 2;'),
      true,
    ],
    ['map values that fit', message('map<string, int64> a = 1;'), message('map<string, int32> a = 1;'), true],
    [
      'map values that do not fit',
      message('map<string, string> a = 1;'),
      message('map<string, int32> a = 1;'),
      false,
    ],
    [
      'map keys that do not fit',
      message('map<string, string> a = 1;'),
      message('map<int32, string> a = 1;'),
      false,
    ],
    [
      'a map for a repeated field',
      message('map<string, string> a = 1;'),
      message('repeated bytes a = 1;'),
      false,
    ],
    ['a oneof for one field', message('oneof o { string a = 1; }'), message('string a = 1;'), true],
    [
      'a oneof for two fields',
      message('oneof o { string a = 1; int32 b = 2; }'),
      message('string a = 1; int32 b = 2;'),
      false,
    ],
    [
      'a field moved into a oneof',
      message('oneof o { string a = 1; int32 b = 2; }'),
      message('oneof o { string a = 1; } int32 b = 2;'),
      false,
    ],
    [
      'a field of a oneof more',
      message('oneof o { string a = 1; int32 b = 2; }'),
      message('oneof o { string a = 1; }'),
      true,
    ],
    [
      'a field of a oneof less',
      message('oneof o { string a = 1; }'),
      message('oneof o { string a = 1; int32 b = 2; }'),
      false,
    ],
    [
      'a oneof dissolved',
      message('string a = 1; int32 b = 2;'),
      message('oneof o { string a = 1; int32 b = 2; }'),
      true,
    ],
    ["proto3's optional", message('optional string a = 1;'), message('string a = 1;'), true],
    [
      'a method more',
      service('rpc X (A) returns (B); rpc Y (A) returns (B);'),
      service('rpc X (A) returns (B);'),
      true,
    ],
    ['a method less', service(''), service('rpc X (A) returns (B);'), false],
    [
      'a method of another answer',
      service('rpc X (A) returns (A);'),
      service('rpc X (A) returns (B);'),
      false,
    ],
    [
      'a method that streams',
      service('rpc X (A) returns (stream B);'),
      service('rpc X (A) returns (B);'),
      false,
    ],
    ['another package', proto3('package b; message M {}'), proto3('package a; message M {}'), true],
  ])('%s', (_case, reader, writer, expected) => {
    expect(canRead(reader, writer)).toBe(expected);
  });
});

const TYPES = ['int32', 'string', 'bytes', 'bool', 'double', 'sint32', 'N', 'google.protobuf.Timestamp'];
const definitions = fc
  .uniqueArray(
    fc.record({
      number: fc.integer({ min: 1, max: 6 }),
      type: fc.constantFrom(...TYPES),
      label: fc.constantFrom('', 'repeated ', 'optional '),
    }),
    { selector: ({ number }) => number, maxLength: 6 },
  )
  .map((fields) =>
    proto3(
      'import "google/protobuf/timestamp.proto"; message M { message N { string x = 1; } ' +
        `${fields.map(({ label, type, number }) => `${label}${type} f${number} = ${number};`).join(' ')} }`,
    ),
  );

it('reads every definition with itself', () => {
  fc.assert(
    fc.property(definitions, (definition) => {
      expect(canRead(definition, definition)).toBe(true);
    }),
  );
});

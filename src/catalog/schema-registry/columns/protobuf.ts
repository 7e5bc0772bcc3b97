// Protocol Buffers to Hive columns: each unsigned type as one that holds its values.
import type { Column } from '@aws-sdk/client-glue';
import { DefinitionError } from '../definition/definition-error.js';
import type { ProtobufField, ProtobufFile, ProtobufMessage, ProtobufType } from '../definition/protobuf.js';
import { arrayOf, mapOf, NestedTypes, structOf } from './hive-type-text.js';

/** Columns of the definition's first message. */
export function protobufColumns(file: ProtobufFile): Column[] {
  const [message] = file.messages.values();
  if (!message) throw new DefinitionError('Only a message has columns, and there is none');
  const nested = new NestedTypes<ProtobufMessage>(message);
  return message.fields.map((field) => ({
    Name: field.name,
    Type: fieldType(field, file, nested),
    ...(field.comment ? { Comment: field.comment } : {}),
  }));
}

function fieldType(field: ProtobufField, file: ProtobufFile, nested: NestedTypes<ProtobufMessage>): string {
  const type = hiveType(field.type, file, nested);
  if (field.label === 'map') return mapOf(SCALARS[field.keyType ?? ''] ?? 'string', type);
  return field.label === 'repeated' ? arrayOf(type) : type;
}

function hiveType(type: ProtobufType, file: ProtobufFile, nested: NestedTypes<ProtobufMessage>): string {
  switch (type.kind) {
    case 'scalar':
      return SCALARS[type.name] ?? 'string';
    case 'enum':
      return 'string';
    case 'imported':
      return IMPORTED[type.name] ?? 'string';
    case 'message': {
      const message = file.messages.get(type.name) as ProtobufMessage;
      return nested.text(message, type.name, () =>
        structOf(message.fields.map((field) => ({ name: field.name, type: fieldType(field, file, nested) }))),
      );
    }
  }
}

const SCALARS: Record<string, string> = {
  double: 'double',
  float: 'float',
  int32: 'int',
  sint32: 'int',
  sfixed32: 'int',
  uint32: 'bigint',
  fixed32: 'bigint',
  int64: 'bigint',
  sint64: 'bigint',
  sfixed64: 'bigint',
  uint64: 'decimal(20,0)',
  fixed64: 'decimal(20,0)',
  bool: 'boolean',
  string: 'string',
  bytes: 'binary',
};

// Those that are one value; any other imported message is kept as its JSON text.
const IMPORTED: Record<string, string> = {
  'google.protobuf.Timestamp': 'timestamp',
  'google.protobuf.DoubleValue': 'double',
  'google.protobuf.FloatValue': 'float',
  'google.protobuf.Int32Value': 'int',
  'google.protobuf.Int64Value': 'bigint',
  'google.protobuf.UInt32Value': 'bigint',
  'google.protobuf.UInt64Value': 'decimal(20,0)',
  'google.protobuf.BoolValue': 'boolean',
  'google.protobuf.StringValue': 'string',
  'google.protobuf.BytesValue': 'binary',
  'google.type.Date': 'date',
};

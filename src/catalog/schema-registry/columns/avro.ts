// Avro to Hive columns, as Hive's AvroSerDe reads them.
import type { Column } from '@aws-sdk/client-glue';
import type { AvroLogicalType, AvroPrimitive, AvroSchema } from '../definition/avro.js';
import { DefinitionError } from '../definition/definition-error.js';
import { arrayOf, mapOf, NestedTypes, structOf } from './hive-type-text.js';

export function avroColumns(schema: AvroSchema): Column[] {
  if (schema.kind !== 'record') throw new DefinitionError('Only a record has columns');
  const nested = new NestedTypes<AvroSchema>(schema);
  return schema.fields.map(({ name, doc, type }) => ({
    Name: name,
    Type: hiveType(type, nested),
    ...(doc ? { Comment: doc } : {}),
  }));
}

function hiveType(schema: AvroSchema, nested: NestedTypes<AvroSchema>): string {
  const inner = (type: AvroSchema) => hiveType(type, nested);
  switch (schema.kind) {
    case 'primitive':
      return logicalHiveType(schema.logicalType) ?? PRIMITIVES[schema.name];
    case 'fixed':
      return logicalHiveType(schema.logicalType) ?? 'binary';
    case 'enum':
      return 'string';
    case 'array':
      return arrayOf(inner(schema.items));
    case 'map':
      return mapOf('string', inner(schema.values));
    case 'record':
      return nested.text(schema, schema.fullName, () =>
        structOf(schema.fields.map(({ name, type }) => ({ name, type: inner(type) }))),
      );
    case 'union': {
      const types = schema.branches.filter(
        (branch) => !(branch.kind === 'primitive' && branch.name === 'null'),
      );
      if (types.length === 0) return PRIMITIVES.null;
      return types.length === 1 ? inner(types[0] as AvroSchema) : `uniontype<${types.map(inner).join(',')}>`;
    }
  }
}

const PRIMITIVES: Record<AvroPrimitive, string> = {
  null: 'void',
  boolean: 'boolean',
  int: 'int',
  long: 'bigint',
  float: 'float',
  double: 'double',
  bytes: 'binary',
  string: 'string',
};

function logicalHiveType(logicalType: AvroLogicalType | undefined): string | undefined {
  switch (logicalType?.name) {
    case 'decimal':
      return `decimal(${logicalType.precision},${logicalType.scale})`;
    case 'date':
      return 'date';
    case 'timestamp-millis':
    case 'timestamp-micros':
    case 'local-timestamp-millis':
    case 'local-timestamp-micros':
      return 'timestamp';
    case 'uuid':
      return 'string';
    default:
      return undefined;
  }
}

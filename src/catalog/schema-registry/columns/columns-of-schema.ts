// Columns of a table whose schema is kept in the registry.
import type { Column, DataFormat } from '@aws-sdk/client-glue';
import { parseDefinition } from '../definition/schema-definition.js';
import { avroColumns } from './avro.js';
import { jsonSchemaColumns } from './json-schema.js';
import { protobufColumns } from './protobuf.js';

/**
 * The definition's record, object or first message as Hive columns, in its order.
 * @throws DefinitionError when it is none, or contains itself, which Hive types cannot say
 */
export function columnsOfSchema(dataFormat: DataFormat, definition: string): Column[] {
  const parsed = parseDefinition(dataFormat, definition);
  switch (parsed.dataFormat) {
    case 'AVRO':
      return avroColumns(parsed.schema);
    case 'JSON':
      return jsonSchemaColumns(parsed.schema);
    case 'PROTOBUF':
      return protobufColumns(parsed.schema);
  }
}

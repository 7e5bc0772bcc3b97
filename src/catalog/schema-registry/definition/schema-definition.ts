// A schema definition of any format, read once.
import type { DataFormat } from '@aws-sdk/client-glue';
import { parseAvro, type AvroSchema } from './avro.js';
import { canonicalJson, parseJson } from './json-text.js';
import { parseJsonSchema, type JsonSchemaDocument } from './json-schema.js';
import { parseProtobuf, type ProtobufFile } from './protobuf.js';

export type SchemaDefinition =
  | { dataFormat: 'AVRO'; schema: AvroSchema }
  | { dataFormat: 'JSON'; schema: JsonSchemaDocument }
  | { dataFormat: 'PROTOBUF'; schema: ProtobufFile };

/** @throws DefinitionError for a text that is not a definition in this format */
export function parseDefinition(dataFormat: DataFormat, text: string): SchemaDefinition {
  switch (dataFormat) {
    case 'AVRO':
      return { dataFormat, schema: parseAvro(text) };
    case 'JSON':
      return { dataFormat, schema: parseJsonSchema(text) };
    case 'PROTOBUF':
      return { dataFormat, schema: parseProtobuf(text) };
  }
}

/**
 * The same text for definitions that AWS takes for one (seen in RegisterSchemaVersion answers: spaces and the order of
 * JSON members do not matter). Comments and spaces of Protocol Buffers do not either.
 * @throws DefinitionError
 */
export function canonicalDefinition(dataFormat: DataFormat, text: string): string {
  return canonicalJson(dataFormat === 'PROTOBUF' ? parseProtobuf(text).content : parseJson(text));
}

// Whether a value may be the default of an Avro field.
import type { AvroPrimitive, AvroSchema } from './avro.js';
import { isObject, type Json } from './json-text.js';

/** The specification: a union's default is one of its first branch; bytes are written as characters up to U+00FF. */
export function isDefaultOf(schema: AvroSchema, value: Json): boolean {
  switch (schema.kind) {
    case 'primitive':
      return isPrimitiveDefault(schema.name, value);
    case 'enum':
      return typeof value === 'string' && schema.symbols.includes(value);
    case 'fixed':
      return typeof value === 'string' && value.length === schema.size && isBytes(value);
    case 'array':
      return Array.isArray(value) && value.every((item) => isDefaultOf(schema.items, item));
    case 'map':
      return isObject(value) && Object.values(value).every((item) => isDefaultOf(schema.values, item));
    case 'union':
      return schema.branches[0] !== undefined && isDefaultOf(schema.branches[0], value);
    case 'record':
      return (
        isObject(value) &&
        schema.fields.every((field) => {
          const item = Object.hasOwn(value, field.name) ? value[field.name] : undefined;
          return item === undefined ? field.hasDefault : isDefaultOf(field.type, item);
        })
      );
  }
}

function isPrimitiveDefault(name: AvroPrimitive, value: Json): boolean {
  switch (name) {
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'int':
      return Number.isInteger(value) && value === (value as number) >> 0;
    case 'long':
      return Number.isInteger(value);
    case 'float':
    case 'double':
      return typeof value === 'number';
    case 'bytes':
      return typeof value === 'string' && isBytes(value);
    case 'string':
      return typeof value === 'string';
  }
}

function isBytes(text: string): boolean {
  return [...text].every((character) => (character.codePointAt(0) as number) <= 0xff);
}

// JSON Schema to Hive columns, as Hive's JSON SerDes read documents.
import type { Column } from '@aws-sdk/client-glue';
import { DefinitionError } from '../definition/definition-error.js';
import type { JsonSchema, JsonSchemaDocument } from '../definition/json-schema.js';
import { isObject, type Json, type JsonObject } from '../definition/json-text.js';
import { arrayOf, mapOf, NestedTypes, structOf } from './hive-type-text.js';

export function jsonSchemaColumns(document: JsonSchemaDocument): Column[] {
  const root = followed(document.root, document);
  const properties = isObject(root) ? propertiesOf(root, document) : [];
  if (properties.length === 0) throw new DefinitionError('Only an object with properties has columns');
  const types = new JsonTypes(root, document);
  return properties.map(([name, schema]) => {
    const { description } = (isObject(schema) ? schema : {}) as { description?: string };
    return { Name: name, Type: types.type(schema), ...(description ? { Comment: description } : {}) };
  });
}

function followed(schema: JsonSchema, document: JsonSchemaDocument): JsonSchema {
  const seen = new Set<JsonSchema>();
  let current = schema;
  while (isObject(current) && typeof current.$ref === 'string' && !seen.has(current)) {
    seen.add(current);
    current = document.resolve(current.$ref) ?? true;
  }
  return current;
}

// Its own, and those of the schemas that hold as well.
function propertiesOf(
  schema: JsonObject,
  document: JsonSchemaDocument,
  seen = new Set<JsonSchema>(),
): [string, JsonSchema][] {
  seen.add(schema);
  const parts = ((schema.allOf ?? []) as JsonSchema[]).map((part) => followed(part, document));
  const inherited = parts.flatMap((part) =>
    isObject(part) && !seen.has(part) ? propertiesOf(part, document, seen) : [],
  );
  const own = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  return [...new Map([...inherited, ...own])];
}

// Where a schema says nothing of a value's type, the value is kept as its JSON text.
const ANY = 'string';

const SCALARS: Record<string, string> = {
  string: 'string',
  integer: 'bigint',
  number: 'double',
  boolean: 'boolean',
  null: 'void',
};

class JsonTypes {
  private readonly nested: NestedTypes<JsonSchema>;

  constructor(
    root: JsonSchema,
    private readonly document: JsonSchemaDocument,
  ) {
    this.nested = new NestedTypes(root);
  }

  type(schema: JsonSchema): string {
    const target = followed(schema, this.document);
    if (!isObject(target)) return ANY;
    return this.nested.text(target, 'A schema', () => this.nestedType(target));
  }

  private nestedType(schema: JsonObject): string {
    const alternatives = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
    if (schema.type === undefined && alternatives)
      return only(alternatives.map((branch) => this.type(branch)));
    if (Array.isArray(schema.type))
      return only(schema.type.map((type) => this.named(type as string, schema)));
    if (typeof schema.type === 'string') return this.named(schema.type, schema);
    const listed = (schema.const === undefined ? schema.enum : [schema.const]) as Json[] | undefined;
    if (listed) return only(listed.map((value) => SCALARS[scalarName(value)] ?? ANY));
    return propertiesOf(schema, this.document).length > 0 ? this.named('object', schema) : ANY;
  }

  private named(type: string, schema: JsonObject): string {
    if (type === 'object') return this.object(schema);
    if (type !== 'array') return SCALARS[type] ?? ANY;
    const { items } = schema;
    // A tuple: items of their own types each.
    if (Array.isArray(items)) return arrayOf(only(items.map((item) => this.type(item as JsonSchema))));
    return arrayOf(items === undefined ? ANY : this.type(items as JsonSchema));
  }

  private object(schema: JsonObject): string {
    const members = propertiesOf(schema, this.document).map(([name, inner]) => ({
      name,
      type: this.type(inner),
    }));
    if (members.length > 0) return structOf(members);
    const values = [
      ...Object.values((schema.patternProperties ?? {}) as Record<string, JsonSchema>),
      ...(schema.additionalProperties === undefined ? [] : [schema.additionalProperties as JsonSchema]),
    ].filter((value) => value !== false);
    return mapOf('string', values.length === 0 ? ANY : only(values.map((value) => this.type(value))));
  }
}

// One column type for several: nulls need none, integers are numbers, and everything has a text.
function only(types: readonly string[]): string {
  const distinct = [...new Set(types.filter((type) => type !== 'void'))];
  if (distinct.length === 0) return 'void';
  if (distinct.length === 1) return distinct[0] as string;
  return distinct.every((type) => type === 'bigint' || type === 'double') ? 'double' : ANY;
}

function scalarName(value: Json): string {
  if (value === null) return 'null';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

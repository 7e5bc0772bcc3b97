// Avro schemas: read as the Avro specification 1.11 says, with names resolved.
import { isDefaultOf } from './avro-default.js';
import { DefinitionError } from './definition-error.js';
import { isObject, parseJson, type Json, type JsonObject } from './json-text.js';

export type AvroPrimitive = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string';

/** `logicalType` with its attributes, on the types that the specification allows it on; an unknown one is ignored. */
export interface AvroLogicalType {
  name: string;
  precision?: number;
  scale?: number;
}

interface Named {
  /** With its namespace. */
  fullName: string;
  /** With their namespaces. */
  aliases: string[];
}

export interface AvroField {
  name: string;
  aliases: string[];
  doc?: string;
  type: AvroSchema;
  hasDefault: boolean;
}

export type AvroRecord = Named & { kind: 'record'; fields: AvroField[] };
export type AvroEnum = Named & { kind: 'enum'; symbols: string[]; default?: string };
export type AvroFixed = Named & { kind: 'fixed'; size: number; logicalType?: AvroLogicalType };

/** A record may contain itself: the same object then. */
export type AvroSchema =
  | { kind: 'primitive'; name: AvroPrimitive; logicalType?: AvroLogicalType }
  | AvroRecord
  | AvroEnum
  | AvroFixed
  | { kind: 'array'; items: AvroSchema }
  | { kind: 'map'; values: AvroSchema }
  | { kind: 'union'; branches: AvroSchema[] };

const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'];
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const FULL_NAME = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;

/** @throws DefinitionError */
export function parseAvro(text: string): AvroSchema {
  return new AvroReader().schema(parseJson(text), '');
}

class AvroReader {
  private readonly named = new Map<string, AvroRecord | AvroEnum | AvroFixed>();

  schema(json: Json, namespace: string): AvroSchema {
    if (typeof json === 'string') return this.reference(json, namespace);
    if (Array.isArray(json)) return this.union(json, namespace);
    if (!isObject(json))
      throw new DefinitionError(`A type is a name, an object or an array, not ${show(json)}`);
    const { type } = json;
    switch (type) {
      case undefined:
        throw new DefinitionError(`No type: ${show(json)}`);
      case 'record':
      case 'error':
        return this.record(json, namespace);
      case 'enum':
        return this.enum(json, namespace);
      case 'fixed':
        return this.fixed(json, namespace);
      case 'array':
        return { kind: 'array', items: this.member(json, 'items', namespace) };
      case 'map':
        return { kind: 'map', values: this.member(json, 'values', namespace) };
      default:
        return withLogicalType(this.schema(type, namespace), json);
    }
  }

  private member(json: JsonObject, name: string, namespace: string): AvroSchema {
    const value = json[name];
    if (value === undefined) throw new DefinitionError(`No ${name}: ${show(json)}`);
    return this.schema(value, namespace);
  }

  private reference(name: string, namespace: string): AvroSchema {
    if (PRIMITIVES.includes(name)) return { kind: 'primitive', name: name as AvroPrimitive };
    const found = this.named.get(qualified(name, namespace)) ?? this.named.get(name);
    if (!found) throw new DefinitionError(`Undefined name: ${show(name)}`);
    return found;
  }

  private union(branches: Json[], namespace: string): AvroSchema {
    const schemas = branches.map((branch) => this.schema(branch, namespace));
    const seen = new Set<string>();
    for (const schema of schemas) {
      if (schema.kind === 'union') throw new DefinitionError(`Nested union: ${show(branches)}`);
      const name = unionName(schema);
      if (seen.has(name)) throw new DefinitionError(`Duplicate in union: ${name}`);
      seen.add(name);
    }
    return { kind: 'union', branches: schemas };
  }

  private record(json: JsonObject, namespace: string): AvroRecord {
    const record: AvroRecord = { kind: 'record', ...namesOf(json, namespace), fields: [] };
    this.define(record);
    if (!Array.isArray(json.fields)) throw new DefinitionError(`Record has no fields: ${show(json)}`);
    const inside = namespaceOf(record.fullName);
    const names = new Set<string>();
    for (const item of json.fields) {
      const field = this.field(item, inside, record.fullName);
      if (names.has(field.name)) {
        throw new DefinitionError(`Duplicate field ${field.name} in record ${record.fullName}`);
      }
      names.add(field.name);
      record.fields.push(field);
    }
    return record;
  }

  private field(json: Json, namespace: string, recordName: string): AvroField {
    if (!isObject(json)) throw new DefinitionError(`Field of ${recordName} is not an object: ${show(json)}`);
    const { name = null, doc } = json;
    if (typeof name !== 'string' || !NAME.test(name)) {
      throw new DefinitionError(`Illegal field name in ${recordName}: ${show(name)}`);
    }
    const type = this.member(json, 'type', namespace);
    const hasDefault = json.default !== undefined;
    if (hasDefault && !isDefaultOf(type, json.default as Json)) {
      throw new DefinitionError(
        `Invalid default for field ${name} of ${recordName}: ${show(json.default as Json)}`,
      );
    }
    return {
      name,
      aliases: strings(json.aliases, `aliases of field ${name}`),
      ...(typeof doc === 'string' ? { doc } : {}),
      type,
      hasDefault,
    };
  }

  private enum(json: JsonObject, namespace: string): AvroEnum {
    const names = namesOf(json, namespace);
    if (!Array.isArray(json.symbols)) throw new DefinitionError(`Enum has no symbols: ${show(json)}`);
    const symbols = strings(json.symbols, `symbols of ${names.fullName}`);
    const illegal = symbols.find((symbol) => !NAME.test(symbol));
    if (illegal !== undefined)
      throw new DefinitionError(`Illegal symbol in ${names.fullName}: ${show(illegal)}`);
    if (new Set(symbols).size < symbols.length) {
      throw new DefinitionError(`Duplicate enum symbol in ${names.fullName}`);
    }
    const fallback = json.default;
    if (fallback === undefined) return this.define({ kind: 'enum', ...names, symbols });
    if (!symbols.includes(fallback as string)) {
      throw new DefinitionError(`The default ${show(fallback)} is not a symbol of ${names.fullName}`);
    }
    return this.define({ kind: 'enum', ...names, symbols, default: fallback as string });
  }

  private fixed(json: JsonObject, namespace: string): AvroFixed {
    const names = namesOf(json, namespace);
    const { size } = json;
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 0) {
      throw new DefinitionError(`Invalid or no size of ${names.fullName}: ${show(json)}`);
    }
    return this.define(withLogicalType({ kind: 'fixed', ...names, size }, json));
  }

  private define<T extends AvroRecord | AvroEnum | AvroFixed>(schema: T): T {
    if (this.named.has(schema.fullName)) throw new DefinitionError(`Can't redefine: ${schema.fullName}`);
    this.named.set(schema.fullName, schema);
    return schema;
  }
}

function namesOf(json: JsonObject, enclosing: string): Named {
  const { name, namespace } = json;
  if (typeof name !== 'string') throw new DefinitionError(`No name in schema: ${show(json)}`);
  const fullName = qualified(name, typeof namespace === 'string' ? namespace : enclosing);
  if (!FULL_NAME.test(fullName) || PRIMITIVES.includes(fullName)) {
    throw new DefinitionError(`Illegal name: ${show(fullName)}`);
  }
  const inside = namespaceOf(fullName);
  const aliases = strings(json.aliases, `aliases of ${fullName}`).map((alias) => qualified(alias, inside));
  return { fullName, aliases };
}

const qualified = (name: string, namespace: string) =>
  name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
const namespaceOf = (fullName: string) => fullName.slice(0, Math.max(fullName.lastIndexOf('.'), 0));

export function shortName(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1);
}

/** What tells a union's branches apart: the full name of a named type, the kind of any other. */
function unionName(schema: AvroSchema): string {
  return 'fullName' in schema ? schema.fullName : kindName(schema);
}

function kindName(schema: AvroSchema): string {
  return schema.kind === 'primitive' ? schema.name : schema.kind;
}

function strings(value: Json | undefined, what: string): string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new DefinitionError(`The ${what} are not strings: ${show(value)}`);
  }
  return value;
}

const LOGICAL_TYPE_BASES: Record<string, readonly string[]> = {
  decimal: ['bytes', 'fixed'],
  uuid: ['string', 'fixed'],
  date: ['int'],
  'time-millis': ['int'],
  'time-micros': ['long'],
  'timestamp-millis': ['long'],
  'timestamp-micros': ['long'],
  'local-timestamp-millis': ['long'],
  'local-timestamp-micros': ['long'],
};

/** The specification: a logical type that is unknown or does not fit is ignored, and the underlying type used. */
function withLogicalType<T extends AvroSchema>(schema: T, json: JsonObject): T {
  const name = json.logicalType;
  if (typeof name !== 'string' || !Object.hasOwn(LOGICAL_TYPE_BASES, name)) return schema;
  if (!LOGICAL_TYPE_BASES[name]?.includes(kindName(schema))) return schema;
  if (name !== 'decimal') return { ...schema, logicalType: { name } };
  const [precision, scale] = [json.precision, json.scale ?? 0] as [number, number];
  const isWhole = Number.isInteger(precision) && Number.isInteger(scale);
  if (!isWhole || precision < 1 || scale < 0 || scale > precision) return schema;
  return { ...schema, logicalType: { name, precision, scale } };
}

const SHOWN_LENGTH_MAX = 200;

function show(json: Json): string {
  const text = JSON.stringify(json);
  return text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)}...` : text;
}

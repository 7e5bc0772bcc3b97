// Hive types of the fields of an Avro schema.
import { primitive, type HiveType } from './hive-type.js';

export type AvroSchema = string | AvroSchema[] | AvroNode;

interface AvroNode {
  type: AvroSchema;
  name?: string;
  namespace?: string;
  logicalType?: string;
  precision?: number;
  scale?: number;
  fields?: { name: string; type: AvroSchema }[];
  items?: AvroSchema;
  values?: AvroSchema;
}

/** Seen in crawled tables: int, bigint, string, double and decimal(p,s); logical types of time are guesses. */
const PRIMITIVES: Readonly<Record<string, string>> = {
  null: 'void',
  boolean: 'boolean',
  int: 'int',
  long: 'bigint',
  float: 'float',
  double: 'double',
  bytes: 'binary',
  string: 'string',
};
const LOGICAL: Readonly<Record<string, string>> = {
  'timestamp-millis': 'timestamp',
  'timestamp-micros': 'timestamp',
  'local-timestamp-millis': 'timestamp',
  'local-timestamp-micros': 'timestamp',
  date: 'date',
};

/** The columns of a schema that is a record. @throws Error when it is none, or names a type that is not there */
export function avroColumns(schema: AvroSchema): { name: string; type: HiveType }[] {
  const type = hiveType(schema, new Map());
  if (type.kind !== 'struct') throw new Error('its schema is no record');
  return type.members;
}

function hiveType(schema: AvroSchema, named: Map<string, HiveType>): HiveType {
  if (Array.isArray(schema)) {
    const others = schema.filter((branch) => branch !== 'null');
    const [only] = others;
    // A union of several types has no place in a table; Hive reads it as a string.
    return others.length === 1 && only !== undefined ? hiveType(only, named) : primitive('string');
  }
  if (typeof schema === 'string') {
    const name = PRIMITIVES[schema];
    if (name !== undefined) return primitive(name);
    const known = named.get(schema) ?? named.get(schema.split('.').at(-1) as string);
    if (known) return known;
    throw new Error(`its schema names the type ${schema}, which it does not define`);
  }
  if (schema.logicalType === 'decimal')
    return primitive(`decimal(${schema.precision ?? 10},${schema.scale ?? 0})`);
  const logical = LOGICAL[schema.logicalType ?? ''];
  if (logical !== undefined) return primitive(logical);
  const remember = (type: HiveType): HiveType => {
    if (schema.name !== undefined) {
      named.set(schema.name.split('.').at(-1) as string, type);
      named.set(schema.namespace === undefined ? schema.name : `${schema.namespace}.${schema.name}`, type);
    }
    return type;
  };
  switch (schema.type) {
    case 'record': {
      // A record that holds itself has no type in Hive: within itself it is a string.
      remember(primitive('string'));
      const members = (schema.fields ?? []).map(({ name, type }) => ({ name, type: hiveType(type, named) }));
      return remember({ kind: 'struct', members });
    }
    case 'enum':
      return remember(primitive('string'));
    case 'fixed':
      return remember(primitive('binary'));
    case 'array':
      return { kind: 'array', item: hiveType(schema.items ?? 'string', named) };
    case 'map':
      return { kind: 'map', key: primitive('string'), value: hiveType(schema.values ?? 'string', named) };
    default:
      return hiveType(schema.type, named);
  }
}

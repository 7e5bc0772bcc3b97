// Avro's schemas as column types, in terms of what their values are written as in JSON.
import { duckdbName } from '../duckdb-text.js';
import type { DuckdbType } from '../duckdb-type.js';
import type { StagedColumn } from '../staged-json.js';
import { AvroError } from './avro-container.js';

type SchemaObject = { type: unknown } & Readonly<Record<string, unknown>>;

/** The columns of a file's records. @throws AvroError when its schema is no record */
export function avroColumns(schema: unknown): StagedColumn[] {
  const type = avroType(schema, { namespace: '', named: new Map() });
  if (type.kind !== 'struct') throw new AvroError('its schema is not that of records');
  return type.members;
}

interface Naming {
  namespace: string;
  /** By full name; undefined while it is being read. */
  named: Map<string, DuckdbType | undefined>;
}

const scalar = (text: string): DuckdbType => ({ kind: 'scalar', text });

const PRIMITIVES: Readonly<Record<string, string>> = {
  null: 'VARCHAR',
  boolean: 'BOOLEAN',
  int: 'INTEGER',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  bytes: 'BASE64',
  string: 'VARCHAR',
};

const LOGICAL: Readonly<Record<string, string>> = {
  'int date': 'DAYS',
  'long timestamp-millis': 'MILLISECONDS',
  'long local-timestamp-millis': 'MILLISECONDS',
  'long timestamp-micros': 'MICROSECONDS',
  'long local-timestamp-micros': 'MICROSECONDS',
};

function avroType(schema: unknown, naming: Naming): DuckdbType {
  if (Array.isArray(schema)) return unionType(schema, naming);
  if (typeof schema === 'string') {
    const primitive = PRIMITIVES[schema];
    return primitive === undefined ? namedType(schema, naming) : scalar(primitive);
  }
  const { type, logicalType } = schema as SchemaObject;
  if (typeof type !== 'string') return avroType(type, naming);
  switch (type) {
    case 'array': {
      const item = avroType((schema as SchemaObject).items, naming);
      return { kind: 'list', item, text: `${item.text}[]` };
    }
    case 'map': {
      const value = avroType((schema as SchemaObject).values, naming);
      return { kind: 'map', key: scalar('VARCHAR'), value, text: `MAP(VARCHAR, ${value.text})` };
    }
    case 'record':
    case 'error':
      return recordType(schema as SchemaObject, naming);
    case 'enum':
      return remember(schema as SchemaObject, naming, scalar('VARCHAR'));
    case 'fixed':
      return remember(schema as SchemaObject, naming, bytesType(schema as SchemaObject));
    case 'bytes':
      return bytesType(schema as SchemaObject);
    default: {
      const known = typeof logicalType === 'string' ? LOGICAL[`${type} ${logicalType}`] : undefined;
      return known === undefined ? avroType(type, naming) : scalar(known);
    }
  }
}

function bytesType({ logicalType, precision, scale = 0 }: SchemaObject): DuckdbType {
  const isDecimal = logicalType === 'decimal' && Number(precision) >= 1 && Number(precision) <= 38;
  return scalar(isDecimal ? `DECIMAL(${Number(precision)}, ${Number(scale)})` : 'BASE64');
}

function recordType(schema: SchemaObject, naming: Naming): DuckdbType {
  const { full, namespace } = fullName(schema, naming);
  naming.named.set(full, undefined);
  const fields = schema.fields as { name: string; type: unknown }[];
  const members = fields.map(({ name, type }) => ({ name, type: avroType(type, { ...naming, namespace }) }));
  const text = `STRUCT(${members.map(({ name, type }) => `${duckdbName(name)} ${type.text}`).join(', ')})`;
  return remember(schema, naming, { kind: 'struct', members, text });
}

function unionType(branches: readonly unknown[], naming: Naming): DuckdbType {
  const types = branches.filter((branch) => branch !== 'null').map((branch) => avroType(branch, naming));
  if (types.length === 0) return scalar('VARCHAR');
  return types.length === 1 ? (types[0] as DuckdbType) : scalar('UNION');
}

function namedType(name: string, naming: Naming): DuckdbType {
  const candidates =
    name.includes('.') || naming.namespace === '' ? [name] : [`${naming.namespace}.${name}`, name];
  const full = candidates.find((candidate) => naming.named.has(candidate));
  if (full === undefined) throw new AvroError(`its schema names the type ${name}, which it does not define`);
  const type = naming.named.get(full);
  if (!type) throw new AvroError(`its type ${name} is inside of itself, which no column can be`);
  return type;
}

function remember(schema: SchemaObject, naming: Naming, type: DuckdbType): DuckdbType {
  naming.named.set(fullName(schema, naming).full, type);
  return type;
}

function fullName(
  schema: SchemaObject,
  { namespace: surrounding }: Naming,
): { full: string; namespace: string } {
  const name = schema.name as string;
  const namespace = name.includes('.')
    ? name.slice(0, name.lastIndexOf('.'))
    : ((schema.namespace as string | undefined) ?? surrounding);
  return { full: name.includes('.') || namespace === '' ? name : `${namespace}.${name}`, namespace };
}

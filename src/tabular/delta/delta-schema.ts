// A Delta table's schema as columns. Source: the Delta transaction log protocol, "Schema Serialization Format".
import { primitive, type HiveType } from '../hive-type.js';
import { DeltaError } from './delta-log.js';

export interface DeltaColumn {
  /** As the table spells it. */
  name: string;
  /** Its name in data files and partition values, which column mapping makes another one. */
  physicalName: string;
  type: HiveType;
  comment: string | undefined;
}

interface Field {
  name: string;
  type: unknown;
  metadata?: Record<string, unknown>;
}

/** Names as Spark's catalog translates them for Hive. */
const PRIMITIVES: Readonly<Record<string, string>> = {
  string: 'string',
  long: 'bigint',
  integer: 'int',
  short: 'smallint',
  byte: 'tinyint',
  float: 'float',
  double: 'double',
  boolean: 'boolean',
  binary: 'binary',
  date: 'date',
  timestamp: 'timestamp',
  timestamp_ntz: 'timestamp',
};

/** @throws DeltaError for text that is no schema, and for a type that Hive has no name for */
export function deltaColumns(schemaString: string): DeltaColumn[] {
  let schema: unknown;
  try {
    schema = JSON.parse(schemaString);
  } catch (error) {
    throw new DeltaError('the schema in its log is not JSON', { cause: error });
  }
  return fieldsOf(schema, 'the schema').map(({ name, type, metadata }) => {
    const { comment, 'delta.columnMapping.physicalName': physicalName } = metadata ?? {};
    return {
      name,
      physicalName: typeof physicalName === 'string' ? physicalName : name,
      type: typeOf(type, name),
      comment: typeof comment === 'string' ? comment : undefined,
    };
  });
}

function typeOf(type: unknown, column: string): HiveType {
  if (typeof type === 'string') {
    const decimal = /^decimal\((\d+),\s*(-?\d+)\)$/.exec(type);
    if (decimal) return primitive(`decimal(${decimal[1]},${decimal[2]})`);
    const name = Object.hasOwn(PRIMITIVES, type) ? PRIMITIVES[type] : undefined;
    if (name === undefined)
      throw new DeltaError(`column ${column} has the type ${type}, which Hive does not have`);
    return primitive(name);
  }
  const { type: kind, elementType, keyType, valueType } = (type ?? {}) as Record<string, unknown>;
  switch (kind) {
    case 'array':
      return { kind: 'array', item: typeOf(elementType, column) };
    case 'map':
      return { kind: 'map', key: typeOf(keyType, column), value: typeOf(valueType, column) };
    default:
      return {
        kind: 'struct',
        members: fieldsOf(type, `column ${column}`).map((member) => ({
          name: member.name,
          type: typeOf(member.type, `${column}.${member.name}`),
        })),
      };
  }
}

function fieldsOf(struct: unknown, what: string): Field[] {
  const { type, fields } = (struct ?? {}) as { type?: unknown; fields?: unknown };
  const isStruct =
    type === 'struct' &&
    Array.isArray(fields) &&
    fields.every((field) => typeof (field as Partial<Field> | null)?.name === 'string');
  if (isStruct) return fields as Field[];
  throw new DeltaError(`${what} is no struct but ${JSON.stringify(struct)?.slice(0, 200)}`);
}

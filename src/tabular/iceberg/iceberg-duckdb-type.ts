// Iceberg's types in DuckDB's words. Source: the Iceberg table specification, "Primitive Types".
import { duckdbName } from '../duckdb-text.js';
import { IcebergError } from './iceberg-error.js';
import type { IcebergType } from './iceberg-schema.js';

const PRIMITIVES: Readonly<Record<string, string>> = {
  boolean: 'BOOLEAN',
  int: 'INTEGER',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMP WITH TIME ZONE',
  timestamp_ns: 'TIMESTAMP_NS',
  timestamptz_ns: 'TIMESTAMP_NS',
  string: 'VARCHAR',
  uuid: 'UUID',
  binary: 'BLOB',
};

/** @throws IcebergError for a type that is not read: variant, geometry, geography, unknown */
export function icebergDuckdbType(type: IcebergType): string {
  if (typeof type === 'string') {
    const decimal = /^decimal\((\d+), ?(\d+)\)$/.exec(type);
    if (decimal) return `DECIMAL(${decimal[1]}, ${decimal[2]})`;
    if (type.startsWith('fixed[')) return 'BLOB';
    const known = Object.hasOwn(PRIMITIVES, type) ? PRIMITIVES[type] : undefined;
    if (known !== undefined) return known;
    throw new IcebergError(`values of type ${type} cannot be read`);
  }
  switch (type.type) {
    case 'list':
      return `${icebergDuckdbType(type.element)}[]`;
    case 'map':
      return `MAP(${icebergDuckdbType(type.key)}, ${icebergDuckdbType(type.value)})`;
    case 'struct':
      return `STRUCT(${type.fields.map((field) => `${duckdbName(field.name)} ${icebergDuckdbType(field.type)}`).join(', ')})`;
  }
}

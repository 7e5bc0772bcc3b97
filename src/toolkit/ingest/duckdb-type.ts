// Hive's column types as DuckDB's.
import { GluepotError } from '../../base/errors.js';
import { duckdbName } from '../../tabular/duckdb-text.js';
import type { HiveType } from '../../tabular/hive-type.js';

/** DuckDB's name of a Hive type. @throws GluepotError `unsupported` for a type that is none of Hive's */
export function duckdbTypeOf(type: HiveType): string {
  switch (type.kind) {
    case 'array':
      return `${duckdbTypeOf(type.item)}[]`;
    case 'map':
      return `MAP(${duckdbTypeOf(type.key)}, ${duckdbTypeOf(type.value)})`;
    case 'struct':
      return `STRUCT(${type.members.map(({ name, type: inner }) => `${duckdbName(name)} ${duckdbTypeOf(inner)}`).join(', ')})`;
    case 'primitive':
      return primitiveType(type.name.toLowerCase());
  }
}

const PRIMITIVES: Readonly<Record<string, string>> = {
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  long: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  string: 'VARCHAR',
  binary: 'BLOB',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  decimal: 'DECIMAL(10,0)',
};

function primitiveType(name: string): string {
  const known = PRIMITIVES[name];
  if (known !== undefined) return known;
  if (/^(varchar|char)\(\d+\)$/.test(name)) return 'VARCHAR';
  const [, precision, scale = '0'] = /^decimal\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)$/.exec(name) ?? [];
  if (precision !== undefined) return `DECIMAL(${precision},${scale})`;
  throw new GluepotError('unsupported', `Columns of type ${name} cannot be ingested.`);
}

// Trino's types: what there is, how they are spelled, and what they are in DuckDB.
import { duckdbName } from '../../tabular/duckdb-text.js';

export type SimpleName =
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'integer'
  | 'bigint'
  | 'real'
  | 'double'
  | 'varbinary'
  | 'date'
  | 'time'
  | 'json'
  | 'interval day to second'
  | 'interval year to month'
  | 'unknown';

export interface RowField {
  /** Absent in `row(1, 2)`. */
  name?: string;
  type: TrinoType;
}

export type TrinoType =
  | { kind: 'simple'; name: SimpleName }
  | { kind: 'varchar'; length?: number }
  | { kind: 'char'; length: number }
  | { kind: 'decimal'; precision: number; scale: number }
  | { kind: 'timestamp'; precision: number }
  /** DuckDB keeps the instant alone, so the zone it is shown in is part of the type. */
  | { kind: 'timestamp-tz'; precision: number; zone: string }
  | { kind: 'array'; item: TrinoType }
  | { kind: 'map'; key: TrinoType; value: TrinoType }
  | { kind: 'row'; fields: RowField[] }
  | { kind: 'function'; parameters: TrinoType[]; result: TrinoType };

export const simple = (name: SimpleName): TrinoType => ({ kind: 'simple', name });

export const varchar: TrinoType = { kind: 'varchar' };

export const bigint = simple('bigint');

export const integer = simple('integer');

export const double = simple('double');

export const boolean = simple('boolean');

export const unknown = simple('unknown');

export const isSimple = (type: TrinoType, ...names: SimpleName[]): boolean =>
  type.kind === 'simple' && names.includes(type.name);

export const INTEGERS: readonly SimpleName[] = ['tinyint', 'smallint', 'integer', 'bigint'];

export const isInteger = (type: TrinoType): boolean => isSimple(type, ...INTEGERS);

export const isFloating = (type: TrinoType): boolean => isSimple(type, 'real', 'double');

export const isNumeric = (type: TrinoType): boolean =>
  isInteger(type) || isFloating(type) || type.kind === 'decimal';

export const isText = (type: TrinoType): boolean => type.kind === 'varchar' || type.kind === 'char';

/** As `typeof` and messages spell it. */
export function formatType(type: TrinoType): string {
  switch (type.kind) {
    case 'simple':
      return type.name;
    case 'varchar':
      return type.length === undefined ? 'varchar' : `varchar(${type.length})`;
    case 'char':
      return `char(${type.length})`;
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'timestamp':
      return `timestamp(${type.precision})`;
    case 'timestamp-tz':
      return `timestamp(${type.precision}) with time zone`;
    case 'array':
      return `array(${formatType(type.item)})`;
    case 'map':
      return `map(${formatType(type.key)}, ${formatType(type.value)})`;
    case 'row':
      return `row(${type.fields.map(({ name, type: each }) => (name === undefined ? formatType(each) : `${spelledName(name)} ${formatType(each)}`)).join(', ')})`;
    case 'function':
      return `function(${[...type.parameters, type.result].map(formatType).join(',')})`;
  }
}

function spelledName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** DuckDB knows a row's fields by name only: what has none is named after its place, as Athena shows it. */
export function fieldName(fields: readonly RowField[], index: number): string {
  const wanted = fields[index]?.name ?? `field${index}`;
  const isTaken = fields.some(
    (other, before) =>
      before < index && (other.name ?? `field${before}`).toLowerCase() === wanted.toLowerCase(),
  );
  return isTaken ? `${wanted} ${index}` : wanted;
}

const DUCKDB_NAMES: Readonly<Record<SimpleName, string>> = {
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  real: 'FLOAT',
  double: 'DOUBLE',
  varbinary: 'BLOB',
  date: 'DATE',
  time: 'TIME',
  json: 'JSON',
  'interval day to second': 'INTERVAL',
  'interval year to month': 'INTERVAL',
  unknown: 'INTEGER',
};

export function duckdbTypeOf(type: TrinoType): string {
  switch (type.kind) {
    case 'simple':
      return DUCKDB_NAMES[type.name];
    case 'varchar':
    case 'char':
      return 'VARCHAR';
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'timestamp':
      return 'TIMESTAMP';
    case 'timestamp-tz':
      return 'TIMESTAMPTZ';
    case 'array':
      return `${duckdbTypeOf(type.item)}[]`;
    case 'map':
      return `MAP(${duckdbTypeOf(type.key)}, ${duckdbTypeOf(type.value)})`;
    case 'row':
      return `STRUCT(${type.fields.map((field, index) => `${duckdbName(fieldName(type.fields, index))} ${duckdbTypeOf(field.type)}`).join(', ')})`;
    case 'function':
      throw new Error('A function has no type in DuckDB.');
  }
}

export function isSameType(a: TrinoType, b: TrinoType): boolean {
  return (
    formatType(a) === formatType(b) &&
    (a.kind !== 'timestamp-tz' || b.kind !== 'timestamp-tz' || a.zone === b.zone)
  );
}

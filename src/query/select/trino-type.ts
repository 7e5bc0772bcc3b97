// Trino's types: spelled, compared, brought together, and in the words of DuckDB, Hive and Athena's answers.
import { duckdbName } from '../../tabular/duckdb-text.js';
import type { HiveType } from '../../tabular/hive-type.js';

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
/** Of timestamps in Hive tables, as Athena shows them. */
export const TIMESTAMP_PRECISION = 3;

export const isSimple = (type: TrinoType, ...names: SimpleName[]): boolean =>
  type.kind === 'simple' && names.includes(type.name);

const INTEGERS: readonly SimpleName[] = ['tinyint', 'smallint', 'integer', 'bigint'];
/** Digits that every value of the type has room in. */
const INTEGER_DIGITS: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 };

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

/** A column of the Data Catalog. Undefined for a type that Athena does not know. */
export function fromHiveType(type: HiveType): TrinoType | undefined {
  switch (type.kind) {
    case 'primitive':
      return fromHivePrimitive(type.name.toLowerCase().replaceAll(' ', ''));
    case 'array': {
      const item = fromHiveType(type.item);
      return item && { kind: 'array', item };
    }
    case 'map': {
      const [key, value] = [fromHiveType(type.key), fromHiveType(type.value)];
      return key && value && { kind: 'map', key, value };
    }
    case 'struct': {
      const fields: RowField[] = [];
      for (const member of type.members) {
        const found = fromHiveType(member.type);
        if (!found) return undefined;
        fields.push({ name: member.name.toLowerCase(), type: found });
      }
      return { kind: 'row', fields };
    }
  }
}

const HIVE_NAMES: Readonly<Record<string, TrinoType>> = {
  boolean,
  tinyint: simple('tinyint'),
  smallint: simple('smallint'),
  int: integer,
  integer,
  bigint,
  float: simple('real'),
  real: simple('real'),
  double,
  string: varchar,
  varchar,
  binary: simple('varbinary'),
  date: simple('date'),
  timestamp: { kind: 'timestamp', precision: TIMESTAMP_PRECISION },
  decimal: { kind: 'decimal', precision: 10, scale: 0 },
  void: varchar,
};

function fromHivePrimitive(name: string): TrinoType | undefined {
  const parameters = /^(decimal|varchar|char)\((\d+)(?:,(\d+))?\)$/.exec(name);
  if (!parameters) return HIVE_NAMES[name];
  const [, word, first, second = '0'] = parameters;
  if (word === 'decimal') return { kind: 'decimal', precision: Number(first), scale: Number(second) };
  return { kind: word === 'char' ? 'char' : 'varchar', length: Number(first) };
}

/** What CTAS and CREATE VIEW record for a column. Undefined for types that no Hive table has. */
export function toHiveType(type: TrinoType): string | undefined {
  switch (type.kind) {
    case 'simple':
      return (
        {
          boolean: 'boolean',
          tinyint: 'tinyint',
          smallint: 'smallint',
          integer: 'int',
          bigint: 'bigint',
          real: 'float',
          double: 'double',
          varbinary: 'binary',
          date: 'date',
        } as Partial<Record<SimpleName, string>>
      )[type.name];
    case 'varchar':
      return type.length === undefined ? 'string' : `varchar(${Math.max(1, type.length)})`;
    case 'char':
      return `char(${type.length})`;
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'timestamp':
      return 'timestamp';
    case 'array': {
      const item = toHiveType(type.item);
      return item && `array<${item}>`;
    }
    case 'map': {
      const [key, value] = [toHiveType(type.key), toHiveType(type.value)];
      return key && value && `map<${key},${value}>`;
    }
    case 'row': {
      const members = type.fields.map((field, index) => {
        const hive = toHiveType(field.type);
        return hive && `${fieldName(type.fields, index)}:${hive}`;
      });
      return members.includes(undefined) ? undefined : `struct<${members.join(',')}>`;
    }
    case 'timestamp-tz':
    case 'function':
      return undefined;
  }
}

export function isSameType(a: TrinoType, b: TrinoType): boolean {
  return (
    formatType(a) === formatType(b) &&
    (a.kind !== 'timestamp-tz' || b.kind !== 'timestamp-tz' || a.zone === b.zone)
  );
}

function asDecimal(type: TrinoType): { precision: number; scale: number } | undefined {
  if (type.kind === 'decimal') return type;
  if (type.kind !== 'simple' || !isInteger(type)) return undefined;
  return { precision: INTEGER_DIGITS[type.name] as number, scale: 0 };
}

/** The type that both become when they meet, by Trino's implicit conversions; undefined when there is none. */
export function commonType(a: TrinoType, b: TrinoType): TrinoType | undefined {
  if (isSimple(a, 'unknown')) return b;
  if (isSimple(b, 'unknown') || isSameType(a, b)) return a;
  if (isNumeric(a) && isNumeric(b)) return commonNumber(a, b);
  if (a.kind === 'varchar' && b.kind === 'varchar') {
    if (a.length === undefined || b.length === undefined) return varchar;
    return { kind: 'varchar', length: Math.max(a.length, b.length) };
  }
  if (isText(a) && isText(b)) {
    if (a.kind === 'char' && b.kind === 'char') return { kind: 'char', length: Math.max(a.length, b.length) };
    return varchar;
  }
  const times = commonTime(a, b) ?? commonTime(b, a);
  if (times) return times;
  if (a.kind === 'array' && b.kind === 'array') {
    const item = commonType(a.item, b.item);
    return item && { kind: 'array', item };
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const [key, value] = [commonType(a.key, b.key), commonType(a.value, b.value)];
    return key && value && { kind: 'map', key, value };
  }
  if (a.kind === 'row' && b.kind === 'row' && a.fields.length === b.fields.length) {
    const fields: RowField[] = [];
    for (const [index, field] of a.fields.entries()) {
      const other = b.fields[index] as RowField;
      const type = commonType(field.type, other.type);
      if (!type) return undefined;
      fields.push(
        field.name !== undefined && field.name === other.name ? { name: field.name, type } : { type },
      );
    }
    return { kind: 'row', fields };
  }
  return undefined;
}

function commonNumber(a: TrinoType, b: TrinoType): TrinoType {
  if (isFloating(a) || isFloating(b)) {
    return isSimple(a, 'double') || isSimple(b, 'double') ? double : simple('real');
  }
  if (a.kind === 'simple' && b.kind === 'simple') {
    return INTEGERS.indexOf(a.name) > INTEGERS.indexOf(b.name) ? a : b;
  }
  const [x, y] = [asDecimal(a), asDecimal(b)] as [
    { precision: number; scale: number },
    { precision: number; scale: number },
  ];
  const scale = Math.max(x.scale, y.scale);
  const whole = Math.max(x.precision - x.scale, y.precision - y.scale);
  return { kind: 'decimal', precision: Math.min(38, whole + scale), scale };
}

function commonTime(a: TrinoType, b: TrinoType): TrinoType | undefined {
  if (isSimple(a, 'date') && (b.kind === 'timestamp' || b.kind === 'timestamp-tz')) return b;
  if (a.kind === 'timestamp' && b.kind === 'timestamp') {
    return { kind: 'timestamp', precision: Math.max(a.precision, b.precision) };
  }
  if (a.kind === 'timestamp' && b.kind === 'timestamp-tz')
    return { ...b, precision: Math.max(a.precision, b.precision) };
  if (a.kind === 'timestamp-tz' && b.kind === 'timestamp-tz') {
    return a.zone === b.zone ? { ...a, precision: Math.max(a.precision, b.precision) } : undefined;
  }
  return undefined;
}

/** Whether a value of `from` is taken where `to` is wanted without a CAST. */
export function isCoercible(from: TrinoType, to: TrinoType): boolean {
  const common = commonType(from, to);
  return (
    common !== undefined &&
    (isSameType(common, to) || (to.kind === 'varchar' && to.length === undefined && isText(common)))
  );
}

/** Type, precision and scale of a column in GetQueryResults (seen in its answers). */
export function athenaType(type: TrinoType): { Type: string; Precision: number; Scale: number } {
  const of = (Type: string, Precision = 0, Scale = 0) => ({ Type, Precision, Scale });
  switch (type.kind) {
    case 'simple':
      switch (type.name) {
        case 'tinyint':
          return of('tinyint', 3);
        case 'smallint':
          return of('smallint', 5);
        case 'integer':
          return of('integer', 10);
        case 'bigint':
          return of('bigint', 19);
        case 'real':
          return of('float', 17);
        case 'double':
          return of('double', 17);
        case 'varbinary':
          return of('varbinary', 1073741824);
        default:
          return of(type.name);
      }
    case 'varchar':
      return of('varchar', type.length ?? 2147483647);
    case 'char':
      return of('char', type.length);
    case 'decimal':
      return of('decimal', type.precision, type.scale);
    case 'timestamp':
      return of('timestamp', 3);
    case 'timestamp-tz':
      return of('timestamp with time zone', 3);
    case 'function':
      return of('function');
    default:
      return of(type.kind);
  }
}

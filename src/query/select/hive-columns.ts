// Trino's types as the Data Catalog has them: a column's type in Hive's words, read and written.
import type { HiveType } from '../../tabular/hive-type.js';
import {
  bigint,
  boolean,
  double,
  fieldName,
  integer,
  type RowField,
  simple,
  type SimpleName,
  type TrinoType,
  varchar,
} from './trino-type.js';

/** Of timestamps in Hive tables, as Athena shows them. */
export const TIMESTAMP_PRECISION = 3;
/** AWS docs, Iceberg tables' data types: timestamps of Iceberg tables have microseconds. */
export const ICEBERG_TIMESTAMP_PRECISION = 6;

/** A column of the Data Catalog. Undefined for a type that Athena does not know. */
export function fromHiveType(
  type: HiveType,
  timestampPrecision = TIMESTAMP_PRECISION,
): TrinoType | undefined {
  const inner = (each: HiveType) => fromHiveType(each, timestampPrecision);
  switch (type.kind) {
    case 'primitive':
      return fromHivePrimitive(type.name.toLowerCase().replaceAll(' ', ''), timestampPrecision);
    case 'array': {
      const item = inner(type.item);
      return item && { kind: 'array', item };
    }
    case 'map': {
      const [key, value] = [inner(type.key), inner(type.value)];
      return key && value && { kind: 'map', key, value };
    }
    case 'struct': {
      const fields: RowField[] = [];
      for (const member of type.members) {
        const found = inner(member.type);
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
  decimal: { kind: 'decimal', precision: 10, scale: 0 },
  void: varchar,
};

function fromHivePrimitive(name: string, timestampPrecision: number): TrinoType | undefined {
  if (name === 'timestamp') return { kind: 'timestamp', precision: timestampPrecision };
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

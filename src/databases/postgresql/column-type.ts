// PostgreSQL's types as those of the Data Catalog: none narrower than the column, and how a value is printed.
import type { ColumnType } from '../database.js';

/** A row of pg_type, its domains resolved. */
export interface PgType {
  name: string;
  /** pg_type.typtype: b base, c composite, e enum, r range, ... */
  kind: string;
  /** Of the items, when the type is an array. */
  item: PgType | undefined;
}

const PLAIN: Readonly<Record<string, string>> = {
  bool: 'boolean',
  int2: 'smallint',
  int4: 'int',
  int8: 'bigint',
  oid: 'bigint',
  float4: 'float',
  float8: 'double',
};

/** Bytes in which a type modifier keeps nothing. Source: numerictypmodin. */
const VARHDRSZ = 4;
/** Longest decimal of Hive, and of Parquet's readers. */
const DECIMAL_PRECISION_MAX = 38;

/**
 * What AWS's crawlers make of types that have no equal is not published: a guess that loses nothing. A number without a
 * precision, or one that is wider than a decimal can be, is text.
 * @param modifier pg_attribute.atttypmod; -1 for none @param dimensions as declared, which PostgreSQL does not enforce
 */
export function pgColumnType(type: PgType, modifier: number, dimensions: number): ColumnType {
  if (type.item) return arrayType(type.item, modifier, Math.max(1, dimensions));
  const plain = PLAIN[type.name];
  if (plain !== undefined) return asText(plain);
  switch (type.name) {
    case 'numeric':
      return asText(decimalType(modifier));
    case 'date':
      return dateType('date', (column) => column);
    case 'timestamp':
      return dateType('timestamp', (column) => column);
    case 'timestamptz':
      // The instant, in UTC: the zone that it was written in is not kept by PostgreSQL either.
      return dateType('timestamp', (column) => `(${column} AT TIME ZONE 'UTC')`);
    case 'bytea':
      return { hiveType: 'binary', encoding: 'hex', select: (column) => `encode(${column}, 'hex')` };
    case 'money':
      // How many digits its fraction has is the server's setting.
      return { hiveType: 'string', encoding: 'text', select: (column) => `${column}::numeric` };
    default:
      return type.kind === 'c'
        ? { hiveType: 'string', encoding: 'text', select: (column) => `to_json(${column})` }
        : asText('string');
  }
}

function asText(hiveType: string): ColumnType {
  return { hiveType, encoding: 'text', select: (column) => column };
}

function decimalType(modifier: number): string {
  if (modifier < VARHDRSZ) return 'string';
  const packed = modifier - VARHDRSZ;
  const precision = (packed >> 16) & 0xffff;
  // Eleven bits, signed: since PostgreSQL 15 a scale can be negative, or greater than the precision.
  const scale = ((packed & 0x7ff) ^ 0x400) - 0x400;
  const digits = scale < 0 ? precision - scale : Math.max(precision, scale);
  return digits > DECIMAL_PRECISION_MAX ? 'string' : `decimal(${digits},${Math.max(0, scale)})`;
}

/** Infinity and years before 1 are dates that no reader of Parquet has: their text is made one that fails to be read. */
function dateType(hiveType: string, value: (column: string) => string): ColumnType {
  const isDate = (column: string) => `isfinite(${column}) AND ${column} >= '0001-01-01'`;
  return {
    hiveType,
    encoding: 'text',
    select: (column) =>
      `CASE WHEN ${isDate(column)} THEN ${value(column)}::text ELSE 'no date: ' || ${column}::text END`,
    selectDateOrNull: (column) => `CASE WHEN ${isDate(column)} THEN ${value(column)} END`,
  };
}

function arrayType(item: PgType, modifier: number, dimensions: number): ColumnType {
  const inner = pgColumnType(item, modifier, 0);
  const isNumber =
    inner.encoding === 'text' && inner.selectDateOrNull === undefined && inner.hiveType !== 'string';
  const itemType = isNumber ? inner.hiveType : 'string';
  return {
    hiveType: `${'array<'.repeat(dimensions)}${itemType}${'>'.repeat(dimensions)}`,
    encoding: 'json',
    // By way of text: numbers in JSON would be read as doubles.
    select: (column) => `to_json(${column}::text[])`,
  };
}

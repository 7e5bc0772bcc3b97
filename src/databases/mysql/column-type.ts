// MySQL's and MariaDB's types as those of the Data Catalog: none narrower than the column, and how a value is printed.
import type { ColumnType } from '../database.js';

export interface MysqlType {
  /** information_schema's DATA_TYPE, e.g. `int`. */
  name: string;
  /** information_schema's COLUMN_TYPE, e.g. `int(10) unsigned`. */
  declared: string;
  precision: number | undefined;
  scale: number | undefined;
}

/** [signed, unsigned]: the next wider type where a sign would not leave room enough. */
const WHOLE: Readonly<Record<string, readonly [string, string]>> = {
  tinyint: ['tinyint', 'smallint'],
  smallint: ['smallint', 'int'],
  mediumint: ['int', 'int'],
  int: ['int', 'bigint'],
  integer: ['int', 'bigint'],
  bigint: ['bigint', 'decimal(20,0)'],
};

/** Longest decimal of Hive, and of Parquet's readers; MySQL's go to 65. */
const DECIMAL_PRECISION_MAX = 38;
/** Bits that a bigint has without its sign. */
const BIGINT_BITS = 63;

/**
 * What AWS's crawlers make of types that have no equal is not published: a guess that loses nothing. `tinyint(1)` holds more
 * than true and false, and is a number; a decimal that is wider than one can be is text.
 */
export function mysqlColumnType({ name, declared, precision = 10, scale = 0 }: MysqlType): ColumnType {
  const whole = WHOLE[name];
  if (whole) return asText(whole[/unsigned/i.test(declared) ? 1 : 0]);
  switch (name) {
    case 'decimal':
    case 'numeric':
      return asText(precision > DECIMAL_PRECISION_MAX ? 'string' : `decimal(${precision},${scale})`);
    case 'float':
      // Printed as it is, it would lose all but six digits.
      return { hiveType: 'float', encoding: 'text', select: (column) => `${column} + 0e0` };
    case 'double':
      return asText('double');
    case 'year':
      return asText('int');
    case 'bit':
      return bitType(Number(/\((\d+)\)/.exec(declared)?.[1] ?? 1));
    case 'date':
      return dateType('date');
    case 'datetime':
    case 'timestamp':
      return dateType('timestamp');
    case 'binary':
    case 'varbinary':
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob':
    case 'geometry':
    case 'point':
    case 'linestring':
    case 'polygon':
    case 'multipoint':
    case 'multilinestring':
    case 'multipolygon':
    case 'geometrycollection':
    case 'geomcollection':
    case 'vector':
      return { hiveType: 'binary', encoding: 'hex', select: (column) => `HEX(${column})` };
    default:
      // By way of CHAR, so that the driver takes JSON for the text that it is.
      return { hiveType: 'string', encoding: 'text', select: (column) => `CAST(${column} AS CHAR)` };
  }
}

function asText(hiveType: string): ColumnType {
  return { hiveType, encoding: 'text', select: (column) => column };
}

function bitType(bits: number): ColumnType {
  const hiveType = bits === 1 ? 'boolean' : bits > BIGINT_BITS ? 'decimal(20,0)' : 'bigint';
  return { hiveType, encoding: 'text', select: (column) => `${column} + 0` };
}

/** 0000-00-00 and 2024-00-10 are dates that no reader of Parquet has; left alone, they fail to be read. */
function dateType(hiveType: string): ColumnType {
  return {
    hiveType,
    encoding: 'text',
    select: (column) => column,
    selectDateOrNull: (column) => `IF(MONTH(${column}) = 0 OR DAYOFMONTH(${column}) = 0, NULL, ${column})`,
  };
}

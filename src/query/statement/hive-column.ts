// Columns and their types in Hive's grammar.
import type { HiveReader } from './hive-reader.js';
import type { ColumnDefinition } from './statement.js';
import { QueryFailure } from './query-failure.js';

/** How deep types may be nested; a deeper one is refused. */
const TYPE_DEPTH_MAX = 100;

const PLAIN_TYPES: Record<string, string> = {
  BOOLEAN: 'boolean',
  TINYINT: 'tinyint',
  SMALLINT: 'smallint',
  INT: 'int',
  INTEGER: 'int',
  BIGINT: 'bigint',
  FLOAT: 'float',
  DOUBLE: 'double',
  STRING: 'string',
  BINARY: 'binary',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
};

/** `(name type [COMMENT 'text'], ...)`, the parentheses included. */
export function columnList(reader: HiveReader): ColumnDefinition[] {
  reader.expectSymbol('(', 'create table statement');
  const columns: ColumnDefinition[] = [];
  do columns.push(column(reader));
  while (reader.takeSymbol(','));
  reader.expectSymbol(')', 'create table statement');
  return columns;
}

/** `name type [COMMENT 'text']`; the name is lower-cased, as Hive stores it. */
export function column(reader: HiveReader): ColumnDefinition {
  const name = reader.name('column specification').toLowerCase();
  const type = columnType(reader);
  if (!reader.takeWords('COMMENT')) return { name, type };
  return { name, type, comment: reader.string('column specification') };
}

/** A type in the catalog's spelling: lower case, no spaces, `integer` as `int`. */
export function columnType(reader: HiveReader, depth = 0): string {
  if (depth > TYPE_DEPTH_MAX) {
    throw new QueryFailure(`FAILED: ParseException column types are nested deeper than ${TYPE_DEPTH_MAX}.`);
  }
  const { word } = reader.peek();
  const plain = PLAIN_TYPES[word];
  if (plain !== undefined) {
    reader.next();
    if (word === 'DOUBLE') reader.takeWords('PRECISION');
    return plain;
  }
  switch (word) {
    case 'DECIMAL':
    case 'DEC':
    case 'NUMERIC':
      reader.next();
      return decimal(reader);
    case 'CHAR':
    case 'VARCHAR':
      reader.next();
      return withLength(reader, word.toLowerCase() as 'char' | 'varchar');
    case 'ARRAY':
      return nested(reader, () => columnType(reader, depth + 1));
    case 'MAP':
      return nested(reader, () => {
        const key = columnType(reader, depth + 1);
        reader.expectSymbol(',', 'map type');
        return `${key},${columnType(reader, depth + 1)}`;
      });
    case 'STRUCT':
      return nested(reader, () => listOf(reader, () => member(reader, depth)));
    case 'UNIONTYPE':
      return nested(reader, () => listOf(reader, () => columnType(reader, depth + 1)));
    default:
      return reader.fail('column type');
  }
}

function nested(reader: HiveReader, inside: () => string): string {
  const kind = reader.next().text.toLowerCase();
  reader.expectSymbol('<', `${kind} type`);
  const text = inside();
  reader.expectSymbol('>', `${kind} type`);
  return `${kind}<${text}>`;
}

function listOf(reader: HiveReader, item: () => string): string {
  const items: string[] = [];
  do items.push(item());
  while (reader.takeSymbol(','));
  return items.join(',');
}

// AWS docs, CREATE TABLE: a member may have a comment; the catalog's type has no place for it.
function member(reader: HiveReader, depth: number): string {
  const name = reader.name('column specification').toLowerCase();
  reader.expectSymbol(':', 'struct type');
  const type = columnType(reader, depth + 1);
  if (reader.takeWords('COMMENT')) reader.string('column specification');
  return `${name}:${type}`;
}

// AWS docs: precision at most 38, 10 by default; the scale at most the precision, 0 by default.
function decimal(reader: HiveReader): string {
  if (!reader.takeSymbol('(')) return 'decimal(10,0)';
  const precision = reader.wholeNumber('primitive type specification');
  const scale = reader.takeSymbol(',') ? reader.wholeNumber('primitive type specification') : 0;
  reader.expectSymbol(')', 'primitive type specification');
  if (precision < 1 || precision > 38) outOfRange('Decimal precision out of allowed range [1,38]');
  if (scale > 38) outOfRange('Decimal scale out of allowed range [0,38]');
  if (scale > precision) outOfRange('Decimal scale must be less than or equal to precision');
  return `decimal(${precision},${scale})`;
}

const LENGTHS_MAX = { char: 255, varchar: 65535 };

function withLength(reader: HiveReader, kind: 'char' | 'varchar'): string {
  reader.expectSymbol('(', 'primitive type specification');
  const length = reader.wholeNumber('primitive type specification');
  reader.expectSymbol(')', 'primitive type specification');
  const lengthMax = LENGTHS_MAX[kind];
  if (length < 1 || length > lengthMax) {
    const Kind = kind === 'char' ? 'Char' : 'Varchar';
    outOfRange(`${Kind} length ${length} out of allowed range [1, ${lengthMax}]`);
  }
  return `${kind}(${length})`;
}

function outOfRange(message: string): never {
  throw new QueryFailure(`FAILED: IllegalArgumentException ${message}`);
}

// Hive's types in DuckDB's words, and back.
import { formatHiveType, primitive, type HiveType } from '../../../tabular/hive-type.js';
import { duckdbName } from '../../../tabular/duckdb-text.js';

const TO_DUCKDB: Readonly<Record<string, string>> = {
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  int: 'INTEGER',
  bigint: 'BIGINT',
  float: 'FLOAT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  string: 'VARCHAR',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  binary: 'BLOB',
};

/** Types of query results. What Hive does not have becomes the nearest that holds every value. */
const FROM_DUCKDB: Readonly<Record<string, string>> = {
  TINYINT: 'tinyint',
  SMALLINT: 'smallint',
  INTEGER: 'int',
  BIGINT: 'bigint',
  UTINYINT: 'smallint',
  USMALLINT: 'int',
  UINTEGER: 'bigint',
  // Sums of whole numbers are HUGEINT in DuckDB and bigint in Spark.
  HUGEINT: 'bigint',
  UBIGINT: 'decimal(20,0)',
  FLOAT: 'float',
  DOUBLE: 'double',
  BOOLEAN: 'boolean',
  DATE: 'date',
  BLOB: 'binary',
};

export function duckdbType(type: HiveType): string {
  switch (type.kind) {
    case 'primitive':
      return TO_DUCKDB[type.name] ?? type.name.toUpperCase();
    case 'array':
      return `${duckdbType(type.item)}[]`;
    case 'map':
      return `MAP(${duckdbType(type.key)}, ${duckdbType(type.value)})`;
    case 'struct':
      // DuckDB has no struct without members.
      if (type.members.length === 0) return 'VARCHAR';
      return `STRUCT(${type.members.map((member) => `${duckdbName(member.name)} ${duckdbType(member.type)}`).join(', ')})`;
  }
}

export function isInteger(type: HiveType): boolean {
  return /^(tinyint|smallint|int|bigint)$/.test(formatHiveType(type));
}

/** The type that DESCRIBE printed; what it does not know is text. */
export function hiveTypeOf(text: string): HiveType {
  const trimmed = text.trim();
  if (trimmed.endsWith(']')) {
    return { kind: 'array', item: hiveTypeOf(trimmed.slice(0, trimmed.lastIndexOf('['))) };
  }
  const inside = /^(STRUCT|MAP)\((.*)\)$/s.exec(trimmed);
  if (inside?.[1] === 'MAP') {
    const [key = '', value = ''] = splitAtCommas(inside[2] as string);
    return { kind: 'map', key: hiveTypeOf(key), value: hiveTypeOf(value) };
  }
  if (inside) {
    const members = splitAtCommas(inside[2] as string).map((member) => {
      const match = /^\s*(?:"((?:[^"]|"")*)"|(\S+))\s+(.*)$/s.exec(member);
      const name = match?.[1]?.replaceAll('""', '"') ?? match?.[2] ?? '';
      return { name, type: hiveTypeOf(match?.[3] ?? '') };
    });
    return { kind: 'struct', members };
  }
  if (/^DECIMAL\(/.test(trimmed)) return primitive(trimmed.toLowerCase());
  if (/^TIMESTAMP/.test(trimmed)) return primitive('timestamp');
  return primitive(FROM_DUCKDB[trimmed] ?? 'string');
}

/** Cuts at the commas that are neither inside brackets nor inside a quoted name. */
function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}

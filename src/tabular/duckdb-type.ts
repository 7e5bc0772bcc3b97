// DuckDB's types: read from what DESCRIBE prints, and Hive's in DuckDB's words and back.
import { duckdbName } from './duckdb-text.js';
import { formatHiveType, primitive, type HiveType } from './hive-type.js';

/** `text` is the type as DESCRIBE prints it: `STRUCT(a INTEGER, "b c" VARCHAR[])`. */
export type DuckdbType = { text: string } & (
  | { kind: 'scalar' }
  | { kind: 'list'; item: DuckdbType }
  | { kind: 'map'; key: DuckdbType; value: DuckdbType }
  | { kind: 'struct'; members: { name: string; type: DuckdbType }[] }
);

export function parseDuckdbType(given: string): DuckdbType {
  const text = given.trim();
  if (text.endsWith(']'))
    return { text, kind: 'list', item: parseDuckdbType(text.slice(0, text.lastIndexOf('['))) };
  const inside = /^(STRUCT|MAP)\((.*)\)$/s.exec(text);
  if (!inside)
    return { text: text.replace(/^DECIMAL\((\d+),\s*(\d+)\)$/, 'DECIMAL($1, $2)'), kind: 'scalar' };
  const parts = splitAtCommas(inside[2] as string);
  if (inside[1] === 'MAP') {
    return {
      text,
      kind: 'map',
      key: parseDuckdbType(parts[0] ?? ''),
      value: parseDuckdbType(parts[1] ?? ''),
    };
  }
  const members = parts.map((part) => {
    const match = /^\s*(?:"((?:[^"]|"")*)"|(\S+))\s+(.*)$/s.exec(part);
    const name = match?.[1]?.replaceAll('""', '"') ?? match?.[2] ?? '';
    return { name, type: parseDuckdbType(match?.[3] ?? '') };
  });
  return { text, kind: 'struct', members };
}

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
  return toHiveType(parseDuckdbType(text));
}

function toHiveType(type: DuckdbType): HiveType {
  switch (type.kind) {
    case 'list':
      return { kind: 'array', item: toHiveType(type.item) };
    case 'map':
      return { kind: 'map', key: toHiveType(type.key), value: toHiveType(type.value) };
    case 'struct':
      return {
        kind: 'struct',
        members: type.members.map((member) => ({ name: member.name, type: toHiveType(member.type) })),
      };
    case 'scalar':
      if (type.text.startsWith('DECIMAL(')) return primitive(type.text.toLowerCase().replace(', ', ','));
      if (type.text.startsWith('TIMESTAMP')) return primitive('timestamp');
      return primitive(FROM_DUCKDB[type.text] ?? 'string');
  }
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

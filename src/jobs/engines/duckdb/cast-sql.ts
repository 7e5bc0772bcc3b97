// Conversions that give null where a value does not fit, with Spark's rules where DuckDB's differ.
import { formatHiveType, type HiveType } from '../../../tabular/hive-type.js';
import { duckdbName, duckdbText } from '../../../tabular/duckdb-text.js';
import { duckdbType, isInteger } from '../../../tabular/duckdb-type.js';

/** Text of a file as a column's type. DuckDB would round `1.5` to a whole number; Spark takes it as none. */
export function textToSql(sql: string, type: HiveType): string {
  const name = formatHiveType(type);
  if (name === 'string') return sql;
  if (name === 'binary') return `encode(${sql})`;
  if (isInteger(type)) {
    return `CASE WHEN contains(${sql}, '.') THEN NULL ELSE TRY_CAST(${sql} AS ${duckdbType(type)}) END`;
  }
  return `TRY_CAST(${sql} AS ${duckdbType(type)})`;
}

/** A cast as Spark does it outside of ANSI mode. */
export function castSql(sql: string, from: HiveType, to: HiveType): string {
  const [source, target] = [formatHiveType(from), formatHiveType(to)];
  if (source === target) return sql;
  const wanted = duckdbType(to);
  if (target === 'string') {
    if (from.kind !== 'primitive') return `CAST(to_json(${sql}) AS VARCHAR)`;
    return source === 'binary' ? `TRY(decode(${sql}))` : `CAST(${sql} AS VARCHAR)`;
  }
  if (source === 'string') return stringToSql(sql, to);
  if (isInteger(to)) {
    if (/^(float|double|decimal)/.test(source)) return `TRY_CAST(trunc(${sql}) AS ${wanted})`;
    if (source === 'timestamp') return `TRY_CAST(floor(epoch(${sql})) AS ${wanted})`;
  }
  if (target === 'timestamp' && (isInteger(from) || /^(float|double|decimal)/.test(source))) {
    return `make_timestamp(TRY_CAST(${sql} * 1000000 AS BIGINT))`;
  }
  return `TRY_CAST(${sql} AS ${wanted})`;
}

function stringToSql(sql: string, to: HiveType): string {
  const wanted = duckdbType(to);
  if (formatHiveType(to) === 'binary') return `encode(${sql})`;
  if (isInteger(to)) {
    const whole = `regexp_extract(${sql}, ${duckdbText('^\\s*([+-]?[0-9]+)(\\.[0-9]*)?\\s*$')}, 1)`;
    return `TRY_CAST(${whole} AS ${wanted})`;
  }
  if (formatHiveType(to) === 'date') return `TRY_CAST(TRY_CAST(${sql} AS TIMESTAMP) AS DATE)`;
  return `TRY_CAST(${sql} AS ${wanted})`;
}

/** What json_transform is asked for: everything as text but what it converts exactly as we would. */
export function jsonStructure(type: HiveType): unknown {
  switch (type.kind) {
    case 'primitive':
      return type.name === 'double' ? 'DOUBLE' : 'VARCHAR';
    case 'array':
      return [jsonStructure(type.item)];
    case 'map':
      return duckdbType(type);
    case 'struct':
      if (type.members.length === 0) return 'VARCHAR';
      return Object.fromEntries(type.members.map((member) => [member.name, jsonStructure(member.type)]));
  }
}

/** jsonStructure(type) as a type of DuckDB. */
export function jsonColumnType(type: HiveType): string {
  switch (type.kind) {
    case 'primitive':
      return type.name === 'double' ? 'DOUBLE' : 'VARCHAR';
    case 'array':
      return `${jsonColumnType(type.item)}[]`;
    case 'map':
      return duckdbType(type);
    case 'struct': {
      if (type.members.length === 0) return 'VARCHAR';
      const members = type.members.map(
        (member) => `${duckdbName(member.name)} ${jsonColumnType(member.type)}`,
      );
      return `STRUCT(${members.join(', ')})`;
    }
  }
}

/** A value of jsonStructure(type) as `type`. */
export function jsonToSql(sql: string, type: HiveType, depth = 0): string {
  if (isExact(type)) return sql;
  switch (type.kind) {
    case 'primitive':
      return textToSql(sql, type);
    case 'array': {
      const item = `item${depth}`;
      return `list_transform(${sql}, lambda ${item}: ${jsonToSql(item, type.item, depth + 1)})`;
    }
    case 'map':
      return sql;
    case 'struct': {
      const members = type.members.map(
        (member) =>
          `${duckdbName(member.name)} := ${jsonToSql(`struct_extract(${sql}, ${duckdbText(member.name)})`, member.type, depth)}`,
      );
      return `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(${members.join(', ')}) END`;
    }
  }
}

/** Whether json_transform gives the type itself. */
function isExact(type: HiveType): boolean {
  switch (type.kind) {
    case 'primitive':
      return type.name === 'double' || type.name === 'string';
    case 'array':
      return isExact(type.item);
    case 'map':
      return true;
    case 'struct':
      return type.members.every((member) => isExact(member.type));
  }
}

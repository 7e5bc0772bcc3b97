// A column of a file as a column of a table: nested values member by member, and scalars where Athena takes one for another.
import { duckdbName, duckdbText } from '../../tabular/duckdb-text.js';
import type { DuckdbType } from '../../tabular/duckdb-type.js';
import { lambdaName } from '../select/convert.js';
import {
  duckdbTypeOf,
  fieldName,
  isInteger,
  isNumeric,
  isText,
  type TrinoType,
} from '../select/trino-type.js';

/** Undefined when the file's type cannot stand for the table's. */
export type ScalarSql = (sql: string, name: string, to: TrinoType) => string | undefined;

/** The very name, or one that differs by case alone. */
export function memberNamed<Member extends { name: string }>(
  members: readonly Member[],
  name: string,
): Member | undefined {
  return (
    members.find((member) => member.name === name) ??
    members.find((member) => member.name.toLowerCase() === name.toLowerCase())
  );
}

/** Undefined when the file's type cannot stand for the table's. */
export function fromFile(
  sql: string,
  from: DuckdbType,
  to: TrinoType,
  scalar: ScalarSql,
): string | undefined {
  if (from.kind === 'list' && to.kind === 'array') {
    const item = lambdaName();
    const inner = fromFile(item, from.item, to.item, scalar);
    return inner === item ? sql : inner && `list_transform(${sql}, lambda ${item}: ${inner})`;
  }
  if (from.kind === 'map' && to.kind === 'map') {
    const entry = lambdaName();
    const [key, value] = [
      fromFile(`${entry}.key`, from.key, to.key, scalar),
      fromFile(`${entry}.value`, from.value, to.value, scalar),
    ];
    if (key === undefined || value === undefined) return undefined;
    if (key === `${entry}.key` && value === `${entry}.value`) return sql;
    return `CASE WHEN ${sql} IS NULL THEN NULL ELSE map_from_entries(list_transform(map_entries(${sql}), lambda ${entry}: struct_pack(key := ${key}, value := ${value}))) END`;
  }
  if (from.kind === 'struct' && to.kind === 'row') return structFromFile(sql, from, to, scalar);
  return from.kind === 'scalar' ? scalar(sql, from.text, to) : undefined;
}

function structFromFile(
  sql: string,
  from: Extract<DuckdbType, { kind: 'struct' }>,
  to: Extract<TrinoType, { kind: 'row' }>,
  scalar: ScalarSql,
): string | undefined {
  let isSame = from.members.length === to.fields.length;
  const members: string[] = [];
  for (const [index, field] of to.fields.entries()) {
    const name = fieldName(to.fields, index);
    const found = memberNamed(from.members, name);
    const value = found && `struct_extract(${sql}, ${duckdbText(found.name)})`;
    const converted =
      found && value !== undefined
        ? fromFile(value, found.type, field.type, scalar)
        : `CAST(NULL AS ${duckdbTypeOf(field.type)})`;
    if (converted === undefined) return undefined;
    isSame &&= converted === value && from.members[index]?.name === name;
    members.push(`${duckdbName(name)} := ${converted}`);
  }
  return isSame ? sql : `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(${members.join(', ')}) END`;
}

const WHOLE = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT'];

/** Scalars by DuckDB's names of their types, as Athena's reader of Parquet takes them. */
export function scalarFromFile(sql: string, name: string, to: TrinoType): string | undefined {
  const wanted = duckdbTypeOf(to);
  if (name === wanted) return sql;
  if (isText(to))
    return name === 'BLOB' ? `decode(${sql})` : name === 'VARCHAR' || name === 'JSON' ? sql : undefined;
  if (wanted === 'BLOB') return name === 'VARCHAR' ? `encode(${sql})` : undefined;
  if (isNumeric(to)) return numberFromFile(sql, name, to);
  if (to.kind === 'timestamp') {
    if (name === 'TIMESTAMP WITH TIME ZONE') return `(${sql} AT TIME ZONE 'UTC')`;
    return /^TIMESTAMP/.test(name) || name === 'DATE' ? `CAST(${sql} AS TIMESTAMP)` : undefined;
  }
  return undefined;
}

/** Whole numbers may be read as others when they fit; a narrower one fails on a value that does not. */
function numberFromFile(sql: string, name: string, to: TrinoType): string | undefined {
  const wanted = duckdbTypeOf(to);
  const isWhole = WHOLE.includes(name);
  if (isInteger(to)) return isWhole ? `CAST(${sql} AS ${wanted})` : undefined;
  if (to.kind === 'decimal')
    return isWhole || name.startsWith('DECIMAL') ? `CAST(${sql} AS ${wanted})` : undefined;
  return isWhole || name === 'FLOAT' || name === 'DOUBLE' || name.startsWith('DECIMAL')
    ? `CAST(${sql} AS ${wanted})`
    : undefined;
}

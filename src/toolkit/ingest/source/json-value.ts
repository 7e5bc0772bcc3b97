// A JSON value as a value of a column's type. What is none of it fails with the column's name: nothing is rounded or left out.
import { timestampOrNull } from '../../../tabular/delimited-text.js';
import { duckdbName, duckdbText } from '../../../tabular/duckdb-text.js';
import type { DuckdbType } from '../../../tabular/duckdb-type.js';
import { anyCaseMember, memberOfKey } from '../../../tabular/json-member.js';

/** SQL of the value. @param column as messages call it. @param depth of names that are taken */
export function jsonValue(json: string, type: DuckdbType, column: string, depth = 0): string {
  const name = `j${depth}`;
  switch (type.kind) {
    case 'scalar':
      return scalarValue(json, type.text, column);
    case 'list': {
      const item = jsonValue(name, type.item, column, depth + 1);
      return ofType(
        json,
        'ARRAY',
        `list_transform(CAST(${json} AS JSON[]), lambda ${name}: ${item})`,
        column,
      );
    }
    case 'map': {
      const value = jsonValue(memberOfKey(json, name), type.value, column, depth + 1);
      const entry = `struct_pack(key := CAST(${name} AS ${type.key.text}), value := ${value})`;
      const entries = `list_transform(json_keys(${json}), lambda ${name}: ${entry})`;
      return ofType(json, 'OBJECT', `map_from_entries(${entries})`, column);
    }
    case 'struct': {
      const members = type.members.map((member) => {
        const found = anyCaseMember(json, member.name, name);
        return `${duckdbName(member.name)} := ${jsonValue(found, member.type, `${column}.${member.name}`, depth + 1)}`;
      });
      return ofType(json, 'OBJECT', `struct_pack(${members.join(', ')})`, column);
    }
  }
}

function ofType(json: string, wanted: 'ARRAY' | 'OBJECT', value: string, column: string): string {
  return (
    `CASE coalesce(json_type(${json}), 'NULL') WHEN '${wanted}' THEN ${value} WHEN 'NULL' THEN NULL ` +
    `ELSE ${failure(`CAST(${json} AS VARCHAR)`, `no ${wanted.toLowerCase()}`, column)} END`
  );
}

function scalarValue(json: string, type: string, column: string): string {
  const text = `(${json} ->> '$')`;
  if (type === 'VARCHAR') return text;
  const value = checkedValue(text, type);
  return `CASE WHEN ${text} IS NOT NULL THEN coalesce(${value}, ${failure(text, `no ${type}`, column)}) END`;
}

/** Null for a text that is none of the type's. */
function checkedValue(text: string, type: string): string {
  // A cast would round 1.5, and take 1 for true.
  if (/^(TINYINT|SMALLINT|INTEGER|BIGINT)$/.test(type))
    return `CASE WHEN regexp_full_match(${text}, '[+-]?[0-9]+(\\.0+)?') THEN TRY_CAST(${text} AS ${type}) END`;
  if (type === 'BOOLEAN') return `CASE lower(${text}) WHEN 'true' THEN true WHEN 'false' THEN false END`;
  if (type === 'BLOB') return `from_base64(${text})`;
  return type === 'TIMESTAMP' ? timestampOrNull(text) : `TRY_CAST(${text} AS ${type})`;
}

/** SQL that fails when it is evaluated. */
export function failure(text: string, what: string, column: string): string {
  return `error(${duckdbText(`Column ${column} has `)} || left(${text}, 80) || ${duckdbText(`, which is ${what}.`)})`;
}

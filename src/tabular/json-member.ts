// Members of JSON objects as SQL, by any key, with and without regard to case.
import { duckdbText } from './duckdb-text.js';

/** SQL of the member with a key. JSON pointers take every key, which paths do not. */
export function exactMember(json: string, key: string): string {
  return `json_extract(${json}, ${pointer(key)})`;
}

/** SQL of a list of the members with these keys: the object is taken apart once, and not once a member. */
export function exactMembers(json: string, keys: readonly string[]): string {
  return `json_extract(${json}, [${keys.map(pointer).join(', ')}])`;
}

function pointer(key: string): string {
  return duckdbText(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}

/** SQL of the member whose key is the value of `key`, which is SQL itself. */
export function memberOfKey(json: string, key: string): string {
  return `json_extract(${json}, '/' || replace(replace(${key}, '~', '~0'), '/', '~1'))`;
}

/** The member of the very key, else of one that differs by case alone. @param name that no lambda around it has */
export function anyCaseMember(json: string, key: string, name: string): string {
  return orOtherCase(exactMember(json, key), json, key, name);
}

/** The member that is `exact`, else of a key that differs by case alone. @param name that no lambda around it has */
export function orOtherCase(exact: string, json: string, key: string, name: string): string {
  const other = `list_filter(json_keys(${json}), lambda ${name}: lower(${name}) = ${duckdbText(key.toLowerCase())})[1]`;
  const isLikely = `regexp_matches(${json}, ${duckdbText(keyPattern(key))})`;
  return `coalesce(${exact}, CASE WHEN ${isLikely} THEN ${memberOfKey(json, other)} END)`;
}

/** A regular expression of a key, in any case, up to its value. */
function keyPattern(key: string): string {
  return `(?i)"${key.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}"\\s*:\\s*`;
}

/** Digits that a double has for sure. */
export const DOUBLE_DIGITS = 15;

/**
 * SQL of the digits of a member that is a number with a fraction, which DuckDB takes for a double: they stand in the object,
 * behind the key, if what stands there is the same double. Null for other members.
 */
export function exactDigits(json: string, member: string, key: string): string {
  const digits = `regexp_extract(${json}, ${duckdbText(`${keyPattern(key)}(-?[0-9]+(?:\\.[0-9]+)?)`)}, 1)`;
  const isIt = `json_type(${member}) = 'DOUBLE' AND TRY_CAST(${digits} AS DOUBLE) = TRY_CAST((${member} ->> '$') AS DOUBLE)`;
  return `CASE WHEN ${isIt} THEN ${digits} END`;
}

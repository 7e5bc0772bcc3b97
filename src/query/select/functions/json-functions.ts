// Trino's functions on JSON.
import { duckdbText } from '../../../tabular/duckdb-text.js';
import type { TypedSql } from '../typed-sql.js';
import { isText } from '../trino-type.js';
import { define, literalText, type CallContext } from './function-definition.js';

/** `$.a["b c"][0]` in DuckDB's spelling. Undefined for paths that name more than one value. */
function duckdbPath(path: string): string | undefined {
  if (!path.startsWith('$')) return undefined;
  let text = '$';
  const step =
    /\.([A-Za-z0-9_\-@$:]+)|\["((?:[^"\\]|\\.)*)"\]|\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]|\[([A-Za-z_][A-Za-z0-9_]*)\]/y;
  step.lastIndex = 1;
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (!match) return undefined;
    const key = match[1] ?? match[2] ?? match[3] ?? match[5];
    // DuckDB has no way to write a quote inside a quoted key.
    if (key?.includes('"')) return undefined;
    text += key === undefined ? `[${match[4]}]` : `."${key}"`;
  }
  return text;
}

function extracted(read: (json: string, path: string) => string) {
  return (args: TypedSql[], context: CallContext) => {
    const text = literalText(args, 1, context);
    const path = duckdbPath(text) ?? context.refuse(`the JSON path '${text}' is not supported`);
    const json = args[0] as TypedSql;
    const value = read(json.sql, duckdbText(path));
    // A text that is no JSON has nothing in it.
    return isText(json.type) ? `CASE WHEN json_valid(${json.sql}) THEN ${value} END` : value;
  };
}

const lengthAt = (json: string, path: string) =>
  `CASE json_type(${json}, ${path}) WHEN 'ARRAY' THEN CAST(json_array_length(${json}, ${path}) AS BIGINT) WHEN 'OBJECT' THEN CAST(len(json_keys(${json}, ${path})) AS BIGINT) ELSE 0 END`;

export const JSON_FUNCTIONS = define('scalar', [
  ['json_parse', 'varchar', 'json', 'json($1)'],
  ['json_format', 'json', 'varchar', 'CAST($1 AS VARCHAR)'],
  ['json_extract', 'J, varchar', 'json', extracted((json, path) => `json_extract(${json}, ${path})`)],
  [
    'json_extract_scalar',
    'J, varchar',
    'varchar',
    extracted(
      (json, path) =>
        `CASE WHEN json_type(${json}, ${path}) NOT IN ('OBJECT', 'ARRAY', 'NULL') THEN json_extract_string(${json}, ${path}) END`,
    ),
  ],
  [
    'json_size',
    'J, varchar',
    'bigint',
    extracted((json, path) => `CASE WHEN json_exists(${json}, ${path}) THEN ${lengthAt(json, path)} END`),
  ],
  [
    'json_array_length',
    'J',
    'bigint',
    `CASE WHEN json_valid($1) AND json_type($1) = 'ARRAY' THEN CAST(json_array_length($1) AS BIGINT) END`,
  ],
  [
    'json_array_get',
    'J, bigint',
    'json',
    `CASE WHEN json_valid($1) AND json_type($1) = 'ARRAY' THEN $1 -> CAST($2 AS INTEGER) END`,
  ],
  [
    'json_array_contains',
    'J, varchar',
    'boolean',
    `CASE WHEN json_valid($1) AND json_type($1) = 'ARRAY' THEN list_contains(list_transform(list_filter(CAST($1 AS JSON[]), lambda item: json_type(item) = 'VARCHAR'), lambda item: item ->> '$'), $2) END`,
  ],
  [
    'json_array_contains',
    'J, bigint',
    'boolean',
    `CASE WHEN json_valid($1) AND json_type($1) = 'ARRAY' THEN list_contains(list_transform(list_filter(CAST($1 AS JSON[]), lambda item: json_type(item) IN ('UBIGINT', 'BIGINT')), lambda item: CAST(item AS BIGINT)), $2) END`,
  ],
  ['is_json_scalar', 'J', 'boolean', `(json_type($1) NOT IN ('OBJECT', 'ARRAY'))`],
]);

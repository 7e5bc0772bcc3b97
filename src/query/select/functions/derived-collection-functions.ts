// Trino's functions that make collections of parts of others: n-grams, combinations, multimaps, maps put together.
import { duckdbText } from '../../../tabular/duckdb-text.js';
import { raiseSql, type TypedSql } from '../typed-sql.js';
import { duckdbTypeOf, fieldName, varchar, type TrinoType } from '../trino-type.js';
import { applied } from './collection-functions.js';
import { define, type CallContext } from './function-definition.js';

/** Of combinations; Trino's own bound. */
const COMBINATION_LENGTH_MAX = 5;

/** Places of combinations in Trino's order: the last place counts slowest. */
function combinations([list, length]: TypedSql[], context: CallContext): string {
  const count = Number(length?.constant);
  if (!(count >= 0 && count <= COMBINATION_LENGTH_MAX)) {
    return context.refuse(`the length must be a literal from 0 to ${COMBINATION_LENGTH_MAX}`);
  }
  const items = Array.from({ length: count }, (_, place) => `${list?.sql}[i${place}]`);
  let combined = `[[${items.join(', ')}]]`;
  for (let place = 0; place < count; place++) {
    const end = place === count - 1 ? `len(${list?.sql}) + 1` : `i${place + 1}`;
    combined = `flatten(list_transform(range(1, ${end}), lambda i${place}: ${combined}))`;
  }
  return `CASE WHEN ${list?.sql} IS NOT NULL THEN CAST(${combined} AS ${duckdbTypeOf(context.result)}) END`;
}

function multimapType([list]: TrinoType[]): TrinoType {
  const item = (list as Extract<TrinoType, { kind: 'array' }>).item;
  const [key, value] = item.kind === 'row' ? item.fields : [];
  return { kind: 'map', key: key?.type ?? varchar, value: { kind: 'array', item: value?.type ?? varchar } };
}

function multimapFromEntries([list]: TypedSql[], context: CallContext): string {
  const item = (list?.type as Extract<TrinoType, { kind: 'array' }>).item;
  if (item.kind !== 'row' || item.fields.length !== 2)
    return context.refuse('multimap_from_entries takes an array of rows with two fields');
  const [key, value] = [0, 1].map(
    (index) => `struct_extract(entry, ${duckdbText(fieldName(item.fields, index))})`,
  );
  return `trino_multimap_of(list_transform(${list?.sql}, lambda entry: struct_pack(key := ${key}, value := ${value})))`;
}

function zippedMaps([left, right, merge]: TypedSql[]): string {
  const keys = `list_concat(map_keys(${left?.sql}), list_filter(map_keys(${right?.sql}), lambda key: NOT list_contains(map_keys(${left?.sql}), key)))`;
  const value = applied(merge as TypedSql, ['key', `${left?.sql}[key]`, `${right?.sql}[key]`]);
  return `CASE WHEN ${left?.sql} IS NULL OR ${right?.sql} IS NULL THEN NULL ELSE map_from_entries(list_transform(${keys}, lambda key: struct_pack(key := key, value := ${value}))) END`;
}

const similarity = `(list_sum(list_transform(map_keys($1), lambda key: $1[key] * coalesce($2[key], 0))) / sqrt(list_sum(list_transform(map_values($1), lambda item: item * item)) * list_sum(list_transform(map_values($2), lambda item: item * item))))`;

export const DERIVED_COLLECTION_FUNCTIONS = define('scalar', [
  [
    'ngrams',
    'array(T), bigint',
    'array(array(T))',
    (args, { result }) => {
      const [list, length] = args as [TypedSql, TypedSql];
      const tooShort = raiseSql('INVALID_FUNCTION_ARGUMENT', `'N must be positive'`, result);
      return `CASE WHEN ${list.sql} IS NULL OR ${length.sql} IS NULL THEN NULL WHEN ${length.sql} <= 0 THEN ${tooShort} WHEN ${length.sql} >= len(${list.sql}) THEN [${list.sql}] ELSE list_transform(range(1, len(${list.sql}) - ${length.sql} + 2), lambda i: list_slice(${list.sql}, i, i + ${length.sql} - 1)) END`;
    },
  ],
  ['combinations', 'array(T), integer', 'array(array(T))', combinations],
  [
    'contains_sequence',
    'array(T), array(T)',
    'boolean',
    'CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE len($2) = 0 OR list_contains(list_transform(range(1, len($1) - len($2) + 2), lambda i: list_slice($1, i, i + len($2) - 1) IS NOT DISTINCT FROM $2), true) END',
  ],
  ['find_first', 'array(T), function(T, boolean)', 'T', 'list_extract(list_filter($1, $2), 1)'],
  [
    'array_histogram',
    'array(T)',
    'map(T, bigint)',
    (args, { result }) => `CAST(list_histogram(${args[0]?.sql}) AS ${duckdbTypeOf(result)})`,
  ],
  ['map_zip_with', 'map(K, V), map(K, U), function(K, V, U, R)', 'map(K, R)', zippedMaps],
  ['multimap_from_entries', 'array(T)', multimapType, multimapFromEntries],
  [
    'split_to_multimap',
    'varchar, varchar, varchar',
    'map(varchar, array(varchar))',
    `trino_multimap_of(list_transform(list_filter(string_split($1, $2), lambda pair: pair <> ''), lambda pair: struct_pack(key := split_part(pair, $3, 1), value := pair[strpos(pair, $3) + length($3):])))`,
  ],
  ['cosine_similarity', 'map(varchar, double), map(varchar, double)', 'double', similarity],
  ['cosine_distance', 'map(varchar, double), map(varchar, double)', 'double', `(1 - ${similarity})`],
]);

// Trino's functions on arrays, maps and rows, and those that take lambdas.
import { duckdbName, duckdbText } from '../../../tabular/duckdb-text.js';
import { castSql } from '../convert.js';
import { raiseSql, type TypedSql } from '../typed-sql.js';
import { fieldName, varchar, type TrinoType } from '../trino-type.js';
import { define, type CallContext } from './function-definition.js';

const itemOf = (type: TrinoType | undefined): TrinoType =>
  (type as Extract<TrinoType, { kind: 'array' }>).item;
const arrayOf = (item: TrinoType): TrinoType => ({ kind: 'array', item });
const hasNull = (list: string) => `list_count(${list}) < len(${list})`;

/** The text of a lambda with its parameters replaced: their names are like no other text of a query. */
export function applied(lambda: TypedSql, values: readonly string[]): string {
  const [, names = '', body = ''] = /^lambda ([^:]*): ([\s\S]*)$/.exec(lambda.sql) ?? [];
  let text = body;
  for (const [index, name] of names.split(', ').entries()) {
    text = text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), () => values[index] as string);
  }
  return text;
}

const distinct = (list: string) => `trino_array_distinct(${list})`;

function joined(args: TypedSql[], context: CallContext): string {
  const [list, separator, replacement] = args as [TypedSql, TypedSql, TypedSql | undefined];
  const text =
    castSql('item', itemOf(list.type), varchar) ?? context.refuse('array_join takes arrays of scalars');
  const shown = replacement ? `coalesce(${text}, ${replacement.sql})` : text;
  return `array_to_string(list_transform(${list.sql}, lambda item: ${shown}), ${separator.sql})`;
}

/** Lists beside each other as rows, as long as the longest. */
function zipped(args: TypedSql[]): string {
  const members = args.map((list, index) => `${duckdbName(`field${index}`)} := ${list.sql}[i]`);
  const lengths = args.map((list) => `len(${list.sql})`);
  const anyNull = args.map((list) => `${list.sql} IS NULL`).join(' OR ');
  return `CASE WHEN ${anyNull} THEN NULL ELSE list_transform(range(1, greatest(${lengths.join(', ')}) + 1), lambda i: struct_pack(${members.join(', ')})) END`;
}

function matches(all: boolean) {
  return ([list, test]: TypedSql[]) => {
    const found = `list_transform(${list?.sql}, ${test?.sql})`;
    return `CASE WHEN ${list?.sql} IS NULL THEN NULL WHEN list_contains(${found}, ${!all}) THEN ${!all} WHEN ${hasNull(found)} THEN NULL ELSE ${all} END`;
  };
}

function entries(map: TypedSql, key: string, value: string): string {
  return `CASE WHEN ${map.sql} IS NULL THEN NULL ELSE map_from_entries(list_transform(map_entries(${map.sql}), lambda entry: struct_pack(key := ${key}, value := ${value}))) END`;
}

const mapType = (type: TrinoType | undefined) => type as Extract<TrinoType, { kind: 'map' }>;

function entriesType(types: TrinoType[]): TrinoType {
  const { key, value } = mapType(types[0]);
  return arrayOf({ kind: 'row', fields: [{ type: key }, { type: value }] });
}

function mapFromEntriesType(types: TrinoType[]): TrinoType {
  const item = itemOf(types[0]);
  const [key, value] = item.kind === 'row' ? item.fields : [];
  return { kind: 'map', key: key?.type ?? varchar, value: value?.type ?? varchar };
}

function mapFromEntries([list]: TypedSql[], context: CallContext): string {
  const item = itemOf(list?.type);
  if (item.kind !== 'row' || item.fields.length !== 2)
    return context.refuse('map_from_entries takes an array of rows with two fields');
  const [key, value] = [0, 1].map(
    (index) => `struct_extract(entry, ${duckdbText(fieldName(item.fields, index))})`,
  );
  return `map_from_entries(list_transform(${list?.sql}, lambda entry: struct_pack(key := ${key}, value := ${value})))`;
}

const atIndexZero = (result: TrinoType) =>
  raiseSql('INVALID_FUNCTION_ARGUMENT', `'SQL array indices start at 1'`, result);

export const COLLECTION_FUNCTIONS = define('scalar', [
  ['cardinality', 'array(T)', 'bigint', 'len($1)'],
  ['cardinality', 'map(K, V)', 'bigint', 'CAST(cardinality($1) AS BIGINT)'],
  [
    'contains',
    'array(T), T',
    'boolean',
    `CASE WHEN list_contains($1, $2) THEN true WHEN $2 IS NULL OR ${hasNull('$1')} THEN NULL ELSE false END`,
  ],
  [
    'array_position',
    'array(T), T',
    'bigint',
    'CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN coalesce(list_position($1, $2), 0) END',
  ],
  [
    'element_at',
    'array(T), bigint',
    'T',
    (args, { result }) =>
      `CASE WHEN ${args[1]?.sql} = 0 THEN ${atIndexZero(result)} ELSE list_extract(${args[0]?.sql}, ${args[1]?.sql}) END`,
  ],
  ['element_at', 'map(K, V), K', 'V', '$1[$2]'],
  ['array_sort', 'array(T)', 'array(T)', `list_sort($1, 'ASC', 'NULLS LAST')`],
  ['array_distinct', 'array(T)', 'array(T)', distinct('$1')],
  ['array_max', 'array(T)', 'T', `CASE WHEN ${hasNull('$1')} THEN NULL ELSE list_max($1) END`],
  ['array_min', 'array(T)', 'T', `CASE WHEN ${hasNull('$1')} THEN NULL ELSE list_min($1) END`],
  [
    'array_union',
    'array(T), array(T)',
    'array(T)',
    `CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE ${distinct('list_concat($1, $2)')} END`,
  ],
  [
    'array_intersect',
    'array(T), array(T)',
    'array(T)',
    `CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE ${distinct('list_filter($1, lambda item: list_contains($2, item) OR (item IS NULL AND list_count($2) < len($2)))')} END`,
  ],
  [
    'array_except',
    'array(T), array(T)',
    'array(T)',
    `CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL ELSE ${distinct('list_filter($1, lambda item: NOT (coalesce(list_contains($2, item), false) OR (item IS NULL AND list_count($2) < len($2))))')} END`,
  ],
  [
    'arrays_overlap',
    'array(T), array(T)',
    'boolean',
    `CASE WHEN list_has_any($1, $2) THEN true WHEN ${hasNull('$1')} OR ${hasNull('$2')} THEN NULL ELSE false END`,
  ],
  [
    'array_remove',
    'array(T), T',
    'array(T)',
    'CASE WHEN $2 IS NOT NULL THEN list_filter($1, lambda item: item IS DISTINCT FROM $2) END',
  ],
  ['array_join', 'array(T), varchar', 'varchar', joined],
  ['array_join', 'array(T), varchar, varchar', 'varchar', joined],
  ['flatten', 'array(array(T))', 'array(T)', 'flatten($1)'],
  [
    'slice',
    'array(T), bigint, bigint',
    'array(T)',
    (args, { result }) =>
      `CASE WHEN ${args[1]?.sql} = 0 THEN ${atIndexZero(result)} ELSE trino_slice(${args.map(({ sql }) => sql).join(', ')}) END`,
  ],
  ['trim_array', 'array(T), bigint', 'array(T)', 'list_slice($1, 1, len($1) - $2)'],
  ['repeat', 'T, bigint', 'array(T)', 'list_transform(range($2), lambda item: $1)'],
  ['reverse', 'array(T)', 'array(T)', 'list_reverse($1)'],
  [
    'shuffle',
    'array(T)',
    'array(T)',
    'list_transform(list_sort(list_transform($1, lambda item: struct_pack(place := random(), item := item))), lambda pair: pair.item)',
  ],
  [
    'concat',
    'array(T), array(T), array(T)...',
    'array(T)',
    (args) =>
      `CASE WHEN ${args.map(({ sql }) => `${sql} IS NULL`).join(' OR ')} THEN NULL ELSE list_concat(${args.map(({ sql }) => sql).join(', ')}) END`,
  ],
  [
    'sequence',
    'bigint, bigint',
    'array(bigint)',
    'generate_series($1, $2, CASE WHEN $2 >= $1 THEN 1 ELSE -1 END)',
  ],
  ['sequence', 'bigint, bigint, bigint', 'array(bigint)', 'generate_series($1, $2, $3)'],
  [
    'sequence',
    'date, date',
    'array(date)',
    'list_transform(generate_series($1, $2, to_days(CASE WHEN $2 >= $1 THEN 1 ELSE -1 END)), lambda item: CAST(item AS DATE))',
  ],
  ...(['interval day to second', 'interval year to month'] as const).flatMap((interval) => [
    [
      'sequence',
      `date, date, ${interval}`,
      'array(date)',
      'list_transform(generate_series($1, $2, $3), lambda item: CAST(item AS DATE))',
    ] as const,
    ['sequence', `S, S, ${interval}`, 'array(S)', 'generate_series($1, $2, $3)'] as const,
  ]),
  [
    'zip',
    'array(T), array(U)',
    (types) => arrayOf({ kind: 'row', fields: types.map((type) => ({ type: itemOf(type) })) }),
    zipped,
  ],
  [
    'zip',
    'array(T), array(U), array(V)',
    (types) => arrayOf({ kind: 'row', fields: types.map((type) => ({ type: itemOf(type) })) }),
    zipped,
  ],
  [
    'zip_with',
    'array(T), array(U), function(T, U, R)',
    'array(R)',
    ([left, right, merge]) =>
      `CASE WHEN ${left?.sql} IS NULL OR ${right?.sql} IS NULL THEN NULL ELSE list_transform(range(1, greatest(len(${left?.sql}), len(${right?.sql})) + 1), lambda i: ${applied(merge as TypedSql, [`${left?.sql}[i]`, `${right?.sql}[i]`])}) END`,
  ],
  ['transform', 'array(T), function(T, U)', 'array(U)', 'list_transform($1, $2)'],
  ['filter', 'array(T), function(T, boolean)', 'array(T)', 'list_filter($1, $2)'],
  [
    'reduce',
    'array(T), T, function(T, T, T), function(T, R)',
    'R',
    ([list, start, merge, finish]) =>
      applied(finish as TypedSql, [`list_reduce(${list?.sql}, ${merge?.sql}, ${start?.sql})`]),
  ],
  ['any_match', 'array(T), function(T, boolean)', 'boolean', matches(false)],
  ['all_match', 'array(T), function(T, boolean)', 'boolean', matches(true)],
  ['none_match', 'array(T), function(T, boolean)', 'boolean', (args) => `(NOT (${matches(false)(args)}))`],
  ['map', 'array(K), array(V)', 'map(K, V)', 'map($1, $2)'],
  ['map_keys', 'map(K, V)', 'array(K)', 'map_keys($1)'],
  ['map_values', 'map(K, V)', 'array(V)', 'map_values($1)'],
  [
    'map_entries',
    'map(K, V)',
    entriesType,
    'list_transform(map_entries($1), lambda entry: struct_pack(field0 := entry.key, field1 := entry.value))',
  ],
  ['map_from_entries', 'array(T)', mapFromEntriesType, mapFromEntries],
  [
    'map_concat',
    'map(K, V), map(K, V), map(K, V)...',
    'map(K, V)',
    (args) =>
      `CASE WHEN ${args.map(({ sql }) => `${sql} IS NULL`).join(' OR ')} THEN NULL ELSE map_concat(${args.map(({ sql }) => sql).join(', ')}) END`,
  ],
  [
    'map_filter',
    'map(K, V), function(K, V, boolean)',
    'map(K, V)',
    ([map, test]) =>
      `CASE WHEN ${map?.sql} IS NULL THEN NULL ELSE map_from_entries(list_filter(map_entries(${map?.sql}), lambda entry: ${applied(test as TypedSql, ['entry.key', 'entry.value'])})) END`,
  ],
  [
    'transform_values',
    'map(K, V), function(K, V, R)',
    'map(K, R)',
    ([map, change]) =>
      entries(map as TypedSql, 'entry.key', applied(change as TypedSql, ['entry.key', 'entry.value'])),
  ],
  [
    'transform_keys',
    'map(K, V), function(K, V, R)',
    'map(R, V)',
    ([map, change]) =>
      entries(map as TypedSql, applied(change as TypedSql, ['entry.key', 'entry.value']), 'entry.value'),
  ],
]);

// What Trino does and DuckDB's SQL has no words for, as macros that queries call by name.

const URL = '^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\\?([^#]*))?(#(.*))?';

const MACROS: readonly [signature: string, body: string][] = [
  // Of the shortest decimal text of a positive number: `123.5`, `1.5e-07`. Its parts and its significant digits are
  // items of lists, because what a macro names twice is planned twice.
  [
    'trino_e(t)',
    `list_transform([regexp_extract(t, '^([0-9]+)\\.?(0*)([0-9]*)e?(.*)$', ['whole', 'zeros', 'rest', 'e'])], lambda p: list_transform([rtrim(ltrim(p.whole || p.zeros || p.rest, '0'), '0')], lambda s: left(s, 1) || '.' || CASE WHEN length(s) = 1 THEN '0' ELSE s[2:] END)[1] || 'E' || (coalesce(TRY_CAST(p.e AS INTEGER), 0) + CASE WHEN p.whole = '0' THEN -length(p.zeros) - 1 ELSE length(p.whole) - 1 END))[1]`,
  ],
  // signbit() tells -0.0 from 0.0.
  [
    'trino_scientific(x)',
    `CASE WHEN x = 0 THEN CASE WHEN signbit(x) THEN '-0.0E0' ELSE '0.0E0' END WHEN isfinite(x) THEN CASE WHEN x < 0 THEN '-' ELSE '' END || trino_e(CAST(abs(x) AS VARCHAR)) WHEN isnan(x) THEN 'NaN' WHEN x > 0 THEN 'Infinity' WHEN x < 0 THEN '-Infinity' END`,
  ],
  // As Java prints a double: plainly between a thousandth and ten million, where DuckDB does so too.
  [
    'trino_java_number(x)',
    `CASE WHEN abs(x) >= 1e-3 AND abs(x) < 1e7 OR x = 0 THEN CAST(x AS VARCHAR) ELSE trino_scientific(x) END`,
  ],
  [
    'trino_hms(ms)',
    `lpad(CAST(ms // 3600000 % 24 AS VARCHAR), 2, '0') || ':' || lpad(CAST(ms // 60000 % 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(ms // 1000 % 60 AS VARCHAR), 2, '0') || '.' || lpad(CAST(ms % 1000 AS VARCHAR), 3, '0')`,
  ],
  [
    'trino_interval_of(ms)',
    `CASE WHEN ms < 0 THEN '-' ELSE '' END || CAST(abs(ms) // 86400000 AS VARCHAR) || ' ' || trino_hms(abs(ms))`,
  ],
  ['trino_day_interval(i)', `trino_interval_of(CAST(round(epoch(i) * 1000) AS BIGINT))`],
  ['trino_months(i)', `CAST(date_part('year', i) * 12 + date_part('month', i) AS BIGINT)`],
  [
    'trino_month_interval(i)',
    `CASE WHEN trino_months(i) < 0 THEN '-' ELSE '' END || CAST(abs(trino_months(i)) // 12 AS VARCHAR) || '-' || CAST(abs(trino_months(i)) % 12 AS VARCHAR)`,
  ],
  [
    'trino_substr(s, i)',
    `CASE WHEN s IS NULL THEN NULL WHEN i = 0 OR -i > length(s) THEN '' ELSE substr(s, i) END`,
  ],
  [
    'trino_substr_for(s, i, n)',
    `CASE WHEN s IS NULL THEN NULL WHEN i = 0 OR -i > length(s) OR n <= 0 THEN '' ELSE substr(s, i, n) END`,
  ],
  [
    'trino_ln(x)',
    `CASE WHEN x > 0 THEN ln(x) WHEN x = 0 THEN CAST('-Infinity' AS DOUBLE) WHEN x IS NOT NULL THEN CAST('NaN' AS DOUBLE) END`,
  ],
  ['trino_url(u, part)', `regexp_extract(u, '${URL}', part)`],
  [
    'trino_iso_instant(t)',
    `CASE WHEN t IS NULL OR regexp_full_match(t, '[0-9T:.W-]*?([0-9]Z?|T|\\+00:?00)') AND NOT regexp_matches(t, 'T.*-') THEN CAST(t AS TIMESTAMPTZ) ELSE CAST(CAST(CAST('⟦NOT_SUPPORTED⟧times with an offset other than UTC are not supported here: ' || t || '⟦end⟧' AS INTEGER) AS VARCHAR) AS TIMESTAMPTZ) END`,
  ],
  [
    'trino_array_distinct(l)',
    `list_filter(l, lambda item, i: CASE WHEN item IS NULL THEN i = list_position(list_transform(l, lambda other: other IS NULL), true) ELSE i = list_position(l, item) END)`,
  ],
  [
    'trino_slice(l, s, n)',
    `CASE WHEN s > 0 THEN list_slice(l, s, s + n - 1) WHEN -s > len(l) THEN list_slice(l, 1, 0) ELSE list_slice(l, len(l) + s + 1, len(l) + s + n) END`,
  ],
  // Into the range of a signed number with so many values.
  [
    'trino_wrapped(x, n)',
    `list_transform([((x % n) + n) % n], lambda rest: CASE WHEN rest >= n // 2 THEN rest - n ELSE rest END)[1]`,
  ],
  ['trino_keys(entries)', `list_transform(entries, lambda pair: pair.key)`],
  // Of rows with the same key the first one counts.
  [
    'trino_map_of(entries)',
    `map_from_entries(list_filter(entries, lambda item, i: item.key IS NOT NULL AND list_position(trino_keys(entries), item.key) = i))`,
  ],
  [
    'trino_multimap_of(entries)',
    `map_from_entries(list_transform(list_filter(entries, lambda item, i: item.key IS NOT NULL AND list_position(trino_keys(entries), item.key) = i), lambda item: struct_pack(key := item.key, value := list_transform(list_filter(entries, lambda other: other.key = item.key), lambda other: other.value))))`,
  ],
];

/** Statements that a DuckDB which runs these queries begins with. */
export const TRINO_MACROS: readonly string[] = MACROS.map(
  ([signature, body]) => `CREATE MACRO ${signature} AS ${body}`,
);

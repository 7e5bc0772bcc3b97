// Trino's functions on text and binary values.
import { duckdbText } from '../../../tabular/duckdb-text.js';
import { define, literalText } from './function-definition.js';

/** Java's `$1` in a replacement is `\\1` in RE2; a backslash takes away what follows its meaning. */
function replacementFor(text: string): string {
  return text.replace(/\\([\s\S])|\$(\d)|\\$/g, (_, escaped?: string, group?: string) => {
    if (group !== undefined) return `\\${group}`;
    return escaped === '\\' || escaped === undefined ? '\\\\' : escaped;
  });
}

const nullUnlessFound = (pattern: string, group: string) =>
  `CASE WHEN regexp_matches($1, ${pattern}) THEN regexp_extract($1, ${pattern}, ${group}) END`;

export const TEXT_FUNCTIONS = define('scalar', [
  ['length', 'varchar', 'bigint', 'length($1)'],
  ['length', 'varbinary', 'bigint', 'octet_length($1)'],
  ['lower', 'varchar', 'varchar', 'lower($1)'],
  ['upper', 'varchar', 'varchar', 'upper($1)'],
  ['reverse', 'varchar', 'varchar', 'reverse($1)'],
  ['trim', 'varchar', 'varchar', `trim($1, ' \t\n\r\u000b\f')`],
  ['ltrim', 'varchar', 'varchar', `ltrim($1, ' \t\n\r\u000b\f')`],
  ['rtrim', 'varchar', 'varchar', `rtrim($1, ' \t\n\r\u000b\f')`],
  ['trim', 'varchar, varchar', 'varchar', 'trim($1, $2)'],
  ['ltrim', 'varchar, varchar', 'varchar', 'ltrim($1, $2)'],
  ['rtrim', 'varchar, varchar', 'varchar', 'rtrim($1, $2)'],
  // Positions count from 1; 0 is nowhere, negative ones count from the end.
  ['substr substring', 'varchar, bigint', 'varchar', 'trino_substr($1, $2)'],
  ['substr substring', 'varchar, bigint, bigint', 'varchar', 'trino_substr_for($1, $2, $3)'],
  ['strpos', 'varchar, varchar', 'bigint', 'strpos($1, $2)'],
  ['replace', 'varchar, varchar', 'varchar', `replace($1, $2, '')`],
  ['replace', 'varchar, varchar, varchar', 'varchar', 'replace($1, $2, $3)'],
  ['translate', 'varchar, varchar, varchar', 'varchar', 'translate($1, $2, $3)'],
  ['split', 'varchar, varchar', 'array(varchar)', 'string_split($1, $2)'],
  [
    'split',
    'varchar, varchar, bigint',
    'array(varchar)',
    `CASE WHEN len(string_split($1, $2)) <= $3 THEN string_split($1, $2) ELSE list_append(string_split($1, $2)[1:$3 - 1], array_to_string(string_split($1, $2)[$3:], $2)) END`,
  ],
  ['split_part', 'varchar, varchar, bigint', 'varchar', 'string_split($1, $2)[nullif(greatest($3, 0), 0)]'],
  [
    'split_to_map',
    'varchar, varchar, varchar',
    'map(varchar, varchar)',
    `map_from_entries(list_transform(list_filter(string_split($1, $2), lambda pair: pair <> ''), lambda pair: struct_pack(key := split_part(pair, $3, 1), value := pair[strpos(pair, $3) + length($3):])))`,
  ],
  ['starts_with', 'varchar, varchar', 'boolean', 'starts_with($1, $2)'],
  ['lpad', 'varchar, bigint, varchar', 'varchar', 'lpad($1, CAST($2 AS INTEGER), $3)'],
  ['rpad', 'varchar, bigint, varchar', 'varchar', 'rpad($1, CAST($2 AS INTEGER), $3)'],
  ['chr', 'bigint', 'varchar', 'chr(CAST($1 AS INTEGER))'],
  ['codepoint', 'varchar', 'integer', 'unicode($1)'],
  [
    'concat',
    'varchar, varchar, varchar...',
    'varchar',
    (args) => `(${args.map(({ sql }) => sql).join(' || ')})`,
  ],
  [
    'concat_ws',
    'varchar, varchar...',
    'varchar',
    (args) => `concat_ws(${args.map(({ sql }) => sql).join(', ')})`,
  ],
  ['concat_ws', 'varchar, array(varchar)', 'varchar', 'array_to_string($2, $1)'],
  // Every second digit from the right doubled, the digits of all that added up.
  [
    'luhn_check',
    'varchar',
    'boolean',
    `CASE WHEN regexp_full_match($1, '[0-9]+') THEN list_sum(list_transform(string_split(reverse($1), ''), lambda digit, i: CASE WHEN i % 2 = 1 THEN CAST(digit AS INTEGER) ELSE CAST(digit AS INTEGER) * 2 // 10 + CAST(digit AS INTEGER) * 2 % 10 END)) % 10 = 0 WHEN $1 IS NOT NULL THEN false END`,
  ],
  ['levenshtein_distance', 'varchar, varchar', 'bigint', 'levenshtein($1, $2)'],
  ['hamming_distance', 'varchar, varchar', 'bigint', 'hamming($1, $2)'],
  [
    'normalize',
    'varchar, varchar',
    'varchar',
    (args, context) =>
      literalText(args, 1, context) === 'NFC'
        ? `nfc_normalize(${args[0]?.sql})`
        : context.refuse('normalize knows only the form NFC here'),
  ],
  ['regexp_like', 'varchar, varchar', 'boolean', 'regexp_matches($1, $2)'],
  ['regexp_extract', 'varchar, varchar', 'varchar', nullUnlessFound('$2', '0')],
  ['regexp_extract', 'varchar, varchar, bigint', 'varchar', nullUnlessFound('$2', 'CAST($3 AS INTEGER)')],
  ['regexp_extract_all', 'varchar, varchar', 'array(varchar)', 'regexp_extract_all($1, $2)'],
  [
    'regexp_extract_all',
    'varchar, varchar, bigint',
    'array(varchar)',
    'regexp_extract_all($1, $2, CAST($3 AS INTEGER))',
  ],
  ['regexp_replace', 'varchar, varchar', 'varchar', `regexp_replace($1, $2, '', 'g')`],
  [
    'regexp_replace',
    'varchar, varchar, varchar',
    'varchar',
    (args, context) =>
      `regexp_replace(${args[0]?.sql}, ${args[1]?.sql}, ${duckdbText(replacementFor(literalText(args, 2, context)))}, 'g')`,
  ],
  [
    'regexp_position',
    'varchar, varchar',
    'integer',
    `CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN regexp_matches($1, $2) THEN CAST(length(regexp_extract($1, '^([\\s\\S]*?)(?:' || $2 || ')', 1)) + 1 AS INTEGER) ELSE -1 END`,
  ],
  ['regexp_split', 'varchar, varchar', 'array(varchar)', 'string_split_regex($1, $2)'],
  ['regexp_count', 'varchar, varchar', 'bigint', 'len(regexp_extract_all($1, $2))'],
  ['to_utf8', 'varchar', 'varbinary', 'encode($1)'],
  ['from_utf8', 'varbinary', 'varchar', 'decode($1)'],
  ['to_hex', 'varbinary', 'varchar', 'hex($1)'],
  ['from_hex', 'varchar', 'varbinary', 'unhex($1)'],
  ['to_base64', 'varbinary', 'varchar', 'to_base64($1)'],
  ['from_base64', 'varchar', 'varbinary', 'from_base64($1)'],
  ['to_base64url', 'varbinary', 'varchar', `replace(replace(to_base64($1), '+', '-'), '/', '_')`],
  ['from_base64url', 'varchar', 'varbinary', `from_base64(replace(replace($1, '-', '+'), '_', '/'))`],
  ['md5', 'varbinary', 'varbinary', 'unhex(md5($1))'],
  ['sha1', 'varbinary', 'varbinary', 'unhex(sha1($1))'],
  ['sha256', 'varbinary', 'varbinary', 'unhex(sha256($1))'],
  ['url_encode', 'varchar', 'varchar', `replace(replace(url_encode($1), '%20', '+'), '~', '%7E')`],
  ['url_decode', 'varchar', 'varchar', `url_decode(replace($1, '+', ' '))`],
  ['url_extract_protocol', 'varchar', 'varchar', `trino_url($1, 2)`],
  [
    'url_extract_host',
    'varchar',
    'varchar',
    `nullif(regexp_replace(regexp_replace(trino_url($1, 4), '^.*@', ''), ':[0-9]*$', ''), '')`,
  ],
  [
    'url_extract_port',
    'varchar',
    'bigint',
    `TRY_CAST(nullif(regexp_extract(trino_url($1, 4), ':([0-9]+)$', 1), '') AS BIGINT)`,
  ],
  ['url_extract_path', 'varchar', 'varchar', `trino_url($1, 5)`],
  ['url_extract_query', 'varchar', 'varchar', `trino_url($1, 7)`],
  ['url_extract_fragment', 'varchar', 'varchar', `trino_url($1, 9)`],
  [
    'url_extract_parameter',
    'varchar, varchar',
    'varchar',
    `url_decode(replace(list_extract(list_transform(list_filter(string_split(trino_url($1, 7), '&'), lambda pair: split_part(pair, '=', 1) = $2), lambda pair: CASE WHEN contains(pair, '=') THEN pair[strpos(pair, '=') + 1:] ELSE '' END), 1), '+', ' '))`,
  ],
]);

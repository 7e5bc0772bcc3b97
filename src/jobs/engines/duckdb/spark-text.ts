// Spark's SQL in DuckDB's spelling: quotes, casts and the functions that only differ in name. The rest is DuckDB's SQL.
import { duckdbName, duckdbText } from '../../../tabular/duckdb-text.js';

/** Functions of Spark under DuckDB's names. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  // Outside of ANSI mode a cast that fails gives null in Spark.
  cast: 'TRY_CAST',
  collect_list: 'list',
  explode: 'unnest',
  nvl: 'coalesce',
  rand: 'random',
  size: 'len',
};

/** Functions that DuckDB calls without brackets or with other ones. */
const WHOLE_CALLS: readonly [RegExp, string][] = [
  [/^current_date\s*\(\s*\)/i, 'current_date'],
  [/^(?:current_timestamp|now)\s*\(\s*\)/i, 'CAST(now() AS TIMESTAMP)'],
  [/^collect_set\s*\(/i, 'list(DISTINCT '],
];

const TOKEN =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|(?<text>'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*")|(?<name>`(?:[^`]|``)*`)|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<safeEquals><=>)|[\s\S]/gy;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', '0': '\0' };

/** In Spark both quotes make a text and backticks make a name. */
export function sparkToDuckdb(text: string): string {
  let made = '';
  let previous = '';
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const { comment, text: literal, name, word, safeEquals } = match.groups ?? {};
    if (comment !== undefined) made += ' ';
    else if (literal !== undefined) made += duckdbText(unquote(literal));
    else if (name !== undefined) made += duckdbName(name.slice(1, -1).replaceAll('``', '`'));
    else if (safeEquals !== undefined) made += ' IS NOT DISTINCT FROM ';
    else if (word !== undefined) {
      const rest = text.slice(match.index);
      const call = previous === '.' ? undefined : WHOLE_CALLS.find(([pattern]) => pattern.test(rest));
      if (call) {
        made += call[1];
        TOKEN.lastIndex = match.index + (call[0].exec(rest)?.[0].length ?? 0);
      } else made += renamed(word, text.slice(TOKEN.lastIndex), previous);
    } else made += match[0];
    if (match[0].trim() !== '') previous = match[0];
  }
  return made;
}

function renamed(word: string, following: string, previous: string): string {
  const isCall = previous !== '.' && /^\s*\(/.test(following);
  return (isCall ? FUNCTIONS[word.toLowerCase()] : undefined) ?? word;
}

function unquote(literal: string): string {
  const quote = literal[0] as string;
  return literal
    .slice(1, -1)
    .replaceAll(quote + quote, quote)
    .replace(
      /\\([\s\S])/g,
      (_, character: string) => ESCAPES[character] ?? (/[%_]/.test(character) ? `\\${character}` : character),
    );
}

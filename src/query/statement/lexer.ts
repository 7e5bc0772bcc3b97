// Query text as tokens, in either of the two dialects that Athena reads: Hive's for DDL, Trino's for the rest.

/** They differ in what quotes mean: "x" is a string in Hive and a name in Trino, a backslash escapes in Hive only. */
export type Dialect = 'hive' | 'trino';

export interface Token {
  /** `unfinished` is a quote that is never closed; `end` comes once, after everything. */
  kind: 'word' | 'backquoted' | 'single' | 'double' | 'number' | 'symbol' | 'unfinished' | 'end';
  /** As it stands in the source. */
  text: string;
  /** Without quotes, escapes undone. */
  value: string;
  /** The word in upper case; '' for everything that is not a bare word. */
  word: string;
  /** Offsets into the source. */
  start: number;
  end: number;
}

const TWO_CHARACTER_SYMBOLS = new Set(['<=', '>=', '<>', '!=', '==', '||', '->', '=>']);

/** Never fails: what cannot be read becomes a token that no grammar takes. Linear in the length of `source`. */
export function tokenize(source: string, dialect: Dialect): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while ((at = skipBlanks(source, at)) < source.length) {
    const token = tokenAt(source, at, dialect);
    tokens.push(token);
    at = token.end;
  }
  tokens.push(tokenOf('end', '<EOF>', '', source.length, source.length));
  return tokens;
}

function tokenOf(kind: Token['kind'], text: string, value: string, start: number, end: number): Token {
  return { kind, text, value, word: kind === 'word' ? text.toUpperCase() : '', start, end };
}

/** The offset of the next character that is neither white space nor in a comment. */
function skipBlanks(source: string, start: number): number {
  let at = start;
  for (;;) {
    if (isBlank(source.charCodeAt(at))) at++;
    else if (source.startsWith('--', at)) at = endOf(source.indexOf('\n', at), 1, source);
    else if (source.startsWith('/*', at)) at = endOf(source.indexOf('*/', at + 2), 2, source);
    else return at;
  }
}

const endOf = (found: number, length: number, source: string) => (found < 0 ? source.length : found + length);

function tokenAt(source: string, start: number, dialect: Dialect): Token {
  const character = source[start] as string;
  if (character === "'") return quoted(source, start, 'single', dialect);
  if (character === '"') return quoted(source, start, 'double', dialect);
  if (character === '`') return quoted(source, start, 'backquoted', dialect);
  if (isWordCharacter(source.charCodeAt(start))) return wordOrNumber(source, start);
  const pair = source.slice(start, start + 2);
  const text = TWO_CHARACTER_SYMBOLS.has(pair)
    ? pair
    : String.fromCodePoint(source.codePointAt(start) as number);
  return tokenOf('symbol', text, text, start, start + text.length);
}

function quoted(
  source: string,
  start: number,
  kind: 'single' | 'double' | 'backquoted',
  dialect: Dialect,
): Token {
  const quote = source[start] as string;
  const hasEscapes = dialect === 'hive' && kind !== 'backquoted';
  let at = start + 1;
  for (;;) {
    if (at >= source.length) {
      return tokenOf('unfinished', source.slice(start, start + 20), '', start, source.length);
    }
    if (hasEscapes && source[at] === '\\') at += 2;
    else if (source[at] !== quote) at++;
    else if (source[at + 1] === quote) at += 2;
    else break;
  }
  const inside = source.slice(start + 1, at);
  // In Hive two strings that touch are one, so 'a''b' is ab there and a'b in Trino.
  const value = hasEscapes ? unescapeHive(inside, quote) : inside.replaceAll(quote + quote, quote);
  return tokenOf(kind, source.slice(start, at + 1), value, start, at + 1);
}

const SINGLE_CHARACTER_ESCAPES: Record<string, string> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\x1a',
  '%': '\\%',
  _: '\\_',
};

/** Hive, BaseSemanticAnalyzer.unescapeSQLString: \uXXXX, \ooo, \n and the like; any other escaped character is itself. */
function unescapeHive(inside: string, quote: string): string {
  if (!inside.includes('\\') && !inside.includes(quote)) return inside;
  let value = '';
  for (let at = 0; at < inside.length; at++) {
    const character = inside[at] as string;
    if (character === quote) continue;
    if (character !== '\\') {
      value += character;
      continue;
    }
    const unicode = /^u([0-9a-fA-F]{4})/.exec(inside.slice(at + 1, at + 6))?.[1];
    const octal = /^[0-3][0-7]{2}/.exec(inside.slice(at + 1, at + 4))?.[0];
    if (unicode !== undefined) value += String.fromCharCode(parseInt(unicode, 16));
    else if (octal !== undefined) value += String.fromCharCode(parseInt(octal, 8));
    else {
      const escaped = inside[at + 1] ?? '';
      value += SINGLE_CHARACTER_ESCAPES[escaped] ?? escaped;
    }
    at += unicode !== undefined ? 5 : octal !== undefined ? 3 : 1;
  }
  return value;
}

// A word may begin with a digit (Hive); what has digits only, or a fraction or exponent, is a number.
function wordOrNumber(source: string, start: number): Token {
  let at = start;
  while (isWordCharacter(source.charCodeAt(at))) at++;
  const text = source.slice(start, at);
  if (!isDigit(source.charCodeAt(start))) return tokenOf('word', text, text, start, at);
  const isExponent = EXPONENT.test(text);
  if (!isExponent && !ALL_DIGITS.test(text)) return tokenOf('word', text, text, start, at);
  if (!isExponent && source[at] === '.' && isDigit(source.charCodeAt(at + 1))) {
    at++;
    while (isWordCharacter(source.charCodeAt(at))) at++;
  }
  const number = source.slice(start, at);
  return tokenOf('number', number, number, start, at);
}

const ALL_DIGITS = /^[0-9]+$/;
const EXPONENT = /^[0-9]+[eE][0-9]+$/;

const isDigit = (code: number) => code >= 48 && code <= 57;
const isWordCharacter = (code: number) =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
const isBlank = (code: number) =>
  code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff || code === 0x3000;

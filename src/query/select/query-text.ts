// A query's text cut into words, names, numbers, texts and signs, each with its place.
import { QueryFailure } from '../statement/query-failure.js';

export type TokenKind =
  'word' | 'quoted' | 'integer' | 'decimal' | 'double' | 'string' | 'binary' | 'sign' | 'end';

export interface Token {
  kind: TokenKind;
  /** Of a word as it is written; of quoted names and strings without quotes, doubled quotes undone. */
  text: string;
  /** Of a word: in upper case, which is how keywords are compared. Otherwise `text`. */
  upper: string;
  /** Offset in the query's text. */
  at: number;
  /** Offset behind it. */
  end: number;
}

const SPACE = /(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const WORD = /[A-Za-z_][A-Za-z0-9_@:]*/y;
const DIGIT_WORD = /[0-9]+[A-Za-z_][A-Za-z0-9_@:]*/y;
const DOUBLE = /(?:\d[\d_]*(?:\.\d*)?|\.\d+)[eE][+-]?\d+/y;
const DECIMAL = /(?:\d[\d_]*\.\d*|\.\d+)/y;
const INTEGER = /\d[\d_]*/y;
const SIGN = /<>|!=|<=|>=|\|\||->|=>|[-+*/%=<>()[\],.?:;]/y;

/** @throws QueryFailure at submission for what is no token: an unterminated text, a stray character */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const push = (kind: TokenKind, length: number, value: string, upper = value) => {
    tokens.push({ kind, text: value, upper, at, end: at + length });
    at += length;
  };
  for (;;) {
    at += match(SPACE)?.length ?? 0;
    if (at >= text.length) break;
    const character = text[at] as string;
    if (character === "'" || character === '"' || character === '`') {
      const body = quotedBody(text, at, character);
      push(character === "'" ? 'string' : 'quoted', body.length + 2, unquote(body, character));
      continue;
    }
    if ((character === 'X' || character === 'x') && text[at + 1] === "'") {
      const body = quotedBody(text, at + 1, "'");
      push('binary', body.length + 3, body.replaceAll(/\s/g, ''));
      continue;
    }
    const word = match(WORD);
    if (word !== undefined) {
      push('word', word.length, word, word.toUpperCase());
      continue;
    }
    const double = match(DOUBLE);
    const decimal = match(DECIMAL);
    const integer = match(INTEGER);
    const sign = match(SIGN);
    if (double !== undefined) push('double', double.length, double.replaceAll('_', ''));
    else if (match(DIGIT_WORD) !== undefined) {
      throw syntaxError(
        text,
        at,
        `identifiers must not start with a digit; surround the identifier with double quotes`,
      );
    } else if (decimal !== undefined) push('decimal', decimal.length, decimal.replaceAll('_', ''));
    else if (integer !== undefined) push('integer', integer.length, integer.replaceAll('_', ''));
    else if (sign !== undefined) push('sign', sign.length, sign);
    else throw syntaxError(text, at, `mismatched input '${character}'`);
  }
  tokens.push({ kind: 'end', text: '<EOF>', upper: '<EOF>', at: text.length, end: text.length });
  return tokens;
}

function quotedBody(text: string, start: number, quote: string): string {
  for (let end = start + 1; end < text.length; end++) {
    if (text[end] !== quote) continue;
    if (text[end + 1] === quote) end += 1;
    else return text.slice(start + 1, end);
  }
  throw syntaxError(text, start, `mismatched input '${quote}'`);
}

function unquote(body: string, quote: string): string {
  return body.replaceAll(quote + quote, quote);
}

/** `line 1:15`: lines from 1, columns from 1, as Trino's messages count them. */
export function placeOf(text: string, at: number): string {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  return `line ${before.split('\n').length}:${at - lineStart + 1}`;
}

/** A part of a text with nothing but blanks before it, so that places in it are places in the whole. */
export function inPlace(text: string, { line, column }: { line: number; column: number }): string {
  return '\n'.repeat(line - 1) + ' '.repeat(column) + text;
}

/** What a query that does not parse is refused with, when it is submitted. */
export function syntaxError(text: string, at: number, message: string): QueryFailure {
  return new QueryFailure(`${placeOf(text, at)}: ${message}`, 'submission');
}

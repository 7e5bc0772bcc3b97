// Reading in Trino's grammar, with what Trino's parser says when it cannot go on.
import { nameOfParts } from './hive-reader.js';
import type { Token } from './lexer.js';
import { QueryFailure } from './query-failure.js';
import { isReservedInQueries } from './reserved-words.js';
import type { ObjectName } from './statement.js';
import { placeOf, type TokenReader } from './token-reader.js';

export interface TrinoReader extends TokenReader {
  expectWords(...words: string[]): void;
  expectSymbol(symbol: string): void;
  expectEnd(): void;
  string(): string;
  /** A name: bare and not reserved, or in double quotes; as written. */
  name(): string;
  objectName(): ObjectName;
  /** `expected` as Trino lists it: words in single quotes, kinds in angle brackets. */
  fail(...expected: string[]): never;
  failAt(token: Token, message: string): never;
}

export function trinoReader(tokens: TokenReader): TrinoReader {
  const { peek, next, takeSymbol, takeWords } = tokens;

  const failAt = (token: Token, message: string): never => {
    throw syntaxFailure(tokens.source, token, message);
  };
  const fail = (...expected: string[]): never =>
    failAt(
      peek(),
      `mismatched input '${peek().text}'. Expecting: ${[...expected].sort(byKindAndName).join(', ')}`,
    );
  const quote = (word: string) => `'${word}'`;

  const name = (): string => {
    const token = peek();
    if (token.kind === 'double') return next().value;
    if (token.kind === 'backquoted') {
      return failAt(
        token,
        'backquoted identifiers are not supported; use double quotes to quote identifiers',
      );
    }
    if (token.kind !== 'word' || isReservedInQueries(token.word)) return fail('<identifier>');
    if (STARTS_WITH_DIGIT.test(token.text)) {
      return failAt(
        token,
        'identifiers must not start with a digit; surround the identifier with double quotes',
      );
    }
    return next().text;
  };

  return {
    ...tokens,
    get position() {
      return tokens.position;
    },
    fail,
    failAt,
    name,
    expectWords(...words) {
      for (const word of words) if (!takeWords(word)) fail(quote(word));
    },
    expectSymbol(symbol) {
      if (!takeSymbol(symbol)) fail(quote(symbol));
    },
    expectEnd() {
      if (peek().kind !== 'end') fail('<EOF>');
    },
    string() {
      if (peek().kind !== 'single') fail('<string>');
      return next().value;
    },
    objectName() {
      const parts = [name()];
      while (parts.length < 3 && takeSymbol('.')) parts.push(name());
      return nameOfParts(parts);
    },
  };
}

const STARTS_WITH_DIGIT = /^[0-9]/;

// 'WORDS' before <kinds>, each by the alphabet.
function byKindAndName(a: string, b: string): number {
  const isKind = (text: string) => text.startsWith('<');
  return Number(isKind(a)) - Number(isKind(b)) || (a < b ? -1 : a > b ? 1 : 0);
}

/** A text that Trino's parser refuses: Athena answers so when the query is handed in. Columns count from 1. */
function syntaxFailure(source: string, token: Token, message: string): QueryFailure {
  const { line, column } = placeOf(source, token.start);
  return new QueryFailure(`line ${line}:${column + 1}: ${message}`, 'submission', 2, 1006);
}

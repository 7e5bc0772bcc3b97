// Walks over a query's tokens: what every rule of the grammar is written with.
import { QueryFailure } from '../statement/query-failure.js';
import { syntaxError, tokensOf, type Token } from './query-text.js';
import type { Expression, Query } from './syntax.js';

/** Words that Trino does not take as names unless they are quoted. */
const RESERVED = new Set(
  (
    'ALTER AND AS BETWEEN BY CASE CAST CONSTRAINT CREATE CROSS CUBE CURRENT_CATALOG CURRENT_DATE CURRENT_PATH ' +
    'CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEALLOCATE DELETE DESCRIBE DISTINCT ' +
    'DROP ELSE END ESCAPE EXCEPT EXECUTE EXISTS EXTRACT FALSE FOR FROM FULL GROUP GROUPING HAVING IN INNER INSERT ' +
    'INTERSECT INTO IS JOIN LEFT LIKE LOCALTIME LOCALTIMESTAMP NATURAL NORMALIZE NOT NULL ON OR ORDER OUTER PREPARE ' +
    'RECURSIVE RIGHT ROLLUP SELECT SKIP TABLE THEN TRIM TRUE UNION UNNEST USING VALUES WHEN WHERE WITH'
  ).split(' '),
);

/** Deeper nesting of expressions and queries than this is refused before it can exhaust the stack. */
const DEPTH_MAX = 250;

export interface TokenReader {
  peek(ahead?: number): Token;
  next(): Token;
  /** Whether the next tokens are these keywords or signs. */
  sees(...words: string[]): boolean;
  /** Takes the next tokens when they are these. */
  takes(...words: string[]): boolean;
  /** @throws QueryFailure unless the next tokens are these */
  expect(...words: string[]): void;
  /** An identifier, quotes taken off. @throws QueryFailure */
  name(): string;
  isName(ahead?: number): boolean;
  /** `a.b.c` */
  qualifiedName(): string[];
  /** Offset of the next token. */
  at(): number;
  /** Offset behind the last token that was taken. */
  end(): number;
  /** Items with commas between them. */
  list<T>(item: () => T): T[];
  fail(expected?: string): never;
  /** Fails when it is called in itself too deeply. */
  deeper<T>(read: () => T): T;
  slice(start: number, end: number): string;
  /** Number of the next `?`. */
  nextParameter(): number;
  parameterCount(): number;
  /** Queries are part of expressions, and the other way round: these three rules are known to all others. */
  query(): Query;
  expression(): Expression;
  /** An expression without comparisons, AND, OR and NOT. */
  value(): Expression;
}

/** The rules of the grammar that others reach by their reader. */
export interface Grammar {
  query(reader: TokenReader): Query;
  expression(reader: TokenReader): Expression;
  value(reader: TokenReader): Expression;
}

export function openTokenReader(text: string, grammar: Grammar): TokenReader {
  const tokens = tokensOf(text);
  let index = 0;
  let parameterCount = 0;
  let depth = 0;

  const peek = (ahead = 0) => tokens[Math.min(index + ahead, tokens.length - 1)] as Token;
  const isWord = (token: Token, word: string) =>
    (token.kind === 'word' || token.kind === 'sign') && token.upper === word;
  const sees = (...words: string[]) => words.every((word, ahead) => isWord(peek(ahead), word));
  const takes = (...words: string[]) => {
    if (!sees(...words)) return false;
    index += words.length;
    return true;
  };
  const fail = (expected?: string): never => {
    const token = peek();
    const shown = token.kind === 'end' ? '<EOF>' : text.slice(token.at, token.end);
    throw syntaxError(
      text,
      token.at,
      `mismatched input '${shown}'.${expected === undefined ? '' : ` Expecting: ${expected}`}`,
    );
  };
  const isName = (ahead = 0) => {
    const token = peek(ahead);
    return token.kind === 'quoted' || (token.kind === 'word' && !RESERVED.has(token.upper));
  };

  const reader: TokenReader = {
    peek,
    next() {
      const token = peek();
      if (token.kind !== 'end') index += 1;
      return token;
    },
    sees,
    takes,
    expect(...words) {
      for (const word of words) if (!takes(word)) fail(`'${word}'`);
    },
    isName,
    name() {
      if (!isName()) fail('<identifier>');
      return reader.next().text;
    },
    qualifiedName() {
      const parts = [reader.name()];
      while (takes('.')) parts.push(reader.name());
      return parts;
    },
    at: () => peek().at,
    end: () => tokens[index - 1]?.end ?? 0,
    list(item) {
      const items = [item()];
      while (takes(',')) items.push(item());
      return items;
    },
    fail,
    deeper(read) {
      if (depth >= DEPTH_MAX) {
        throw new QueryFailure(
          `STACK_OVERFLOW: the query is nested more than ${DEPTH_MAX} levels deep`,
          'submission',
        );
      }
      depth += 1;
      try {
        return read();
      } finally {
        depth -= 1;
      }
    },
    slice: (start, end) => text.slice(start, end),
    nextParameter: () => parameterCount++,
    parameterCount: () => parameterCount,
    query: () => grammar.query(reader),
    expression: () => grammar.expression(reader),
    value: () => grammar.value(reader),
  };
  return reader;
}

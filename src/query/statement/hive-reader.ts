// Reading in Hive's grammar, with what Hive's parser says when it cannot go on.
import type { Token } from './lexer.js';
import type { ObjectName } from './statement.js';
import { QueryFailure } from './query-failure.js';
import { isReservedInDdl } from './reserved-words.js';
import { placeOf, type TokenReader } from './token-reader.js';

/**
 * Names what is being read, as Hive's messages end with it: `in create table statement`. Where Hive's text is not
 * known from a public report, its form is that of Hive's error printer (HiveParser.g, getErrorMessage).
 */
export type Rule = string;

export interface HiveReader extends TokenReader {
  expectWords(rule: Rule, ...words: string[]): void;
  expectSymbol(symbol: string, rule: Rule): void;
  expectEnd(): void;
  /** A string in either kind of quotes. */
  string(rule: Rule): string;
  /** A whole number, at least 0. */
  wholeNumber(rule: Rule): number;
  /** A name: bare and not reserved, or in back quotes; as written. */
  name(rule: Rule): string;
  /**
   * `db.table`, each part in back quotes or not; or both in one pair of them, as Athena's documentation writes it. One
   * in double quotes is refused when the query is handed in, in words of a grammar that Athena tries first (seen in
   * public reports).
   */
  objectName(rule?: Rule): ObjectName;
  /** Nothing that could stand here does. */
  fail(rule?: Rule): never;
}

export function hiveReader(tokens: TokenReader): HiveReader {
  const { peek, next, takeSymbol, takeWords, previous, source } = tokens;

  const failWith = (token: Token, message: string, rule?: Rule): never => {
    const { line, column } = placeOf(source, token.start);
    throw new QueryFailure(
      `FAILED: ParseException line ${line}:${column} ${message}${rule === undefined ? '' : ` in ${rule}`}`,
      'execution',
      1,
      DDL_TASK_FAILED,
    );
  };
  const fail = (rule?: Rule): never => {
    const near = [peek(), peek(1), peek(2)].map((token) => `'${token.text}'`).join(' ');
    return failWith(peek(), `cannot recognize input near ${near}`, rule);
  };
  const mismatch = (expected: string, isExpected: (token: Token) => boolean, rule?: Rule): never => {
    const token = peek();
    const near = previous() ? ` near '${previous()?.text}'` : '';
    return isExpected(peek(1))
      ? failWith(token, `extraneous input '${token.text}' expecting ${expected}${near}`, rule)
      : failWith(token, `mismatched input '${token.text}' expecting ${expected}${near}`, rule);
  };

  const refuseDoubleQuotes = (token: Token): never => {
    const { line, column } = placeOf(source, token.start);
    const text = source.slice(0, token.end).trim();
    throw new QueryFailure(
      `line ${line}:${column + 1}: no viable alternative at input '${text}'`,
      'submission',
      2,
      SYNTAX_ERROR,
    );
  };

  const name = (rule: Rule): string => {
    const token = peek();
    if (token.kind === 'backquoted') return next().value;
    // Hive's names begin with a letter or a digit: one with an underscore needs quotes.
    if (token.kind !== 'word' || token.text.startsWith('_')) return fail(rule);
    if (isReservedInDdl(token.word)) {
      failWith(token, `Failed to recognize predicate '${token.text}'. Failed rule: 'identifier'`, rule);
    }
    return next().text;
  };

  return {
    ...tokens,
    get position() {
      return tokens.position;
    },
    fail,
    name,
    expectWords(rule, ...words) {
      for (const word of words) {
        if (!takeWords(word)) mismatch(word, (token) => token.word === word, rule);
      }
    },
    expectSymbol(symbol, rule) {
      if (!takeSymbol(symbol)) mismatch(symbol, (token) => token.text === symbol, rule);
    },
    expectEnd() {
      const token = peek();
      if (token.kind === 'end') return;
      failWith(token, `missing EOF at '${token.text}' near '${previous()?.text ?? ''}'`);
    },
    string(rule) {
      const token = peek();
      if (token.kind === 'single' || token.kind === 'double') return next().value;
      return mismatch('StringLiteral', ({ kind }) => kind === 'single' || kind === 'double', rule);
    },
    wholeNumber(rule) {
      const token = peek();
      const value = Number(token.text);
      if (token.kind !== 'number' || !Number.isSafeInteger(value)) {
        return mismatch('Number', ({ kind }) => kind === 'number', rule);
      }
      next();
      return value;
    },
    objectName(rule = 'table name') {
      const isOneQuoted = peek().kind === 'backquoted';
      const part = () => (peek().kind === 'double' ? refuseDoubleQuotes(peek()) : name(rule));
      const parts = [part()];
      while (parts.length < 3 && takeSymbol('.')) parts.push(part());
      if (parts.length === 1 && isOneQuoted) {
        const [whole = ''] = parts;
        const dot = whole.indexOf('.');
        if (dot > 0) return { database: whole.slice(0, dot), name: whole.slice(dot + 1) };
      }
      return nameOfParts(parts);
    },
  };
}

/** AWS docs, Athena error catalog. Athena blames itself for what Hive's parser refuses (seen in its answers). */
const DDL_TASK_FAILED = 1003;
const SYNTAX_ERROR = 1006;

/** One to three parts: name, database.name, catalog.database.name. */
export function nameOfParts(parts: readonly string[]): ObjectName {
  const [name = '', database, catalog] = [...parts].reverse();
  return {
    ...(catalog === undefined ? {} : { catalog }),
    ...(database === undefined ? {} : { database }),
    name,
  };
}

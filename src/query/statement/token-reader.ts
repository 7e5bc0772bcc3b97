// A place in a query's tokens, and the steps that every grammar makes from it.
import type { Token } from './lexer.js';

export interface TokenReader {
  readonly source: string;
  peek(ahead?: number): Token;
  next(): Token;
  /** True when the next tokens are these bare words, whatever their case. */
  isAtWords(...words: string[]): boolean;
  /** Steps over these bare words if they come next. */
  takeWords(...words: string[]): boolean;
  /** Steps over this symbol if it comes next. */
  takeSymbol(symbol: string): boolean;
  /** The one before; undefined at the start. */
  previous(): Token | undefined;
  /** How many tokens have been read. */
  readonly position: number;
}

export function readTokens(source: string, tokens: readonly Token[], start = 0): TokenReader {
  let position = start;
  const peek = (ahead = 0) => tokens[Math.min(position + ahead, tokens.length - 1)] as Token;
  const isAtWords = (...words: string[]) => words.every((word, index) => peek(index).word === word);
  const next = () => {
    const token = peek();
    if (token.kind !== 'end') position++;
    return token;
  };
  return {
    source,
    peek,
    next,
    isAtWords,
    takeWords(...words) {
      if (!isAtWords(...words)) return false;
      position += words.length;
      return true;
    },
    takeSymbol(symbol) {
      const token = peek();
      if (token.kind !== 'symbol' || token.text !== symbol) return false;
      position++;
      return true;
    },
    previous: () => tokens[position - 1],
    get position() {
      return position;
    },
  };
}

/** Where an offset is: lines count from 1, columns from 0. */
export function placeOf(source: string, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let end = source.indexOf('\n'); end >= 0 && end < offset; end = source.indexOf('\n', end + 1)) {
    line++;
    lineStart = end + 1;
  }
  return { line, column: offset - lineStart };
}

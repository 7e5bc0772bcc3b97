// GetPartitions' expressions as trees:
//   or := and (OR and)*      and := not (AND not)*      not := NOT not | '(' or ')' | predicate
//   predicate := column op literal | literal op column | column [NOT] IN '(' literal, ... ')'
//              | column [NOT] BETWEEN literal AND literal | column [NOT] LIKE string | column IS [NOT] NULL
//   literal := 'text' | number | DATE 'text' | TIMESTAMP 'text' | CAST '(' 'text' AS type ')'
// Columns and literals may stand in parentheses.
import type { Comparator } from './key-range.js';
import { type Token, tokensOf } from './partition-filter-lexer.js';

export interface Literal {
  /** What the expression says of its type; 'string' compares with any. */
  kind: 'string' | 'number' | 'date' | 'timestamp';
  text: string;
}

export type Expression =
  | { kind: 'and' | 'or'; operands: Expression[] }
  | { kind: 'not'; operand: Expression }
  | { kind: 'compare'; column: string; comparator: Comparator; literal: Literal }
  | { kind: 'in'; column: string; literals: Literal[]; isNegated: boolean }
  | { kind: 'between'; column: string; low: Literal; high: Literal; isNegated: boolean }
  | { kind: 'like'; column: string; pattern: string; isNegated: boolean }
  | { kind: 'is-null'; column: string; isNegated: boolean };

/** Says what was met where something else was needed. */
export class GrammarError extends Error {
  override readonly name = 'GrammarError';
}

const DEPTH_MAX = 200;

const MIRRORED: Readonly<Record<Comparator, Comparator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** @throws GrammarError */
export function parseExpression(text: string): Expression {
  const tokens = tokensOf(text);
  if (!tokens) throw new GrammarError('a quote is not closed, or a character has no meaning here');
  return new Parser(tokens).parse();
}

class Parser {
  private position = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  parse(): Expression {
    const expression = this.or();
    this.expect('end', '');
    return expression;
  }

  private or(): Expression {
    if (++this.depth > DEPTH_MAX) throw new GrammarError(`it is nested deeper than ${DEPTH_MAX} levels`);
    const operands = [this.and()];
    while (this.take('keyword', 'OR')) operands.push(this.and());
    this.depth--;
    return operands.length === 1 ? (operands[0] as Expression) : { kind: 'or', operands };
  }

  private and(): Expression {
    const operands = [this.not()];
    while (this.take('keyword', 'AND')) operands.push(this.not());
    return operands.length === 1 ? (operands[0] as Expression) : { kind: 'and', operands };
  }

  private not(): Expression {
    let isNegated = false;
    while (this.take('keyword', 'NOT')) isNegated = !isNegated;
    const operand = this.isGroup() ? this.group() : this.predicate();
    return isNegated ? { kind: 'not', operand } : operand;
  }

  private group(): Expression {
    this.expect('symbol', '(');
    const expression = this.or();
    this.expect('symbol', ')');
    return expression;
  }

  /** A parenthesis opens a group unless all those opened here close right after one column or literal. */
  private isGroup(): boolean {
    let index = this.position;
    while (this.is(index, 'symbol', '(')) index++;
    const openCount = index - this.position;
    if (openCount === 0) return false;
    index += this.operandLength(index);
    let closeCount = 0;
    while (closeCount < openCount && this.is(index + closeCount, 'symbol', ')')) closeCount++;
    return closeCount < openCount;
  }

  /** Tokens of the column or literal at `index`. */
  private operandLength(index: number): number {
    if (this.isWord(index, 'CAST') && this.is(index + 1, 'symbol', '(')) return 6;
    return this.isTypedLiteral(index) ? 2 : 1;
  }

  private isTypedLiteral(index: number): boolean {
    return (
      (this.isWord(index, 'DATE') || this.isWord(index, 'TIMESTAMP')) &&
      this.tokens[index + 1]?.kind === 'string'
    );
  }

  private predicate(): Expression {
    const left = this.operand();
    const comparator = this.comparator();
    if (typeof left !== 'string') {
      if (!comparator) throw this.unexpected('a comparison');
      return { kind: 'compare', column: this.column(), comparator: MIRRORED[comparator], literal: left };
    }
    if (comparator) return { kind: 'compare', column: left, comparator, literal: this.literal() };
    if (this.take('keyword', 'IS')) {
      const isNegated = this.take('keyword', 'NOT');
      this.expect('keyword', 'NULL');
      return { kind: 'is-null', column: left, isNegated };
    }
    const isNegated = this.take('keyword', 'NOT');
    if (this.take('keyword', 'IN')) return { kind: 'in', column: left, literals: this.list(), isNegated };
    if (this.take('keyword', 'BETWEEN')) {
      const low = this.literal();
      this.expect('keyword', 'AND');
      return { kind: 'between', column: left, low, high: this.literal(), isNegated };
    }
    if (this.take('keyword', 'LIKE')) {
      const pattern = this.literal();
      if (pattern.kind !== 'string')
        throw new GrammarError(`LIKE needs a quoted pattern, not ${pattern.text}`);
      return { kind: 'like', column: left, pattern: pattern.text, isNegated };
    }
    throw this.unexpected('a comparison, IN, BETWEEN, LIKE or IS');
  }

  private list(): Literal[] {
    this.expect('symbol', '(');
    const literals = [this.literal()];
    while (this.take('symbol', ',')) literals.push(this.literal());
    this.expect('symbol', ')');
    return literals;
  }

  private comparator(): Comparator | undefined {
    const token = this.peek();
    if (token.kind !== 'symbol' || token.text === '(' || token.text === ')' || token.text === ',')
      return undefined;
    this.position++;
    return token.text;
  }

  private column(): string {
    const operand = this.operand();
    if (typeof operand !== 'string')
      throw new GrammarError(`a column was needed, not the literal ${operand.text}`);
    return operand;
  }

  private literal(): Literal {
    const operand = this.operand();
    if (typeof operand === 'string')
      throw new GrammarError(`a literal was needed, not the column ${operand}`);
    return operand;
  }

  /** A column's name, or a literal. */
  private operand(): string | Literal {
    let openCount = 0;
    while (this.take('symbol', '(')) openCount++;
    const operand = this.bareOperand();
    while (openCount-- > 0) this.expect('symbol', ')');
    return operand;
  }

  private bareOperand(): string | Literal {
    const token = this.peek();
    if (this.isTypedLiteral(this.position)) {
      this.position += 2;
      const text = (this.tokens[this.position - 1] as Token).text;
      return { kind: token.text.toLowerCase() as 'date' | 'timestamp', text };
    }
    if (this.isWord(this.position, 'CAST') && this.is(this.position + 1, 'symbol', '(')) return this.cast();
    this.position++;
    if (token.kind === 'name') return token.text;
    if (token.kind === 'string' || token.kind === 'number') return { kind: token.kind, text: token.text };
    this.position--;
    throw this.unexpected('a column or a literal');
  }

  private cast(): Literal {
    this.position += 2;
    const { kind, text } = this.literal();
    if (!this.isWord(this.position, 'AS')) throw this.unexpected('AS');
    this.position++;
    const type = this.peek().text.toLowerCase();
    this.expect('name', this.peek().text);
    this.expect('symbol', ')');
    return { kind: type === 'date' || type === 'timestamp' ? type : kind, text };
  }

  private peek(): Token {
    return this.tokens[this.position] as Token;
  }

  private is(index: number, kind: Token['kind'], text: string): boolean {
    const token = this.tokens[index];
    return token?.kind === kind && token.text === text;
  }

  private isWord(index: number, word: string): boolean {
    const token = this.tokens[index];
    return token?.kind === 'name' && !token.isQuoted && token.text.toUpperCase() === word;
  }

  private take(kind: Token['kind'], text: string): boolean {
    const isNext = this.is(this.position, kind, text);
    if (isNext) this.position++;
    return isNext;
  }

  private expect(kind: Token['kind'], text: string): void {
    if (!this.take(kind, text)) throw this.unexpected(kind === 'end' ? 'AND, OR or the end' : text);
  }

  private unexpected(wanted: string): GrammarError {
    const { kind, text } = this.peek();
    return new GrammarError(`${wanted} was needed, not ${kind === 'end' ? 'the end' : `'${text}'`}`);
  }
}

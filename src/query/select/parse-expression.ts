// The grammar of Trino's expressions, one function a level of precedence.
import { parseAtom, startsQuery } from './parse-atom.js';
import type { Comparator, Expression } from './syntax.js';
import type { TokenReader } from './token-reader.js';

const COMPARATORS: Readonly<Record<string, Comparator>> = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

export function parseExpression(reader: TokenReader): Expression {
  return reader.deeper(() => parseOr(reader));
}

function parseOr(reader: TokenReader): Expression {
  const at = reader.at();
  const operands = [parseAnd(reader)];
  while (reader.takes('OR')) operands.push(parseAnd(reader));
  return operands.length === 1 ? (operands[0] as Expression) : { kind: 'or', operands, at };
}

function parseAnd(reader: TokenReader): Expression {
  const at = reader.at();
  const operands = [parseNot(reader)];
  while (reader.takes('AND')) operands.push(parseNot(reader));
  return operands.length === 1 ? (operands[0] as Expression) : { kind: 'and', operands, at };
}

function parseNot(reader: TokenReader): Expression {
  const at = reader.at();
  if (!reader.takes('NOT')) return parsePredicate(reader);
  return { kind: 'not', operand: reader.deeper(() => parseNot(reader)), at };
}

function parsePredicate(reader: TokenReader): Expression {
  let value = parseValue(reader);
  for (;;) {
    const next = predicateOn(reader, value);
    if (!next) return value;
    value = next;
  }
}

function predicateOn(reader: TokenReader, value: Expression): Expression | undefined {
  // Messages about a predicate name the place of its operator, as Trino's do.
  const at = reader.at();
  const comparator = reader.peek().kind === 'sign' ? COMPARATORS[reader.peek().text] : undefined;
  if (comparator) {
    reader.next();
    const quantifier = (['ALL', 'SOME', 'ANY'] as const).find((word) => reader.sees(word, '('));
    if (quantifier) {
      reader.next();
      reader.expect('(');
      const query = reader.query();
      reader.expect(')');
      const either = quantifier === 'ALL' ? 'ALL' : 'ANY';
      return { kind: 'compare-all', comparator, left: value, quantifier: either, query, at };
    }
    return { kind: 'compare', comparator, left: value, right: parseValue(reader), at };
  }
  if (reader.takes('IS')) {
    const isNegated = reader.takes('NOT');
    if (reader.takes('NULL')) return { kind: 'is-null', isNegated, value, at };
    reader.expect('DISTINCT', 'FROM');
    return { kind: 'distinct-from', isNegated, left: value, right: parseValue(reader), at };
  }
  const isNegated = reader.sees('NOT') && ['BETWEEN', 'IN', 'LIKE'].includes(reader.peek(1).upper);
  if (isNegated) reader.next();
  if (reader.takes('BETWEEN')) {
    const low = parseValue(reader);
    reader.expect('AND');
    return { kind: 'between', isNegated, value, low, high: parseValue(reader), at };
  }
  if (reader.takes('IN')) {
    reader.expect('(');
    if (startsQuery(reader)) {
      const query = reader.query();
      reader.expect(')');
      return { kind: 'in-query', isNegated, value, query, at };
    }
    const items = reader.list(() => reader.expression());
    reader.expect(')');
    return { kind: 'in', isNegated, value, items, at };
  }
  if (reader.takes('LIKE')) {
    const pattern = parseValue(reader);
    return {
      kind: 'like',
      isNegated,
      value,
      pattern,
      ...(reader.takes('ESCAPE') && { escape: parseValue(reader) }),
      at,
    };
  }
  return undefined;
}

export function parseValue(reader: TokenReader): Expression {
  return parseConcatenation(reader);
}

function parseConcatenation(reader: TokenReader): Expression {
  return leftAssociative(reader, ['||'], parseSum);
}

function parseSum(reader: TokenReader): Expression {
  return leftAssociative(reader, ['+', '-'], parseProduct);
}

function parseProduct(reader: TokenReader): Expression {
  return leftAssociative(reader, ['*', '/', '%'], parseSigned);
}

function leftAssociative(
  reader: TokenReader,
  operators: readonly ('+' | '-' | '*' | '/' | '%' | '||')[],
  operand: (reader: TokenReader) => Expression,
): Expression {
  let left = operand(reader);
  for (;;) {
    const operator = operators.find((each) => reader.sees(each));
    if (!operator) return left;
    const { at } = reader.next();
    left = { kind: 'arithmetic', operator, left, right: operand(reader), at };
  }
}

function parseSigned(reader: TokenReader): Expression {
  const at = reader.at();
  if (reader.takes('-')) return { kind: 'negate', operand: reader.deeper(() => parseSigned(reader)), at };
  if (reader.takes('+')) return reader.deeper(() => parseSigned(reader));
  let value = parsePrimary(reader);
  while (reader.takes('AT')) {
    reader.expect('TIME', 'ZONE');
    value = { kind: 'at-time-zone', value, zone: parsePrimary(reader), at };
  }
  return value;
}

function parsePrimary(reader: TokenReader): Expression {
  const at = reader.at();
  let value = parseAtom(reader);
  for (;;) {
    if (reader.takes('[')) {
      const index = reader.expression();
      reader.expect(']');
      value = { kind: 'subscript', base: value, index, at };
    } else if (reader.sees('.') && (reader.isName(1) || reader.peek(1).kind === 'word')) {
      reader.next();
      value = { kind: 'member', base: value, name: reader.next().text, at };
    } else return value;
  }
}

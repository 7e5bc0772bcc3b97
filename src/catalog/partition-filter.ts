// GetPartitions' expressions over a table's partition keys: what they accept, and what a walk may pass over.
import type { Column } from '@aws-sdk/client-glue';
import { AwsError } from '../wire/aws-error.js';
import {
  type Comparator,
  EVERYTHING,
  type KeyRanges,
  intersection,
  lowestFrom,
  rangesOf,
  union,
} from './key-range.js';
import { type KeyType, NULL_VALUE, keyTypeOf } from './key-type.js';
import { likeMatcher } from './like-pattern.js';
import { type Expression, GrammarError, type Literal, parseExpression } from './partition-filter-grammar.js';
import { AFTER_END, CEILING, UNCAST, escape, isTextual, unescape } from './partition-key.js';

/** What a walk over partitions in key order asks of a filter; forms are those of partition-key.ts. */
export interface PartitionFilter {
  /** @throws AwsError InvalidStateException when a value that must be compared is not of its key's type */
  accepts(forms: readonly string[]): boolean;
  /** False when no partition whose first forms are these can be accepted. */
  mayAccept(firstForms: readonly string[]): boolean;
  /**
   * Where the walk may go on at a position, whatever the other positions hold: `form` itself when it can be accepted,
   * otherwise a bound below all greater forms that can, or undefined when none can.
   */
  lowestFrom(position: number, form: string): string | undefined;
}

/**
 * A condition without NOT: negations have moved into the predicates, which are false where SQL's NULL would be neither.
 * So a condition holds exactly where SQL's WHERE would keep the row.
 */
type Condition = { kind: 'and' | 'or'; operands: Condition[] } | Predicate;

interface Predicate {
  kind: 'predicate';
  position: number;
  ranges: KeyRanges;
  /** What else a form in the ranges must meet. */
  test?: (form: string) => boolean;
  /** Set when values are compared as this type; the ranges then hold those that are not of it, which fail the request. */
  comparedAs?: KeyType;
}

/** Forms of values that are not of their key's type; NULL is of every type. */
const UNCAST_FORMS: KeyRanges = [
  { low: UNCAST, high: UNCAST + NULL_VALUE },
  { low: UNCAST + NULL_VALUE + AFTER_END, high: CEILING },
];

const NEGATED: Readonly<Record<Comparator, Comparator>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};

/** @throws AwsError InvalidInputException for text that cannot be parsed, unknown columns and literals of another type */
export function partitionFilter(text: string, keys: readonly Column[]): PartitionFilter {
  const condition = conditionOf(parse(text), false, keys);
  const ranges = keys.map((_, position) => rangesAt(condition, position));
  return {
    accepts: (forms) => holds(condition, forms, false),
    mayAccept: (firstForms) => holds(condition, firstForms, true),
    lowestFrom: (position, form) => lowestFrom(ranges[position] ?? EVERYTHING, form),
  };
}

function parse(text: string): Expression {
  try {
    return parseExpression(text);
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    throw invalid(`Unsupported expression '${text}': ${error.message}.`, error);
  }
}

function conditionOf(expression: Expression, isNegated: boolean, keys: readonly Column[]): Condition {
  if (expression.kind === 'not') return conditionOf(expression.operand, !isNegated, keys);
  if ('operands' in expression) {
    const operands = expression.operands.map((operand) => conditionOf(operand, isNegated, keys));
    return { kind: (expression.kind === 'and') === isNegated ? 'or' : 'and', operands };
  }
  const position = positionOf(expression.column, keys);
  const type = keyTypeOf(keys[position]?.Type);
  if (type.kind === 'unsupported') throw invalid(`Unknown type : '${keys[position]?.Type}'`);
  const negated = isNegated !== ('isNegated' in expression && expression.isNegated);
  return { kind: 'predicate', position, ...predicateOf(expression, negated, type) };
}

function predicateOf(
  expression: Exclude<Expression, { operands: unknown } | { operand: unknown }>,
  isNegated: boolean,
  type: KeyType,
): Pick<Predicate, 'ranges' | 'test' | 'comparedAs'> {
  const compare = (comparator: Comparator, literal: Literal) => comparison(comparator, literal, type);
  switch (expression.kind) {
    case 'compare': {
      const { comparator, literal } = expression;
      const ranges = compare(isNegated ? NEGATED[comparator] : comparator, literal);
      return isNullTest(comparator, literal) ? { ranges } : casting(ranges, type);
    }
    case 'in':
      return casting(
        isNegated
          ? expression.literals.map((literal) => compare('<>', literal)).reduce(intersection)
          : expression.literals.map((literal) => compare('=', literal)).reduce(union),
        type,
      );
    case 'between':
      return casting(
        isNegated
          ? union(compare('<', expression.low), compare('>', expression.high))
          : intersection(compare('>=', expression.low), compare('<=', expression.high)),
        type,
      );
    case 'is-null':
      return { ranges: nullRanges(isNegated ? '<>' : '=', type) };
    case 'like':
      return like(expression.pattern, isNegated, type);
  }
}

function casting(ranges: KeyRanges, type: KeyType): Pick<Predicate, 'ranges' | 'comparedAs'> {
  return isTextual(type) ? { ranges } : { ranges: union(ranges, UNCAST_FORMS), comparedAs: type };
}

/** Trino asks so for the partitions whose key is (not) null. */
function isNullTest(comparator: Comparator, { text }: Literal): boolean {
  return text === NULL_VALUE && (comparator === '=' || comparator === '<>');
}

function comparison(comparator: Comparator, literal: Literal, type: KeyType): KeyRanges {
  if (isTextual(type)) return rangesOf(comparator, escape(literal.text), CEILING);
  if (isNullTest(comparator, literal)) return nullRanges(comparator as '=' | '<>', type);
  const form = type.sortForm(literalText(literal, type));
  if (form === undefined) throw invalid(notOfType(literal.text, type));
  return rangesOf(comparator, form, UNCAST);
}

/** A date stands for its midnight beside a timestamp, and a midnight for its date beside a date. */
function literalText({ kind, text }: Literal, type: KeyType): string {
  if (kind === 'date' && type.kind === 'timestamp') return `${text} 00:00:00`;
  if (kind === 'timestamp' && type.kind === 'date') return text.replace(/ 00:00:00(\.0+)?$/, '');
  return text;
}

function notOfType(value: string, { kind }: KeyType): string {
  // Seen: https://github.com/aws/aws-sdk/issues/670, where a partition's value was the word null.
  if (kind === 'integer') return `For input string: "${value}" is not an integer.`;
  if (kind === 'timestamp') {
    return `Timestamp format must be yyyy-mm-dd hh:mm:ss[.fffffffff] ${value} is not a timestamp.`;
  }
  return `${value} is not a ${kind}.`;
}

function nullRanges(comparator: '=' | '<>', type: KeyType): KeyRanges {
  return rangesOf(comparator, isTextual(type) ? NULL_VALUE : UNCAST + NULL_VALUE, CEILING);
}

function like(pattern: string, isNegated: boolean, type: KeyType): Pick<Predicate, 'ranges' | 'test'> {
  if (!isTextual(type)) {
    const name =
      type.kind === 'integer' ? 'Integral' : (type.kind[0] as string).toUpperCase() + type.kind.slice(1);
    throw invalid(`${name} data type doesn't support operation 'LIKE'`);
  }
  const matches = likeMatcher(pattern);
  if (isNegated) return { ranges: EVERYTHING, test: (form) => !matches(unescape(form)) };
  const prefix = escape((/^[^%_]*/.exec(pattern) as RegExpExecArray)[0]);
  return { ranges: [{ low: prefix, high: prefix + CEILING }], test: (form) => matches(unescape(form)) };
}

/** @param isOpen whether positions beyond `forms` may hold anything; otherwise nothing is true of them */
function holds(condition: Condition, forms: readonly string[], isOpen: boolean): boolean {
  if ('operands' in condition) {
    const holdsHere = (operand: Condition) => holds(operand, forms, isOpen);
    return condition.kind === 'and'
      ? condition.operands.every(holdsHere)
      : condition.operands.some(holdsHere);
  }
  const form = forms[condition.position];
  if (form === undefined) return isOpen;
  if (condition.comparedAs && lowestFrom(UNCAST_FORMS, form) === form) {
    if (isOpen) return true;
    throw new AwsError(
      'InvalidStateException',
      notOfType(unescape(form.slice(UNCAST.length)), condition.comparedAs),
    );
  }
  return lowestFrom(condition.ranges, form) === form && (condition.test?.(form) ?? true);
}

/** The forms at `position` outside which the condition cannot hold. */
function rangesAt(condition: Condition, position: number): KeyRanges {
  if (condition.kind === 'predicate') return condition.position === position ? condition.ranges : EVERYTHING;
  const ranges = condition.operands.map((operand) => rangesAt(operand, position));
  return ranges.reduce(condition.kind === 'and' ? intersection : union);
}

function positionOf(column: string, keys: readonly Column[]): number {
  const position = keys.findIndex((key) => key.Name?.toLowerCase() === column.toLowerCase());
  if (position < 0) {
    const names = keys.map((key) => key.Name).join(', ');
    throw invalid(`Unknown column '${column}': the table's partition keys are ${names || 'none'}.`);
  }
  return position;
}

function invalid(message: string, cause?: unknown): AwsError {
  return new AwsError('InvalidInputException', message, { cause });
}

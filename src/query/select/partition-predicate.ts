// What a query's conditions say of partition keys, so that other partitions are not even listed.
import type { Comparator, Expression } from './syntax.js';
import type { KeyOrigin } from './scope.js';
import { isInteger, isSimple, isText, type TrinoType } from './trino-type.js';

export type PartitionPredicate =
  | { kind: 'and' | 'or'; operands: PartitionPredicate[] }
  | { kind: 'compare'; key: string; comparator: Comparator; value: string }
  | { kind: 'like'; key: string; pattern: string };

/** The key and type that an expression is the bare value of, if it is one. */
export type FindKey = (expression: Expression) => { origin: KeyOrigin; type: TrinoType } | undefined;
/** The value of a literal or a parameter. */
export type FindLiteral = (
  expression: Expression,
) => { text: string; kind: 'string' | 'number' | 'date' } | undefined;

/**
 * The predicates that must hold for a row to meet `condition`, by scan. What is not understood is left out: the whole
 * condition is checked on each row anyway. Each predicate is false where its key is null, as the condition then is.
 */
export function partitionPredicates(
  condition: Expression,
  findKey: FindKey,
  findLiteral: FindLiteral,
): { scan: number; predicate: PartitionPredicate }[] {
  if (condition.kind === 'and') {
    return condition.operands.flatMap((operand) => partitionPredicates(operand, findKey, findLiteral));
  }
  const found = predicateOf(condition, findKey, findLiteral);
  return found ? [found] : [];
}

interface Scanned {
  scan: number;
  predicate: PartitionPredicate;
}

const FLIPPED: Readonly<Record<Comparator, Comparator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function predicateOf(condition: Expression, findKey: FindKey, findLiteral: FindLiteral): Scanned | undefined {
  const compare = (side: Expression, comparator: Comparator, other: Expression): Scanned | undefined => {
    const key = findKey(side);
    const literal = key && findLiteral(other);
    if (!key || !literal || !isComparable(key.type, literal.kind)) return undefined;
    const predicate = { kind: 'compare', key: key.origin.key, comparator, value: literal.text } as const;
    return { scan: key.origin.scan, predicate };
  };
  switch (condition.kind) {
    case 'compare': {
      const { left, comparator, right } = condition;
      return compare(left, comparator, right) ?? compare(right, FLIPPED[comparator], left);
    }
    case 'between': {
      if (condition.isNegated) return undefined;
      const { value, low, high } = condition;
      return together('and', [compare(value, '>=', low), compare(value, '<=', high)]);
    }
    case 'in':
      return together(
        condition.isNegated ? 'and' : 'or',
        condition.items.map((item) => compare(condition.value, condition.isNegated ? '<>' : '=', item)),
      );
    case 'like': {
      const key = findKey(condition.value);
      const pattern = findLiteral(condition.pattern);
      if (condition.isNegated || condition.escape || !key || !isText(key.type) || pattern?.kind !== 'string')
        return undefined;
      return {
        scan: key.origin.scan,
        predicate: { kind: 'like', key: key.origin.key, pattern: pattern.text },
      };
    }
    case 'and':
    case 'or':
      return together(
        condition.kind,
        condition.operands.map((operand) => predicateOf(operand, findKey, findLiteral)),
      );
    default:
      return undefined;
  }
}

/** All must be understood and of one scan; of an AND what is understood is enough. */
function together(kind: 'and' | 'or', operands: (Scanned | undefined)[]): Scanned | undefined {
  const known = operands.filter((operand) => operand !== undefined);
  const [first] = known;
  if (!first || known.some(({ scan }) => scan !== first.scan)) return undefined;
  if (known.length < operands.length && kind === 'or') return undefined;
  if (known.length === 1) return first;
  return { scan: first.scan, predicate: { kind, operands: known.map(({ predicate }) => predicate) } };
}

function isComparable(type: TrinoType, literal: 'string' | 'number' | 'date'): boolean {
  if (isText(type)) return literal === 'string';
  if (isInteger(type)) return literal === 'number';
  return isSimple(type, 'date') && literal === 'date';
}

/** As GetPartitions takes it; the values' types are those of the keys. */
export function glueExpression(predicate: PartitionPredicate, typeOf: (key: string) => TrinoType): string {
  switch (predicate.kind) {
    case 'and':
    case 'or':
      return `(${predicate.operands.map((operand) => glueExpression(operand, typeOf)).join(` ${predicate.kind.toUpperCase()} `)})`;
    case 'compare': {
      const { key, comparator, value } = predicate;
      return `${glueName(key)} ${comparator} ${isInteger(typeOf(key)) ? value : glueText(value)}`;
    }
    case 'like':
      return `${glueName(predicate.key)} LIKE ${glueText(predicate.pattern)}`;
  }
}

function glueText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function glueName(key: string): string {
  return `"${key.replaceAll('"', '""')}"`;
}

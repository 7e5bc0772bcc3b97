// Conditions of a policy statement against the facts of one request.
import { BlockList, isIP } from 'node:net';
import type { Condition, ConditionOperator } from './policy-document.js';

/** Condition key in lower case (keys are matched in any case) to the values that the request has for it. */
export type ConditionFacts = ReadonlyMap<string, readonly string[]>;

export function conditionFacts(
  facts: Record<string, string | readonly string[] | undefined>,
): ConditionFacts {
  return new Map(
    Object.entries(facts).flatMap(([key, value]) =>
      value === undefined ? [] : [[key.toLowerCase(), typeof value === 'string' ? [value] : value] as const],
    ),
  );
}

/**
 * True when `condition` holds. AWS docs: IAM JSON policy elements, "condition operators" and "single-valued vs.
 * multivalued": a missing key fails a plain operator, holds for a negated one, `IfExists` and `ForAllValues`.
 */
export function holds(condition: Condition, facts: ConditionFacts): boolean {
  const found = facts.get(condition.key.toLowerCase());
  if (condition.operator === 'Null')
    return condition.values.some((value) => (value === 'true') === (found === undefined));
  const isNegated = NEGATED.has(condition.operator);
  if (found === undefined) {
    return (
      condition.ifExists || condition.quantifier === 'ForAllValues' || (isNegated && !condition.quantifier)
    );
  }
  const test = (fact: string) => {
    const isMatched = condition.values.some((value) => matches(condition.operator, fact, value));
    return isNegated ? !isMatched : isMatched;
  };
  // Of several values, a plain positive operator needs one that fits and a plain negated one needs all to.
  const needsAll =
    condition.quantifier === 'ForAllValues' || (isNegated && condition.quantifier === undefined);
  return needsAll ? found.every(test) : found.some(test);
}

const NEGATED = new Set<ConditionOperator>([
  ...(['StringNotEquals', 'StringNotEqualsIgnoreCase', 'StringNotLike', 'NumericNotEquals'] as const),
  ...(['DateNotEquals', 'NotIpAddress', 'ArnNotEquals', 'ArnNotLike'] as const),
]);

/** A negated operator is matched here like the one it negates. */
function matches(operator: ConditionOperator, fact: string, value: string): boolean {
  switch (operator) {
    case 'StringEquals':
    case 'StringNotEquals':
    case 'BinaryEquals':
      return fact === value;
    case 'StringEqualsIgnoreCase':
    case 'StringNotEqualsIgnoreCase':
      return fact.toLowerCase() === value.toLowerCase();
    case 'StringLike':
    case 'StringNotLike':
      return matchesPattern(value, fact);
    case 'ArnEquals':
    case 'ArnLike':
    case 'ArnNotEquals':
    case 'ArnNotLike':
      return matchesArn(value, fact);
    case 'Bool':
      return fact.toLowerCase() === value.toLowerCase();
    case 'IpAddress':
    case 'NotIpAddress':
      return isInRange(fact, value);
    case 'Null':
      return false;
    default:
      return operator.startsWith('Date')
        ? compares(operator, instantOf(fact), instantOf(value))
        : compares(operator, numberOf(fact), numberOf(value));
  }
}

function compares(operator: ConditionOperator, left: number, right: number): boolean {
  const comparison = operator.replace(/^(Date|Numeric)(Not)?/, '');
  switch (comparison) {
    case 'LessThan':
      return left < right;
    case 'LessThanEquals':
      return left <= right;
    case 'GreaterThan':
      return left > right;
    case 'GreaterThanEquals':
      return left >= right;
    default:
      return left === right;
  }
}

/** `*` any characters, `?` any one; everything else as it is. */
export function matchesPattern(pattern: string, text: string): boolean {
  let at = 0;
  let textAt = 0;
  let star = -1;
  let starText = 0;
  // Greedy with one place to go back to: linear in practice, never exponential as a regular expression can be.
  while (textAt < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      starText = textAt;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[textAt])) {
      at++;
      textAt++;
    } else if (star >= 0) {
      at = star + 1;
      textAt = ++starText;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

// Each of the six parts of an ARN is matched on its own: a `*` does not reach over a colon, except in the last part.
function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const patternParts = arnParts(pattern);
  const parts = arnParts(arn);
  return (
    parts.length === 6 &&
    patternParts.length === 6 &&
    parts.every((part, i) => matchesPattern(patternParts[i] as string, part))
  );
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function numberOf(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}

function instantOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}

function isInRange(address: string, range: string): boolean {
  const [network = '', bits] = range.split('/');
  const version = isIP(network);
  if (version === 0 || isIP(address) !== version) return false;
  const prefixMax = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? prefixMax : Number(bits);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > prefixMax) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return list.check(address, family);
}

// Conditions of policies, one operator at a time.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionFacts, holds, matchesPattern } from './condition.js';
import { parsePolicyDocument } from './policy-document.js';

function conditionOf(word: string, value: unknown) {
  const text = JSON.stringify({
    Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: { [word]: { 'Aws:Key': value } } },
  });
  return parsePolicyDocument(text, 'permissions').statements[0]!.conditions[0]!;
}

describe('holds', () => {
  it.each<[string, unknown, string | string[] | undefined, boolean]>([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', ['a', 'b'], 'b', true],
    ['StringEquals', 'a', 'A', false],
    ['StringEquals', 'a', undefined, false],
    ['StringEqualsIfExists', 'a', undefined, true],
    ['StringEqualsIgnoreCase', 'a', 'A', true],
    ['StringNotEquals', ['a', 'b'], 'b', false],
    ['StringNotEquals', ['a', 'b'], 'c', true],
    ['StringNotEquals', 'a', undefined, true],
    ['StringLike', 'ab*', 'abc', true],
    ['StringLike', 'a?c', 'abc', true],
    ['StringLike', 'a.c', 'abc', false],
    ['StringNotLike', 'ab*', 'abc', false],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b', 'a'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAllValues:StringEquals', 'a', undefined, true],
    ['ForAnyValue:StringEquals', 'a', ['b', 'a'], true],
    ['ForAnyValue:StringEquals', 'a', undefined, false],
    ['ForAnyValue:StringNotEquals', 'a', ['a', 'b'], true],
    ['ForAnyValue:StringNotEquals', 'a', undefined, false],
    ['ArnLike', 'arn:aws:glue:*:123456789012:job/*', 'arn:aws:glue:eu-west-1:123456789012:job/x', true],
    ['ArnEquals', 'arn:aws:glue:*:123456789012:*', 'arn:aws:glue:eu-west-1:123456789012:job/a:b', true],
    ['ArnLike', 'arn:*:job/x', 'arn:aws:glue:eu-west-1:123456789012:job/x', false],
    ['ArnNotLike', 'arn:aws:glue:*:*:crawler/*', 'arn:aws:glue:eu-west-1:123456789012:job/x', true],
    ['NumericLessThan', 10, '9', true],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericGreaterThan', '10', 'ten', false],
    ['NumericNotEquals', '10', '10.0', false],
    ['DateLessThan', '2024-06-01T00:00:00Z', '2024-05-31T23:59:59Z', true],
    ['DateGreaterThanEquals', '1717200000', '2024-06-01T00:00:00Z', true],
    ['Bool', 'true', 'TRUE', true],
    ['Bool', 'true', 'false', false],
    ['IpAddress', '10.0.0.0/8', '10.200.3.4', true],
    ['IpAddress', '10.0.0.0/8', '11.0.0.1', false],
    ['IpAddress', '10.0.0.1', '10.0.0.1', true],
    ['IpAddress', '10.0.0.0/99', '10.0.0.1', false],
    ['IpAddress', '2001:db8::/32', '2001:db8::1', true],
    ['NotIpAddress', '10.0.0.0/8', '11.0.0.1', true],
    ['Null', 'true', undefined, true],
    ['Null', 'true', 'here', false],
    ['Null', 'false', 'here', true],
  ])('%s %j with the value %j is %s', (word, value, fact, expected) => {
    expect(holds(conditionOf(word, value), conditionFacts({ 'aws:key': fact }))).toBe(expected);
  });
});

describe('matchesPattern', () => {
  it('is what the regular expression with the same meaning says', () => {
    const piece = fc.constantFrom('a', 'b', '*', '?', '.', 'ab');
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.constantFrom('a', 'b', '.', 'ab')), (pattern, text) => {
        const expression = pattern.join('').replace(/\./g, '\\.').replace(/\*/g, '.*').replace(/\?/g, '.');
        const expected = new RegExp(`^${expression}$`).test(text.join(''));
        expect(matchesPattern(pattern.join(''), text.join(''))).toBe(expected);
      }),
    );
  });

  it('does not take for ever on many stars', () => {
    expect(matchesPattern('*a'.repeat(50) + 'b', 'a'.repeat(2000))).toBe(false);
  });
});

// Filter patterns against messages.
import { describe, expect, it } from 'vitest';
import { compileFilter } from './filter-pattern.js';

describe('compileFilter', () => {
  it.each([
    ['', 'anything', true],
    ['ERROR', '[ERROR] disk full', true],
    ['ERROR', 'error', false],
    ['ERROR disk', 'disk ERROR', true],
    ['ERROR disk', 'ERROR', false],
    ['"disk full"', 'the disk full of', true],
    ['"disk full"', 'full disk', false],
    ['"say \\"no\\""', 'I say "no"', true],
    ['ERROR -disk', 'ERROR network', true],
    ['ERROR -"disk full"', 'ERROR disk full', false],
    ['-INFO', 'ERROR', true],
    ['-INFO', 'INFO', false],
    ['?ERROR ?WARN', 'WARN', true],
    ['?ERROR ?WARN', 'INFO', false],
    ['?ERROR disk', 'disk', true],
    ['(a+b)', 'x(a+b)y', true],
  ])('%s on "%s" is %s', (pattern, message, expected) => {
    expect(compileFilter(pattern)(message)).toBe(expected);
  });

  it.each([
    ['{ $.level = "ERROR" }', 'is a JSON pattern'],
    ['[ip, user, ...]', 'is a space-delimited pattern'],
    ['%E.*R%', 'is a regular expression'],
    ['"half', 'has a quote without its other half'],
  ])('refuses %s and says why', (pattern, why) => {
    expect(() => compileFilter(pattern)).toThrow(
      expect.objectContaining({
        name: 'InvalidParameterException',
        message: expect.stringContaining(why) as string,
      }) as Error,
    );
  });
});

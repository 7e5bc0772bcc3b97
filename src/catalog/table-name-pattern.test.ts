// Patterns for names of tables: regular expressions, and stars as in a shell.
import { describe, expect, it } from 'vitest';
import { tableNamePattern } from './table-name-pattern.js';

const NAMES = ['orders', 'orders_2024', 'order', 'old_orders', 'a*b', 'aab'];

describe('a pattern', () => {
  it.each([
    // awswrangler's: name_prefix, name_suffix, name_contains, prefix and suffix.
    ['orders*', ['orders', 'orders_2024']],
    ['*orders', ['orders', 'old_orders']],
    ['*orders*', ['orders', 'orders_2024', 'old_orders']],
    ['o*2024', ['orders_2024']],
    ['*', NAMES],
    ['order', ['order']],
    ['.*orders.*', ['orders', 'orders_2024', 'old_orders']],
    ['orders.*', ['orders', 'orders_2024']],
    ['order|a.b', ['order', 'a*b', 'aab']],
    ['order(s_)*[0-9]*', ['orders_2024', 'order']],
    ['order[s*]', ['orders']],
    ['[^*]*', ['orders', 'orders_2024', 'order', 'old_orders', 'aab']],
    ['a\\*b', ['a*b']],
    ['\\w*_\\d{4}', ['orders_2024']],
    ['ORDERS', []],
    ['(?i)ORDERS', ['orders']],
    ['old\\_orders', ['old_orders']],
  ])('%s finds the names that match as a whole', (expression, found) => {
    expect(NAMES.filter(tableNamePattern(expression))).toEqual(found);
  });

  it.each(['(', 'a{2,1}', '[z-a]', '\\', '(?!old).*', '(a)\\1'])(
    '%s that is none is refused',
    (expression) => {
      expect(() => tableNamePattern(expression)).toThrow(
        expect.objectContaining({
          name: 'InvalidInputException',
          message: expect.stringContaining(
            `Expression '${expression}' is not a regular expression`,
          ) as string,
        }),
      );
    },
  );

  it('takes no longer for repetitions in repetitions', () => {
    const startMs = performance.now();
    expect(tableNamePattern('(a+)+b')('a'.repeat(255))).toBe(false);
    expect(performance.now() - startMs).toBeLessThan(1000);
  });
});

import { expect, it } from 'vitest';
import { printable } from './printable.js';

it.each([
  ['a line\nand\ta tab', 'a line\nand\ta tab'],
  ['\x1b]0;title\x07name', '\\u001b]0;title\\u0007name'],
  ['over\rwritten\x7f', 'over\\u000dwritten\\u007f'],
  ['\x9b2J', '\\u009b2J'],
  ['a\u202eb\u2066c', 'a\\u202eb\\u2066c'],
  ['Größe 日本 😀', 'Größe 日本 😀'],
  ['\x1b[31mred\x1b[39m', '\\u001b[31mred\\u001b[39m'],
])('shows %j as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

it('leaves colours where there are any, and no other command', () => {
  const text = '\x1b[31m-\x1b[39m \x1b[2mdim\x1b[22m \x1b[8mhidden \x1b[2J \x1b[1A';
  expect(printable(text, true)).toBe(
    '\x1b[31m-\x1b[39m \x1b[2mdim\x1b[22m \\u001b[8mhidden \\u001b[2J \\u001b[1A',
  );
});

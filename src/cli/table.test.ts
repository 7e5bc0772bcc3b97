// Tables fit the terminal.
import { expect, it } from 'vitest';
import { renderTable } from './table.js';

it('leaves out the columns that do not fit, and says how many', () => {
  const text = renderTable({ head: ['one', 'two', 'three', 'four'], rows: [['1', null, '3', '4']] }, 20);
  const lines = text.split('\n');
  expect(lines.every((line) => line.length <= 20)).toBe(true);
  expect(lines[1]).toContain('two');
  expect(lines.at(-1)).toBe('… and 2 more columns');
});

it('shows at least one column, and shortens long values', () => {
  const text = renderTable({ head: ['only'], rows: [['x'.repeat(200)]] }, 10);
  expect(text).toContain('x…');
  expect(text).not.toContain('more column');
});

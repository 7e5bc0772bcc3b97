import { expect, it } from 'vitest';
import { keyLabel, keyText } from './catalog-key.js';

const partition = (...Values: string[]) => ({
  kind: 'partition' as const,
  ...{ DatabaseName: 'sales', TableName: 'orders', Values },
});

it('labels an object in one line that no terminal takes for a command', () => {
  expect(keyLabel(partition('a\n  - table sales.customers', '\x1b[2J\x9b', 'Ü/% 日'))).toBe(
    'partition sales.orders [a\\u000a  - table sales.customers, \\u001b[2J\\u009b, Ü/% 日]',
  );
  const table = { kind: 'table' as const, DatabaseName: 'sales', TableName: 'Größe\t"x"' };
  expect(keyLabel(table)).toBe('table sales.Größe\\u0009"x"');
});

it('tells apart what is labelled alike', () => {
  expect(keyText(partition('a\n'))).not.toBe(keyText(partition('a\\u000a')));
});

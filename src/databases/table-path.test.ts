// Include paths of JDBC targets: what they match, cover and leave out.
import { describe, expect, it } from 'vitest';
import type { ConnectionSettings } from './connection-settings.js';
import {
  exclusionsOf,
  isWithinPath,
  likePattern,
  pathSegments,
  tableLocation,
  tablePattern,
} from './table-path.js';

const settings = (engine: ConnectionSettings['engine']) =>
  ({ name: 'shop', engine, database: 'shop' }) as ConnectionSettings;

describe('an include path', () => {
  it.each([
    ['postgresql', 'shop/public/%', { schema: 'public', table: '%' }],
    ['postgresql', 'shop/%/orders', { schema: '%', table: 'orders' }],
    ['postgresql', 'shop/%', { schema: '%', table: '%' }],
    ['mysql', 'shop/%', { schema: undefined, table: '%' }],
    ['mysql', 'shop/order%', { schema: undefined, table: 'order%' }],
  ] as const)('of %s, %s, names tables', (engine, path, pattern) => {
    expect(tablePattern(path, settings(engine))).toEqual(pattern);
  });

  it.each([
    ['postgresql', 'shop/public', 'names no table: write shop/public/%'],
    [
      'postgresql',
      'Shop/public/%',
      'begins with another database than the one that connection shop reaches: shop',
    ],
    ['mysql', 'shop/public/orders', 'has a schema, and MySQL has none: write shop/orders'],
    ['mysql', 'other/%', 'begins with another database'],
  ] as const)('of %s, %s, is refused for what its database is', (engine, path, message) => {
    expect(() => tablePattern(path, settings(engine))).toThrow(message);
  });

  it.each(['', 'shop', 'shop/', '/shop/x', 'a/b/c/d', '%/public/%', 'shop//x'])('%j is refused', (path) => {
    expect(() => pathSegments(path)).toThrow('is none of DATABASE/SCHEMA/TABLE');
  });

  it.each([
    ['shop/public/%', 'shop.public.orders', true],
    ['shop/public/%', 'shop.public.my.orders', true],
    ['shop/public/orders', 'shop.public.orders', true],
    ['shop/public/orders', 'shop.public.orders2', false],
    ['shop/pub%/ord%s', 'shop.public.orders', true],
    ['shop/%', 'shop.orders', true],
    ['shop/%', 'shop.public.orders', true],
    ['shop/a+b', 'shop.a+b', true],
    ['shop/a+b', 'shop.aab', false],
    ['shop/public/%', 'shop.sales.orders', false],
    ['shop/public/%', 's3://shop/public/x', false],
    ['shop/public/%', '', false],
  ])('%s covers %s: %s', (path, location, isCovered) => {
    expect(isWithinPath(path, location)).toBe(isCovered);
  });
});

it.each([
  ['a_b%', 'a\\_b%'],
  ['a\\b', 'a\\\\b'],
])('%s is %s for LIKE', (name, pattern) => {
  expect(likePattern(name)).toBe(pattern);
});

it('says where a table lies', () => {
  expect(tableLocation({ database: 'shop', schema: 'public', name: 'orders' })).toBe('shop.public.orders');
  expect(tableLocation({ database: 'shop', schema: undefined, name: 'orders' })).toBe('shop.orders');
});

describe('exclusions', () => {
  it.each([
    [['orders'], true],
    [['ord*'], true],
    [['public/ord*'], true],
    [['sales/*'], false],
    [['order'], false],
    [['{lines,orders}'], true],
    [[], false],
  ])('%j leave public.orders out: %s', (patterns, isOut) => {
    expect(exclusionsOf(patterns)({ schema: 'public', name: 'orders' })).toBe(isOut);
  });

  it('that are no patterns are refused', () => {
    expect(() => exclusionsOf(['[a'])).toThrow('"[a" is not valid');
  });
});

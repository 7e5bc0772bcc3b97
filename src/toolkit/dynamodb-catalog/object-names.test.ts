// Names of roles, crawlers and catalog tables: lengths, collisions, and that they stay.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assignCatalogNames,
  crawledName,
  NAME_LENGTH_MAX,
  nameCandidates,
  prefixOf,
} from './object-names.js';

const DATABASE = 'ddb_tables';
const table = (TableName: string, region = 'us-east-1') => ({
  TableName,
  TableArn: `arn:aws:dynamodb:${region}:123456789012:table/${TableName}`,
});
/** AWS docs, CreateTable. */
const tableName = fc.stringMatching(/^[a-zA-Z0-9_.-]{3,255}$/);

describe('roles and crawlers', () => {
  it('have the original’s name where it fits', () => {
    expect(nameCandidates(table('orders'), DATABASE)[0]).toBe('ddb_orders_crawler');
    expect(nameCandidates(table('x'.repeat(52)), DATABASE)[0]).toBe(`ddb_${'x'.repeat(52)}_crawler`);
  });

  it('have a name of 64 characters with a hash where it does not', () => {
    const [name, ...others] = nameCandidates(table('x'.repeat(53)), DATABASE);
    expect(name).toMatch(/^ddb_x{41}_[0-9a-f]{10}_crawler$/);
    expect(name).toHaveLength(64);
    expect(others).toEqual([]);
  });

  it('have different hashes for tables that begin alike, in other regions and in other databases', () => {
    const long = 'y'.repeat(254);
    const names = [
      ...nameCandidates(table(`${long}1`), DATABASE),
      ...nameCandidates(table(`${long}2`), DATABASE),
      ...nameCandidates(table(`${long}1`, 'eu-west-1'), DATABASE),
      ...nameCandidates(table(`${long}1`), 'other'),
    ];
    expect(new Set(names).size).toBe(4);
  });

  it('are names that IAM takes, whatever the table is called', () => {
    fc.assert(
      fc.property(tableName, (name) => {
        for (const candidate of nameCandidates(table(name), DATABASE)) {
          expect(candidate).toMatch(/^[\w+=,.@-]+$/);
          expect(candidate.length).toBeLessThanOrEqual(NAME_LENGTH_MAX);
        }
      }),
    );
  });
});

describe('catalog tables', () => {
  const assign = (names: string[], held: Record<string, string> = {}) =>
    Object.fromEntries(
      [
        ...assignCatalogNames(
          names.map((name) => table(name)),
          DATABASE,
          new Map(Object.entries(held)),
        ),
      ].map(([name, given]) => [name, given.name]),
    );

  it('a-b beside a_b: the one that is spelled so has the name, the other a prefix', () => {
    const prefix = prefixOf(table('a-b'), DATABASE);
    expect(assign(['a-b', 'a_b', 'A.B'])).toEqual({
      a_b: 'a_b',
      'a-b': `${prefix}a_b`,
      'A.B': `${prefixOf(table('A.B'), DATABASE)}a_b`,
    });
    expect(prefix).toMatch(/^[0-9a-f]{8}_$/);
  });

  it('who has the name keeps it when the other comes later', () => {
    expect(assign(['a-b'])).toEqual({ 'a-b': 'a_b' });
    expect(assign(['a-b', 'a_b'], { 'a-b': '' })).toEqual({
      'a-b': 'a_b',
      a_b: `${prefixOf(table('a_b'), DATABASE)}a_b`,
    });
  });

  it('a prefix that is not ours is not kept', () => {
    expect(assign(['orders'], { orders: 'mine_' })).toEqual({ orders: 'orders' });
  });

  it('are cut at 128 characters, and told apart although they begin alike', () => {
    const [one, other] = [`${'z'.repeat(254)}1`, `${'z'.repeat(254)}2`];
    expect(assign([one, other])).toEqual({
      [one]: 'z'.repeat(128),
      [other]: `${prefixOf(table(other), DATABASE)}${'z'.repeat(119)}`,
    });
  });

  it('are unique, and stay when tables are added, for any tables', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[aAbB._-]{3,5}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(names, fc.nat(), (all, count) => {
        const first = all.slice(0, count % (all.length + 1)).map((name) => table(name));
        const before = assignCatalogNames(first, DATABASE, new Map());
        const held = new Map([...before].map(([name, given]) => [name, given.TablePrefix]));
        const after = assignCatalogNames(
          all.map((name) => table(name)),
          DATABASE,
          held,
        );
        expect(new Set([...after.values()].map(({ name }) => name)).size).toBe(all.length);
        for (const [name, given] of before) expect(after.get(name)).toEqual(given);
        for (const [name, given] of after) expect(given.name).toBe(crawledName(name, given.TablePrefix));
      }),
    );
  });
});

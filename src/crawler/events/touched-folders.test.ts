// What is looked at again when objects came or went.
import { describe, expect, it } from 'vitest';
import { touchedPlaces } from './touched-folders.js';

const ORDERS = { name: 'orders', location: 's3://b/lake/orders', keyCount: 2 };
const USERS = { name: 'users', location: 's3://b/lake/users', keyCount: 0 };
const FILE = { name: 'one_csv', location: 's3://b/lake/mixed/one.csv', keyCount: 0 };
const BUCKET = { name: 'b', location: 's3://b', keyCount: 1 };

describe('touched places', () => {
  it.each<[string, (typeof ORDERS)[], string[], Record<string, string[]>, string[]]>([
    ['nothing', [ORDERS], [], {}, []],
    ['a partition', [ORDERS], ['lake/orders/y=1/m=2/a.csv'], { orders: ['lake/orders/y=1/m=2/'] }, []],
    [
      'two partitions, one of them twice',
      [ORDERS, USERS],
      ['lake/orders/y=1/m=2/a.csv', 'lake/orders/y=1/m=2/b.csv', 'lake/orders/y=1/m=3/a.csv'],
      { orders: ['lake/orders/y=1/m=2/', 'lake/orders/y=1/m=3/'] },
      [],
    ],
    ['a folder too deep: its table', [ORDERS], ['lake/orders/y=1/m=2/d/a.csv'], {}, ['lake/orders/']],
    [
      'a file above the partitions: its table, and no partition of it',
      [ORDERS],
      ['lake/orders/y=1/m=2/a.csv', 'lake/orders/a.csv'],
      {},
      ['lake/orders/'],
    ],
    ['a table without partitions', [ORDERS, USERS], ['lake/users/u.json'], {}, ['lake/users/']],
    ['a new folder: the highest without tables', [ORDERS, USERS], ['lake/new/deep/x.csv'], {}, ['lake/new/']],
    ['a new folder beside a table in a folder', [FILE], ['lake/mixed/sub/x.csv'], {}, ['lake/mixed/sub/']],
    ['a table of one object: its folder', [FILE], ['lake/mixed/one.csv'], {}, ['lake/mixed/']],
    ['no table yet: the whole target', [], ['lake/a/b.csv'], {}, ['lake/']],
    ['a name that only begins like a table', [USERS], ['lake/users2/x.csv'], {}, ['lake/users2/']],
    ['a table around the target: the target', [BUCKET], ['lake/a/b.csv'], {}, ['lake/']],
  ])('%s', (_, tables, keys, partitions, folders) => {
    const places = touchedPlaces('b', 'lake/', keys, tables);
    expect(Object.fromEntries([...places.partitions].map(([name, set]) => [name, [...set]]))).toEqual(
      partitions,
    );
    expect(places.folders).toEqual(folders);
  });

  it('are partitions of a table that is the bucket', () => {
    const places = touchedPlaces('b', '', ['y=1/a.csv'], [BUCKET]);
    expect([...(places.partitions.get('b') ?? [])]).toEqual(['y=1/']);
  });
});

// The order of changes: what is in the way goes first, from the inside out; then what is wanted comes, from the outside in.
import { expect, it } from 'vitest';
import type { CatalogObjectKey, Change } from '../index.js';
import { inOrder } from './change-order.js';

const of = { DatabaseName: 'lake', TableName: 't' };
const KEYS: readonly CatalogObjectKey[] = [
  { kind: 'partition-statistics', ...of, Values: ['1'] },
  { kind: 'table-statistics', ...of },
  { kind: 'partition-index', ...of, IndexName: 'i' },
  { kind: 'partition', ...of, Values: ['1'] },
  { kind: 'table', ...of },
  { kind: 'database', DatabaseName: 'lake' },
];
const make = (key: CatalogObjectKey): Change => ({
  ...{ action: 'create', key, wanted: {}, reason: '', evidence: [] },
});
const remove = (key: CatalogObjectKey): Change => ({
  ...{ action: 'delete', key, current: {}, reason: '', evidence: [] },
});
const skip = (key: CatalogObjectKey): Change => ({ ...remove(key), action: 'skip' });

it('is the same wherever it begins', () => {
  const inside = KEYS.map(({ kind }) => kind);
  const outside = [...inside].reverse();
  const changes = [...KEYS.map(skip), ...KEYS.map(make), ...[...KEYS].reverse().map(remove)];
  const ordered = inOrder(changes).map(({ action, key }) => `${action} ${key.kind}`);
  expect(ordered).toEqual([
    ...inside.map((kind) => `delete ${kind}`),
    ...outside.map((kind) => `create ${kind}`),
    ...[...inside].sort().map((kind) => `skip ${kind}`),
  ]);
});

it('is that of names among objects of a kind', () => {
  const tables = ['b', 'a', 'c'].map((TableName) => make({ kind: 'table', DatabaseName: 'lake', TableName }));
  expect(inOrder(tables).map(({ key }) => 'TableName' in key && key.TableName)).toEqual(['a', 'b', 'c']);
});

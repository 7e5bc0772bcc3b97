// The order of changes: what is in the way goes first, from the inside out; then what is wanted comes, from the outside in.
import { expect, it } from 'vitest';
import type { CatalogObjectKey, Change } from '../index.js';
import { packChanges } from './pack-changes.js';

/** From the inside out. */
const keysIn = (DatabaseName: string): CatalogObjectKey[] => {
  const of = { DatabaseName, TableName: 't' };
  return [
    { kind: 'partition-statistics', ...of, Values: ['1'] },
    { kind: 'table-statistics', ...of },
    { kind: 'partition-index', ...of, IndexName: 'i' },
    { kind: 'partition', ...of, Values: ['1'] },
    { kind: 'table', ...of },
    { kind: 'database', DatabaseName },
  ];
};
const definitionOf = ({ kind }: CatalogObjectKey) => (kind.endsWith('statistics') ? [] : {});
const make = (key: CatalogObjectKey): Change => ({
  ...{ action: 'create', key, wanted: definitionOf(key), reason: '', evidence: [] },
});
const remove = (key: CatalogObjectKey): Change => ({
  ...{ action: 'delete', key, current: definitionOf(key), reason: '', evidence: [] },
});
const skip = (key: CatalogObjectKey): Change => ({ ...remove(key), action: 'skip' });

it('is the same wherever it begins', () => {
  const inside = keysIn('lake').map(({ kind }) => kind);
  const outside = [...inside].reverse();
  const changes = [
    ...keysIn('skipped').map(skip),
    ...keysIn('made').map(make),
    ...keysIn('removed').reverse().map(remove),
  ];
  const ordered = packChanges(changes).changes.map(({ action, key }) => `${action} ${key.kind}`);
  expect(ordered).toEqual([
    ...inside.map((kind) => `delete ${kind}`),
    ...outside.map((kind) => `create ${kind}`),
    ...[...inside].sort().map((kind) => `skip ${kind}`),
  ]);
});

it('is that of names among objects of a kind', () => {
  const tables = ['b', 'a', 'c'].map((TableName) => make({ kind: 'table', DatabaseName: 'lake', TableName }));
  expect(packChanges(tables).changes.map(({ key }) => 'TableName' in key && key.TableName)).toEqual([
    'a',
    'b',
    'c',
  ]);
});

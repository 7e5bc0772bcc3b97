// Differences name the member or column they are about.
import type { TableInput } from '@aws-sdk/client-glue';
import { expect, it } from 'vitest';
import { definitionDifferences } from './definition-differences.js';

const columns = (...names: string[]) => names.map((Name) => ({ Name, Type: 'string' }));
const table = (Columns: { Name: string; Type: string }[], rest: Partial<TableInput> = {}): TableInput => ({
  Name: 't',
  StorageDescriptor: { Columns },
  ...rest,
});

it.each<[what: string, before: TableInput, after: TableInput, expected: unknown[]]>([
  ['nothing', table(columns('a')), table(columns('a'), { Retention: 0, Parameters: {} }), []],
  [
    'a column’s type',
    table(columns('a', 'b')),
    table([...columns('a'), { Name: 'b', Type: 'int' }]),
    [{ path: 'StorageDescriptor.Columns[b].Type', before: 'string', after: 'int' }],
  ],
  [
    'a column that came in between',
    table(columns('a', 'c')),
    table(columns('a', 'b', 'c')),
    [{ path: 'StorageDescriptor.Columns[b]', before: undefined, after: { Name: 'b', Type: 'string' } }],
  ],
  [
    'a column that went',
    table(columns('a', 'b')),
    table(columns('b')),
    [{ path: 'StorageDescriptor.Columns[a]', before: { Name: 'a', Type: 'string' }, after: undefined }],
  ],
  [
    'columns that changed places',
    table(columns('a', 'b', 'gone')),
    table(columns('b', 'a')),
    [
      { path: 'StorageDescriptor.Columns[gone]', before: { Name: 'gone', Type: 'string' }, after: undefined },
      { path: 'StorageDescriptor.Columns order', before: ['a', 'b'], after: ['b', 'a'] },
    ],
  ],
  [
    'columns of the same name, as a whole',
    table(columns('a', 'a')),
    table(columns('a')),
    [{ path: 'StorageDescriptor.Columns', before: columns('a', 'a'), after: columns('a') }],
  ],
  [
    'a parameter, however it is spelled',
    table([], { Parameters: { 'a b': '1' } }),
    table([], { Parameters: { 'a b': '2', 'x.y': '' } }),
    [
      { path: 'Parameters."a b"', before: '1', after: '2' },
      { path: 'Parameters.x.y', before: undefined, after: '' },
    ],
  ],
  [
    'lists of texts, as a whole',
    table([], { StorageDescriptor: { BucketColumns: ['a'] } }),
    table([], { StorageDescriptor: { BucketColumns: ['a', 'b'] } }),
    [{ path: 'StorageDescriptor.BucketColumns', before: ['a'], after: ['a', 'b'] }],
  ],
])('%s', (_, before, after, expected) => {
  expect(definitionDifferences('table', before, after)).toEqual(expected);
});

it('an object that came or went is one difference', () => {
  expect(definitionDifferences('table', undefined, { Name: 't' })).toEqual([
    { path: '', before: undefined, after: { Name: 't' } },
  ]);
  expect(definitionDifferences('table', undefined, undefined)).toEqual([]);
});

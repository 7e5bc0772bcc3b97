// Keys to folders.
import { describe, expect, it } from 'vitest';
import { folderBuilder, foldersWithFiles } from './folder.js';

describe('folderBuilder', () => {
  it.each<[string, string, string[], [string, string][]]>([
    ['files at the root', '', ['a.csv'], [['', '']]],
    [
      'nested folders',
      '',
      ['a/b/c.csv', 'a/d.csv'],
      [
        ['a/', 'a'],
        ['a/b/', 'b'],
      ],
    ],
    [
      'folders below a prefix',
      'x/y/',
      ['x/y/a/b.csv', 'x/y/c.csv'],
      [
        ['x/y/', 'y'],
        ['x/y/a/', 'a'],
      ],
    ],
    ['an empty segment', '', ['a//b.csv'], [['a//', '']]],
    [
      'a key that begins with a slash',
      '',
      ['/b.csv', '//c.csv'],
      [
        ['/', ''],
        ['//', ''],
      ],
    ],
  ])('%s', (_, prefix, keys, folders) => {
    const builder = folderBuilder(prefix);
    for (const key of keys) builder.add(key, 1);
    expect([...foldersWithFiles(builder.root)].map((folder) => [folder.prefix, folder.name])).toEqual(
      folders,
    );
  });
});

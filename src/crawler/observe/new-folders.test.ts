// Which folders an earlier crawl has not catalogued.
import { describe, expect, it } from 'vitest';
import { folderBuilder, foldersWithFiles, type Folder } from './folder.js';
import { separateNewFolders, type CataloguedTable } from './new-folders.js';

function tree(...keys: string[]): Folder {
  const builder = folderBuilder('');
  for (const key of keys) builder.add(key, 1);
  return builder.root;
}

const table = (name: string, location: string, ...partitions: string[]): CataloguedTable => ({
  name,
  location: `s3://bucket/${location}`,
  keyCount: partitions.length > 0 ? 1 : 0,
  partitionLocations: new Set(partitions.map((partition) => `s3://bucket/${location}/${partition}`)),
});

describe('separateNewFolders', () => {
  it('leaves only folders that no table and no partition covers', () => {
    const { root, added } = separateNewFolders(
      'bucket',
      tree('people/f.csv', 'sales/y=1/f.csv', 'sales/y=2/f.csv', 'stock/f.csv'),
      [table('people', 'people'), table('sales', 'sales', 'y=1')],
    );
    expect([...foldersWithFiles(root)].map((folder) => folder.prefix)).toEqual(['stock/']);
    expect(root.isSettled).toBe(true);
    expect(added).toMatchObject([
      { table: 'sales', segments: ['y=2'], folder: { prefix: 'sales/y=2/', folders: [] } },
    ]);
  });

  it('finds nothing when all is catalogued, the bucket itself included', () => {
    const { root, added } = separateNewFolders('bucket', tree('y=1/f.csv'), [
      {
        ...table('bucket', ''),
        location: 's3://bucket',
        keyCount: 1,
        partitionLocations: new Set(['s3://bucket/y=1']),
      },
    ]);
    expect([...foldersWithFiles(root)]).toEqual([]);
    expect(added).toEqual([]);
  });

  it('takes away a table of one file and settles its folder', () => {
    const { root } = separateNewFolders('bucket', tree('t/1.csv', 't/2.json'), [table('one', 't/1.csv')]);
    expect(root.folders[0]).toMatchObject({ isSettled: true, files: [{ name: '2.json' }] });
  });
});

// CRAWL_NEW_FOLDERS_ONLY: which folders of a listing no earlier crawl has catalogued.
import type { Folder } from './folder.js';
import { foldersWithFiles } from './folder.js';

/** A table that an earlier crawl wrote. Locations are URLs without a slash at their end. */
export interface CataloguedTable {
  name: string;
  location: string;
  partitionLocations: ReadonlySet<string>;
  keyCount: number;
}

/** A folder of files below a partitioned table, not yet one of its partitions. */
export interface AddedFolder {
  table: string;
  /** Folder names between the table's root and this folder. */
  segments: string[];
  folder: Folder;
}

/**
 * Takes away what lies in catalogued tables. What is left may hold new tables; folders above catalogued ones are marked
 * settled, so that they do not become a table around them.
 */
export function separateNewFolders(
  bucket: string,
  root: Folder,
  tables: readonly CataloguedTable[],
): { root: Folder; added: AddedFolder[] } {
  const byLocation = new Map(tables.map((table) => [table.location, table]));
  const added: AddedFolder[] = [];
  const urlOf = (key: string) => `s3://${bucket}/${key}`.replace(/\/$/, '');

  const walk = (folder: Folder): Folder | undefined => {
    const table = byLocation.get(urlOf(folder.prefix));
    if (table) {
      if (table.keyCount > 0) {
        for (const leaf of foldersWithFiles(folder)) {
          if (table.partitionLocations.has(urlOf(leaf.prefix))) continue;
          const below = leaf.prefix.slice(folder.prefix.length);
          added.push({
            table: table.name,
            segments: below === '' ? [] : below.slice(0, -1).split('/'),
            folder: { ...leaf, folders: [] },
          });
        }
      }
      return undefined;
    }
    const folders = folder.folders.map(walk);
    const left = folders.filter((child) => child !== undefined);
    const files = folder.files.filter((file) => !byLocation.has(urlOf(file.key)));
    const isSettled =
      left.length < folders.length ||
      files.length < folder.files.length ||
      left.some((child) => child.isSettled);
    return { ...folder, folders: left, files, ...(isSettled ? { isSettled } : {}) };
  };

  return { root: walk(root) ?? { ...root, folders: [], files: [], isSettled: true }, added };
}

// The objects of a target as a tree of folders.

export interface ListedFile {
  key: string;
  /** Last segment of the key. */
  name: string;
  /** Bytes. */
  size: number;
}

/** A folder with its content in key order. `File` grows as the crawl learns more about each object. */
export interface Folder<File = ListedFile> {
  /** Last segment of the prefix; '' for a bucket's root. */
  name: string;
  /** Key prefix: '' for a bucket's root, else with a slash at its end. */
  prefix: string;
  folders: Folder<File>[];
  files: File[];
  /** True when what lies below is catalogued already, so that the folder cannot become one table. */
  isSettled?: boolean;
}

/** Adds files in key order, making the folders between the root and each. */
export function folderBuilder(prefix: string): { root: Folder; add(key: string, size: number): void } {
  const root: Folder = { name: lastSegment(prefix), prefix, folders: [], files: [] };
  const folders = new Map<string, Folder>([[prefix, root]]);
  const folderAt = (path: string): Folder => {
    const known = folders.get(path);
    if (known) return known;
    const folder: Folder = { name: lastSegment(path), prefix: path, folders: [], files: [] };
    folders.set(path, folder);
    folderAt(parentOf(path)).folders.push(folder);
    return folder;
  };
  return {
    root,
    add(key, size) {
      const slash = key.lastIndexOf('/') + 1;
      folderAt(key.slice(0, slash)).files.push({ key, name: key.slice(slash), size });
    },
  };
}

/** Every folder that holds files itself, depth first in key order. */
export function* foldersWithFiles<File>(folder: Folder<File>): Generator<Folder<File>> {
  if (folder.files.length > 0) yield folder;
  for (const child of folder.folders) yield* foldersWithFiles(child);
}

function parentOf(prefix: string): string {
  return prefix.slice(0, prefix.slice(0, -1).lastIndexOf('/') + 1);
}

function lastSegment(prefix: string): string {
  return prefix.slice(parentOf(prefix).length, -1);
}

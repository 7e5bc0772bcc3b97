// Walks a bucket in the order of its keys and looks only into folders that can hold what is asked for.
import { join } from 'node:path';
import type { DirectoryNames } from './directory-names.js';
import { isTrueName, regularFile, type ObjectFiles } from './object-files.js';
import { compareKeys } from './key-order.js';
import { KEY_BYTES_MAX, utf8Length } from './key-path.js';
import type { FileIdentity } from './attributes.js';

export interface ListOptions {
  prefix?: string;
  delimiter?: string;
  after?: string;
  count?: number;
}

/** A key with its file, or a common prefix. */
export type ListedItem = { key: string; file: FileIdentity } | { commonPrefix: string };

export interface ListedPage {
  items: ListedItem[];
  /** The last item's name when there are more. */
  next?: string;
}

/**
 * At most `count` items (keys, and with a delimiter the prefixes they share up to it) greater than `after`. Plain files
 * come from the folders, escaped keys from the state; both arrive in order and are merged.
 */
export function listItems(
  bucket: string,
  folder: string,
  directories: DirectoryNames,
  files: ObjectFiles,
  { prefix = '', delimiter = '', after = '', count = Infinity }: ListOptions,
): ListedPage {
  const page: ListedPage = { items: [] };
  if (count <= 0) return page;
  const escaped = escapedKeys(bucket, files, prefix, after);
  let lastName = after;

  /** Adds the item of one key; false when the page is full. */
  function add(key: string, fileOf: () => FileIdentity | undefined): boolean {
    const commonPrefix = commonPrefixOf(key);
    const name = commonPrefix ?? key;
    if (name === lastName || compareKeys(name, lastName) < 0) return true;
    const file = fileOf();
    if (!file) return true;
    if (page.items.length === count) {
      page.next = lastName;
      return false;
    }
    lastName = name;
    page.items.push(commonPrefix === undefined ? { key, file } : { commonPrefix });
    return true;
  }

  function commonPrefixOf(key: string): string | undefined {
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return at < 0 ? undefined : key.slice(0, at + delimiter.length);
  }

  /** Adds the escaped keys before `key`, or all that are left; false when the page is full. */
  function addEscapedBefore(key: string | undefined): boolean {
    for (;;) {
      const next = escaped.peek();
      if (next === undefined || (key !== undefined && compareKeys(next, key) >= 0)) return true;
      escaped.skip();
      if (!add(next, () => files.escapedFile(bucket, next)?.stats)) return false;
    }
  }

  function addPlain(key: string, fileOf: () => FileIdentity | undefined): boolean {
    return addEscapedBefore(key) && add(key, fileOf);
  }

  // Names read from folders never lead out of the bucket, for symbolic links are not among them; the prefix might.
  function isInside(path: string): boolean {
    if (path === '') return true;
    const names = path.slice(0, -1).split('/');
    return (
      !names.some((name) => ['', '.', '..'].includes(name) || name.includes('\0')) &&
      isTrueName(folderOf(path))
    );
  }

  // Without the slash, with which the system would follow a symbolic link.
  const folderOf = (path: string) => (path === '' ? folder : join(folder, path.slice(0, -1)));

  /** Adds what is in a folder; `path` is '' or ends with a slash. False when the page is full. */
  function walk(path: string): boolean {
    const names = directories.read(folderOf(path)) ?? [];
    const lowest = compareKeys(prefix, lastName) > 0 ? prefix : lastName;
    for (let index = firstIndex(names, path, lowest); index < names.length; index++) {
      const name = path + (names[index] as string);
      if (!name.startsWith(prefix)) break;
      if (!name.endsWith('/')) {
        if (isTooLong(name)) continue;
        if (!addPlain(name, () => regularFile(join(folder, name)))) return false;
      } else if (commonPrefixOf(name) === undefined) {
        if (!walk(name)) return false;
      } else if (!addPlain(name, () => firstFile(name))) return false;
    }
    return true;
  }

  /** Any file in the folder or below: a folder without one is no common prefix. */
  function firstFile(path: string): FileIdentity | undefined {
    for (const name of directories.read(folderOf(path)) ?? []) {
      const file = name.endsWith('/')
        ? firstFile(path + name)
        : isTooLong(path + name)
          ? undefined
          : regularFile(join(folder, path + name));
      if (file) return file;
    }
    return undefined;
  }

  const start = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  if (!isInside(start) || walk(start)) addEscapedBefore(undefined);
  return page;
}

/** Index of the first name that can lead to a key greater than `lowest`, or to `lowest` itself. */
function firstIndex(names: readonly string[], path: string, lowest: string): number {
  if (!lowest.startsWith(path)) return compareKeys(path, lowest) < 0 ? names.length : 0;
  const rest = lowest.slice(path.length);
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(names[middle] as string, rest) < 0) low = middle + 1;
    else high = middle;
  }
  const before = names[low - 1];
  return before?.endsWith('/') && rest.startsWith(before) ? low - 1 : low;
}

function isTooLong(key: string): boolean {
  return key.length * 3 > KEY_BYTES_MAX && utf8Length(key) > KEY_BYTES_MAX;
}

/** The bucket's escaped keys from `prefix` on and greater than `after`, read in batches. */
function escapedKeys(bucket: string, files: ObjectFiles, prefix: string, after: string) {
  const batchSize = 1000;
  let batch = files.escapedKeys(bucket, after, prefix, batchSize);
  let index = 0;
  return {
    peek(): string | undefined {
      if (index === batchSize) {
        batch = files.escapedKeys(bucket, batch[batchSize - 1] as string, prefix, batchSize);
        index = 0;
      }
      const key = batch[index];
      return key?.startsWith(prefix) ? key : undefined;
    },
    skip: () => void index++,
  };
}

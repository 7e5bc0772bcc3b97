// Finds the file of a key and gives a key its file, without ever leaving the bucket's folder.
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  type Stats,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { systemErrorCode } from '../base/errors.js';
import type { State } from '../state/state.js';
import { absentOrThrow } from './directory-names.js';
import type { KeyPaths } from './key-path.js';
import { forgetIfRoom } from './storage-failure.js';

export interface FoundFile {
  path: string;
  stats: Stats;
}

export interface ObjectFiles {
  /** The file that is the object now. A plain file goes before an escaped one. */
  find(bucket: string, key: string): FoundFile | undefined;
  /**
   * Renames the finished file at `source` to be the key's file. Escaped when a file or a symbolic link is in the way of
   * a folder, or a folder in the way of the file. Answers the new path.
   */
  place(bucket: string, key: string, source: string): string;
  /** Removes the key's files and the folders that this leaves empty. What is remembered of an escaped key stays. */
  remove(bucket: string, key: string): void;
  /** Forgets an escaped key that has been removed; nothing for any other. */
  forget(bucket: string, key: string): void;
  /** Escaped keys greater than `after`, from `from` on, at most `count`, in order. */
  escapedKeys(bucket: string, after: string, from: string, count: number): string[];
  escapedFile(bucket: string, key: string): FoundFile | undefined;
  /** Mends what a process left that died half-way: forgets escaped keys without a file, removes escaped files of no key. */
  mendEscaped(): void;
}

export function openObjectFiles(state: State, paths: KeyPaths): ObjectFiles {
  const isEscaped = (bucket: string, key: string) =>
    state.sql('SELECT 1 FROM s3_escaped_keys WHERE bucket = ? AND key = ?').get(bucket, key) !== undefined;
  const forget = (bucket: string, key: string) =>
    void state.sql('DELETE FROM s3_escaped_keys WHERE bucket = ? AND key = ?').run(bucket, key);

  function escapedFile(bucket: string, key: string): FoundFile | undefined {
    const path = paths.escaped(bucket, key);
    const stats = regularFile(path);
    return stats && { path, stats };
  }

  function plainFile(bucket: string, key: string): FoundFile | undefined {
    const path = paths.plain(bucket, key);
    const stats = path === undefined ? undefined : regularFile(path);
    return path !== undefined && stats && isTrueName(path) ? { path, stats } : undefined;
  }

  return {
    find(bucket, key) {
      return plainFile(bucket, key) ?? (isEscaped(bucket, key) ? escapedFile(bucket, key) : undefined);
    },
    place(bucket, key, source) {
      const plain = paths.plain(bucket, key);
      const folder = paths.bucketFolder(bucket);
      if (plain !== undefined) {
        try {
          if (makeFolders(folder, dirname(plain)) && isFree(plain)) {
            renameSync(source, plain);
            if (isEscaped(bucket, key)) {
              unlinkIfThere(paths.escaped(bucket, key));
              forgetIfRoom(() => forget(bucket, key));
            }
            return plain;
          }
        } catch (error) {
          removeEmptyFolders(dirname(plain), folder);
          throw error;
        }
        removeEmptyFolders(dirname(plain), folder);
      }
      mkdirSync(paths.escapedFolder(bucket), { recursive: true });
      // Recorded first, for a file under a digest that nobody remembers the key of would be lost.
      state.sql('INSERT OR IGNORE INTO s3_escaped_keys VALUES (?, ?)').run(bucket, key);
      const path = paths.escaped(bucket, key);
      renameSync(source, path);
      return path;
    },
    remove(bucket, key) {
      const plain = plainFile(bucket, key);
      if (plain) {
        unlinkIfThere(plain.path);
        removeEmptyFolders(dirname(plain.path), paths.bucketFolder(bucket));
      }
      if (isEscaped(bucket, key)) unlinkIfThere(paths.escaped(bucket, key));
    },
    forget,
    escapedKeys(bucket, after, from, count) {
      const rows = state
        .sql('SELECT key FROM s3_escaped_keys WHERE bucket = ? AND key > ? AND key >= ? ORDER BY key LIMIT ?')
        .all(bucket, after, from, count) as { key: string }[];
      return rows.map((row) => row.key);
    },
    escapedFile,
    mendEscaped() {
      const rows = state.sql('SELECT bucket, key FROM s3_escaped_keys').all() as {
        bucket: string;
        key: string;
      }[];
      const known = new Set<string>();
      for (const { bucket, key } of rows) {
        const file = escapedFile(bucket, key);
        if (file) known.add(file.path);
        else forget(bucket, key);
      }
      const top = paths.escapedFolder('');
      mkdirSync(top, { recursive: true });
      for (const entry of readdirSync(top, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isFile() && !known.has(path)) unlinkIfThere(path);
      }
    },
  };
}

function lstat(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    return absentOrThrow(error);
  }
}

/** What is at `path` when it is a regular file: no folder, symbolic link, pipe or device. */
export function regularFile(path: string): Stats | undefined {
  const stats = lstat(path);
  return stats?.isFile() ? stats : undefined;
}

/**
 * True when the system's own name for what is at `path` is `path`. It differs when a folder on the way is a symbolic link
 * and, on file systems that ignore case or Unicode form, when another key's file answers.
 */
export function isTrueName(path: string): boolean {
  try {
    return realpathSync.native(path) === path;
  } catch (error) {
    return absentOrThrow(error) ?? false;
  }
}

function isFree(path: string): boolean {
  const stats = lstat(path);
  return stats === undefined || (stats.isFile() && isTrueName(path));
}

/** False when something that is no folder is in the way. `top` exists. */
function makeFolders(top: string, folder: string): boolean {
  if (isTrueName(folder)) return lstatSync(folder).isDirectory();
  let path = top;
  for (const name of relative(top, folder).split(sep)) {
    path = join(path, name);
    const stats = lstat(path);
    if (!stats) mkdirSync(path);
    else if (!stats.isDirectory()) return false;
  }
  return isTrueName(folder);
}

function removeEmptyFolders(folder: string, top: string): void {
  for (let path = folder; path !== top; path = dirname(path)) {
    try {
      rmdirSync(path);
    } catch (error) {
      // Not empty, or no folder: it stays as it is. One that was never made may have left those above it empty.
      if (systemErrorCode(error) !== 'ENOENT') return;
    }
  }
}

/** Removes a file; it need not be there. */
export function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    absentOrThrow(error);
  }
}

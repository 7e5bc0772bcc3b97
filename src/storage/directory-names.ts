// The sorted names in a folder, read again only after the folder has changed.
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { sortKeys } from './key-order.js';
import { systemErrorCode } from '../base/errors.js';

/** Names kept over all folders; beyond it the folders read longest ago are forgotten. */
const NAMES_MAX = 500_000;

export interface DirectoryNames {
  /**
   * Names of the files and folders in the folder at `path`, folders with a trailing `/`, in the order of keys. Nothing
   * else counts: no symbolic links, sockets or devices. Undefined when there is no such folder.
   */
  read(path: string): readonly string[] | undefined;
}

export function openDirectoryNames(): DirectoryNames {
  const known = new Map<string, { ctimeMs: number; names: string[] }>();
  let nameCount = 0;
  const forget = (path: string) => {
    nameCount -= known.get(path)?.names.length ?? 0;
    known.delete(path);
  };
  return {
    read(path) {
      const stats = folderStats(path);
      if (!stats) return void forget(path);
      const before = known.get(path);
      if (before?.ctimeMs === stats.ctimeMs) return before.names;
      forget(path);
      const names = readNames(path);
      if (names && isSettled(stats.ctimeMs)) {
        known.set(path, { ctimeMs: stats.ctimeMs, names });
        nameCount += names.length;
        for (const oldest of known.keys()) {
          if (nameCount <= NAMES_MAX || oldest === path) break;
          forget(oldest);
        }
      }
      return names;
    },
  };
}

function folderStats(path: string): Stats | undefined {
  try {
    const stats = lstatSync(path);
    return stats.isDirectory() ? stats : undefined;
  } catch (error) {
    return absentOrThrow(error);
  }
}

function readNames(path: string): string[] | undefined {
  try {
    const names: string[] = [];
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isFile()) names.push(entry.name);
      else if (entry.isDirectory()) names.push(entry.name + '/');
    }
    return sortKeys(names);
  } catch (error) {
    return absentOrThrow(error);
  }
}

/** Undefined when `error` says that there is nothing at the path; throws it otherwise. */
export function absentOrThrow(error: unknown): undefined {
  if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'].includes(systemErrorCode(error) ?? '')) return undefined;
  throw error;
}

// The time is that of the last change and not of the last modification, which tools that copy folders set back.
// A change in the same tick of the file system's clock as the last one leaves the time as it is, so a folder that has
// just changed is not remembered. The time is the kernel's, hence not from base/clock. Ticks last milliseconds, but
// whole seconds where times have no fraction.
function isSettled(ctimeMs: number): boolean {
  return Date.now() - ctimeMs > (Number.isInteger(ctimeMs / 1000) ? 3000 : 100);
}

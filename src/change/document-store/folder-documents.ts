// Documents as files of a folder: a temporary file, synced and moved into place; conditions held by links and a lock.
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsync,
  linkSync,
  openSync,
  readFile,
  readFileSync,
  unlinkSync,
  writeFileSync,
  type Dirent,
} from 'node:fs';
import { mkdir, readdir, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { GluepotError, messageOf, systemErrorCode } from '../../base/errors.js';
import type { DocumentEntry, DocumentStore } from '../document-store.js';
import { abandonedFiles } from './abandoned-files.js';
import { checkDocumentName, conflict } from './document-name.js';
import { withFileLock } from './file-lock.js';

/** Windows opens no folders, and keeps their entries by itself. */
const CAN_OPEN_FOLDERS = process.platform !== 'win32';

// Only what waits for the disk is handed to another thread. The rest takes a few microseconds, and handing it over takes
// several times as many, which counts for the thousands of small documents of an undo.
const sync = promisify(fsync);
const readElsewhere = promisify(readFile);

/** Larger files are read by another thread. */
const SMALL_BYTES = 64 * 1024;

export function openFolderDocuments(path: string): DocumentStore {
  const folder = resolve(path);
  const made = new Set<string>();

  const failure = (error: unknown): unknown => {
    const code = systemErrorCode(error);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      return new GluepotError('not-permitted', `${folder} cannot be used: ${messageOf(error)}`, {
        cause: error,
      });
    }
    if (code === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'mkdir') {
      // What Node.js says of folders that a file system does not let be made, such as a read-only one.
      return new GluepotError(
        'not-permitted',
        `${folder} cannot be made: its file system takes no new folders; it may be mounted read-only.`,
        { cause: error },
      );
    }
    if (code === 'ENOTDIR' || code === 'EEXIST') {
      return new GluepotError('usage', `${folder} is no folder: ${messageOf(error)}`, { cause: error });
    }
    if (code === 'ENOSPC') {
      return new GluepotError('failed', `The disk of ${folder} is full.`, { cause: error });
    }
    return error;
  };

  const pathOf = (name: string): string => {
    checkDocumentName(name);
    return join(folder, ...name.split('/'));
  };

  const makeFolder = async (at: string): Promise<void> => {
    if (made.has(at)) return;
    const first = await mkdir(at, { recursive: true });
    // Entries of new folders are on disk once the folders above them are.
    for (let above = at; first !== undefined && above.length >= first.length; above = dirname(above)) {
      await syncFolder(dirname(above));
    }
    made.add(at);
  };

  const read = async (at: string) => {
    try {
      const bytes = await readWhole(at);
      return {
        bytes,
        // Few ask for it.
        get ETag() {
          return etagOf(bytes);
        },
      };
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return undefined;
      throw failure(error);
    }
  };

  /** The bytes in a file of their own beside `target`, on disk. Its name begins with a dot, as no document's does. */
  const writeBeside = async (target: string, bytes: Uint8Array): Promise<string> => {
    const temporary = join(dirname(target), `.${randomBytes(8).toString('hex')}.tmp`);
    const file = openSync(temporary, 'wx');
    try {
      writeFileSync(file, bytes);
      await sync(file);
    } catch (error) {
      unlinkSync(temporary);
      throw error;
    } finally {
      closeSync(file);
    }
    return temporary;
  };

  const requireMatch = async (at: string, name: string, ifMatch: string | undefined): Promise<void> => {
    if (ifMatch === undefined || (await read(at))?.ETag === ifMatch) return;
    throw conflict(folder, name, 'it is not the one that was read');
  };

  return {
    location: folder,
    get: (name) => read(pathOf(name)),

    async put(name, bytes, { ifAbsent, ifMatch } = {}) {
      const target = pathOf(name);
      try {
        await makeFolder(dirname(target));
        const temporary = await writeBeside(target, bytes);
        try {
          if (ifAbsent) linkSync(temporary, target);
          else {
            await withFileLock(target, async () => {
              await requireMatch(target, name, ifMatch);
              await rename(temporary, target);
            });
          }
        } finally {
          unlinkIfThere(temporary);
        }
        await syncFolder(dirname(target));
        return { ETag: etagOf(bytes) };
      } catch (error) {
        if (ifAbsent && systemErrorCode(error) === 'EEXIST') {
          throw conflict(folder, name, 'it is there already', error);
        }
        // Somebody removed the folder that was made before.
        if (systemErrorCode(error) === 'ENOENT') made.clear();
        throw failure(error);
      }
    },

    async *list(prefix = '') {
      try {
        yield* entriesOf(folder, prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix);
      } catch (error) {
        throw failure(error);
      }
    },

    async *folders(parent) {
      try {
        const entries = await entriesIn(join(folder, parent));
        yield* entries.flatMap((entry) => (entry.isDirectory() ? entry.name : []));
      } catch (error) {
        throw failure(error);
      }
    },

    abandoned: (now) => abandonedFiles(folder, now),

    async delete(name, { ifMatch } = {}) {
      const target = pathOf(name);
      try {
        if (ifMatch === undefined) unlinkIfThere(target);
        else {
          await withFileLock(target, async () => {
            if (!(await read(target))) return;
            await requireMatch(target, name, ifMatch);
            await unlink(target);
          });
        }
      } catch (error) {
        if (systemErrorCode(error) === 'ENOENT') return;
        throw failure(error);
      }
    },
  };
}

/** Documents below `parent` ('' or ending with /) whose names begin with `prefix`, in the order of their names. */
async function* entriesOf(folder: string, parent: string, prefix: string): AsyncGenerator<DocumentEntry> {
  const named = (await entriesIn(join(folder, parent)))
    .map((entry) => ({ entry, name: `${parent}${entry.name}${entry.isDirectory() ? '/' : ''}` }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const { entry, name } of named) {
    if (entry.isDirectory()) {
      if (name.startsWith(prefix) || prefix.startsWith(name)) yield* entriesOf(folder, name, prefix);
    } else if (entry.isFile() && name.startsWith(prefix)) {
      const found = await stat(join(folder, ...name.split('/'))).catch(() => undefined);
      if (found) yield { name, size: found.size, lastModified: found.mtime };
    }
  }
}

/** Of what could be a document or has some in it; none where there is no folder. */
async function entriesIn(path: string): Promise<Dirent[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => !entry.name.startsWith('.'));
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('hex')}"`;
}

async function syncFolder(folder: string): Promise<void> {
  if (!CAN_OPEN_FOLDERS) return;
  const opened = openSync(folder, 'r');
  try {
    await sync(opened);
  } finally {
    closeSync(opened);
  }
}

async function readWhole(path: string): Promise<Buffer> {
  const file = openSync(path, 'r');
  try {
    return fstatSync(file).size <= SMALL_BYTES ? readFileSync(file) : await readElsewhere(file);
  } finally {
    closeSync(file);
  }
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}

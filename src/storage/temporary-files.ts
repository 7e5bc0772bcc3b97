// Files in the making, on the disk of the buckets but outside their folders.
import { constants, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { chmod, copyFile, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openGate } from '../base/gate.js';
import type { Ids } from '../base/ids.js';
import { unlinkIfThere } from './object-files.js';

/** Each holds one of the four threads that Node.js reads and writes files with, until all bytes are copied. */
const COPIES_AT_ONCE = 2;

export interface TemporaryFiles {
  newPath(): string;
  /**
   * Writes a body to a new file and answers the path; the disk need not have it yet. `onBytes` sees all bytes in order.
   * Leaves nothing when that fails.
   */
  write(body: Uint8Array | AsyncIterable<Uint8Array>, onBytes?: (bytes: Uint8Array) => void): Promise<string>;
  /**
   * Has the system copy a file to a new one, within the disk where it can, and answers the path; the disk need not have it
   * yet. Leaves nothing when that fails.
   */
  copy(path: string): Promise<string>;
}

/** Opens the folder and removes what an earlier process left in it; only one process may use it. */
export function openTemporaryFiles(folder: string, ids: Ids): TemporaryFiles {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  const newPath = () => join(folder, ids.uuid());
  const copying = openGate(COPIES_AT_ONCE);
  return {
    newPath,
    async write(body, onBytes = () => {}) {
      const path = newPath();
      const file = await open(path, 'wx');
      try {
        for await (const bytes of body instanceof Uint8Array ? [body] : body) {
          onBytes(bytes);
          await file.writeFile(bytes);
        }
        return path;
      } catch (error) {
        unlinkIfThere(path);
        throw error;
      } finally {
        await file.close();
      }
    },
    async copy(source) {
      const path = newPath();
      const leave = await copying.enter();
      try {
        await copyFile(source, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
        // It has the original's rights, which may be those of a file that nobody may write.
        await chmod(path, ((await stat(path)).mode & 0o777) | 0o600);
        return path;
      } catch (error) {
        unlinkIfThere(path);
        throw error;
      } finally {
        leave();
      }
    },
  };
}

// Files in the making, on the disk of the buckets but outside their folders.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ids } from '../base/ids.js';
import { unlinkIfThere } from './object-files.js';

export interface TemporaryFiles {
  newPath(): string;
  /**
   * Writes a body to a new file and answers the path; the disk need not have it yet. `onBytes` sees all bytes in order.
   * Leaves nothing when that fails.
   */
  write(body: Uint8Array | AsyncIterable<Uint8Array>, onBytes?: (bytes: Uint8Array) => void): Promise<string>;
}

/** Opens the folder and removes what an earlier process left in it; only one process may use it. */
export function openTemporaryFiles(folder: string, ids: Ids): TemporaryFiles {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  const newPath = () => join(folder, ids.uuid());
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
  };
}

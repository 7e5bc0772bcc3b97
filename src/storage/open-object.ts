// An object as it was when it was opened, whatever is written to its key meanwhile: to be read, or copied by the system.
import { closeSync, type Stats } from 'node:fs';
import type { Readable } from 'node:stream';
import { systemErrorCode } from '../base/errors.js';
import { regularFile, unlinkIfThere } from './object-files.js';
import type { RecordedObject } from './object.js';
import { readRange } from './read-range.js';
import type { TemporaryFiles } from './temporary-files.js';

export interface OpenObject {
  object: RecordedObject;
  /**
   * Bytes `start` to `end`, both included. The file is closed with the stream, which fails when another tool has cut the
   * file short meanwhile.
   */
  read(start: number, end: number): Readable;
  /**
   * The path of a new file with all of its bytes, which nobody has looked at. Undefined when its file was replaced, changed
   * or removed since it was opened: read it then. The object stays open.
   */
  copy(): Promise<string | undefined>;
  /** To be called when read() is not. */
  close(): void;
}

/** @param stats of the file at `path`, which is open as `descriptor` */
export function openObject(
  object: RecordedObject,
  { path, descriptor, stats }: { path: string; descriptor: number; stats: Stats },
  temporary: TemporaryFiles,
): OpenObject {
  return {
    object,
    read: (start, end) => readRange(descriptor, start, end),
    close: () => closeSync(descriptor),
    async copy() {
      const copy = await temporary.copy(path).catch((error: unknown) => {
        if (systemErrorCode(error) === 'ENOENT') return undefined;
        throw error;
      });
      if (copy === undefined) return undefined;
      // Systems copy what a path leads to, not what is open.
      if (isSameContent(stats, regularFile(path))) return copy;
      unlinkIfThere(copy);
      return undefined;
    },
  };
}

/** Whether nothing came into the place of a file, or changed it. */
function isSameContent(before: Stats, after: Stats | undefined): boolean {
  return (
    after !== undefined &&
    after.dev === before.dev &&
    after.ino === before.ino &&
    after.size === before.size &&
    after.mtimeMs === before.mtimeMs
  );
}

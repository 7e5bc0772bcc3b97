// Copies a file so that the copy is on the disk, has the file's time, and is known by its checksum.
import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, mkdir, open, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GluepotError } from '../base/errors.js';

export interface Copied {
  /** Bytes. */
  size: number;
  /** Of the copy, as its file system keeps it. */
  mtimeMs: number;
  sha256: string;
}

/**
 * @param mtimeMs for the copy; that of the original when not given
 * @throws GluepotError `failed` when the file changes meanwhile; system errors, e.g. ENOSPC
 */
export async function copyWhole(
  from: string,
  to: string,
  mtimeMs?: number,
): Promise<Copied & { originalMtimeMs: number }> {
  await mkdir(dirname(to), { recursive: true });
  const before = await stat(from);
  // Shares the blocks where the file system can, and copies them otherwise.
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await setTime(to, mtimeMs ?? before.mtimeMs);
  await syncPath(to);
  const after = await stat(from);
  if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
    throw new GluepotError(
      'failed',
      `${from} was changed while it was copied. Stop what writes there, and try again.`,
    );
  }
  return { ...(await describeFile(to)), originalMtimeMs: before.mtimeMs };
}

/** Waits until the disk has a file, or the names in a folder. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Sets a file's modification time to the microsecond, which is what Node passes on to the system. */
async function setTime(path: string, mtimeMs: number): Promise<void> {
  // Half a microsecond more, because Node cuts what is below one and a double may fall just short of it.
  const seconds = (Math.round(mtimeMs * 1000) + 0.5) / 1e6;
  await utimes(path, seconds, seconds);
}

export async function describeFile(path: string): Promise<Copied> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const { size, mtimeMs } = await stat(path);
  return { size, mtimeMs, sha256: hash.digest('hex') };
}

/** Does `act` for every item, some at a time. */
export async function forEachOf<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const work = async () => {
    for (const item of rest) await act(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

const CONCURRENCY = 8;

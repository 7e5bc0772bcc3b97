// One writer at a time of one file, among processes that share a disk: a lock file that only one can make.
import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GluepotError, systemErrorCode } from '../../base/errors.js';

const PAUSE_MS = 10;
const WAIT_MAX_MS = 30_000;

/** A lock is held for one rename; one this old was left by a process that died. */
const ABANDONED_MS = 10_000;

/** @throws GluepotError `conflict` when others hold the lock of `path` for half a minute */
export async function withFileLock<T>(path: string, act: () => Promise<T>): Promise<T> {
  const lock = join(dirname(path), `.${basename(path)}.lock`);
  const owner = randomBytes(16).toString('hex');
  const startMs = Date.now();
  while (!(await tryLock(lock, owner))) {
    await breakAbandoned(lock);
    if (Date.now() - startMs > WAIT_MAX_MS) {
      throw new GluepotError('conflict', `Others keep writing ${path}. Try again when they are done.`);
    }
    await delay(PAUSE_MS);
  }
  try {
    return await act();
  } finally {
    if ((await readIfThere(lock)) === owner) await unlink(lock);
  }
}

async function tryLock(lock: string, owner: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx');
    await file.writeFile(owner).finally(() => file.close());
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

// Moving it away is atomic: of several that find it abandoned one does. One that comes late moves a fresh lock, and puts
// it back.
async function breakAbandoned(lock: string): Promise<void> {
  try {
    if (!isAbandoned(await stat(lock))) return;
    const moved = `${lock}.${randomBytes(4).toString('hex')}.tmp`;
    await rename(lock, moved);
    if (!isAbandoned(await stat(moved))) await link(moved, lock);
    await unlink(moved);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT' && systemErrorCode(error) !== 'EEXIST') throw error;
  }
}

function isAbandoned({ mtimeMs }: { mtimeMs: number }): boolean {
  return Date.now() - mtimeMs >= ABANDONED_MS;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

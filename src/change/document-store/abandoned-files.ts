// What writers leave in a folder when they are killed: files that never became documents.
import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../../base/errors.js';
import type { AbandonedFile } from '../document-store.js';

/** Written in seconds; so old, nobody is at work on it any more. */
const ABANDONED_MS = 24 * 3600_000;

/** Of folder-documents.ts and file-lock.ts. */
const TEMPORARY = /^\.(?:[0-9a-f]{16}|.+\.lock\.[0-9a-f]{8})\.tmp$/;

export async function abandonedFiles(folder: string, now: Date): Promise<AbandonedFile[]> {
  const entries = await unlessAbsent(readdir(folder, { recursive: true, withFileTypes: true }));
  const found: AbandonedFile[] = [];
  for (const entry of entries ?? []) {
    if (!entry.isFile() || !TEMPORARY.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const { size, mtimeMs } = (await unlessAbsent(stat(path))) ?? { size: 0, mtimeMs: Infinity };
    if (now.getTime() - mtimeMs < ABANDONED_MS) continue;
    found.push({ path, size, remove: async () => void (await unlessAbsent(unlink(path))) });
  }
  return found;
}

async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

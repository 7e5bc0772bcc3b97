// Waits until the disk has what was written, so that what is acknowledged outlives a power cut.
import { closeSync, fsyncSync, lstatSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { absentOrThrow } from './directory-names.js';

/** Folders remembered; beyond it all are forgotten and their entries once more waited for. */
const FOLDERS_MAX = 100_000;

/** Windows opens none, and keeps their entries by itself. */
const CAN_OPEN_FOLDERS = process.platform !== 'win32';

/** Waits for the bytes and the times of a file. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Waits for the entries of a folder, and lets nothing happen meanwhile. */
export function syncEntriesNow(folder: string): void {
  if (!CAN_OPEN_FOLDERS) return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export type SyncFolder = (folder: string) => Promise<void>;

/**
 * Answers a function that waits for the entries of a folder below `top`, and, where they are new, for its own entry and
 * those of the folders above it up to `top`. A folder that is gone again has nothing to wait for.
 */
export function openFolderSync(top: string): SyncFolder {
  const onDisk = new Map<string, string>();
  return async function syncFolder(folder) {
    const identity = identityOf(folder);
    if (identity === undefined) return;
    await syncEntries(folder);
    if (folder === top || onDisk.get(folder) === identity) return;
    await syncFolder(dirname(folder));
    if (onDisk.size >= FOLDERS_MAX) onDisk.clear();
    onDisk.set(folder, identity);
  };
}

/** Tells a folder from one that was made in its place: file systems give the number of a removed one away again. */
function identityOf(folder: string): string | undefined {
  try {
    const { ino, birthtimeMs } = lstatSync(folder);
    return `${ino} ${birthtimeMs}`;
  } catch (error) {
    return absentOrThrow(error);
  }
}

async function syncEntries(folder: string): Promise<void> {
  if (!CAN_OPEN_FOLDERS) return;
  const handle = await open(folder, 'r').catch(absentOrThrow);
  if (!handle) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

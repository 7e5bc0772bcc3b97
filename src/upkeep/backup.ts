// Copies a data directory that nobody holds into a new folder, with a manifest of checksums.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStateAsItIs, type State, type StateSchema } from '../state/state.js';
import { checkState } from '../state/check-state.js';
import { GluepotError, messageOf } from '../base/errors.js';
import { followRetimed, listStoredFiles, type Retimed } from '../storage/stored-files.js';
import { copyWhole, describeFile, forEachOf, syncPath } from './copy-file.js';
import {
  fillFolder,
  OBJECTS_NAME,
  objectsPath,
  requireEmpty,
  requireOutside,
  STATE_NAME,
  statePath,
} from './data-directory.js';
import { MANIFEST_FORMAT, MANIFEST_NAME, type FileEntry, type Manifest } from './manifest.js';

export interface BackupReport {
  backup: string;
  createdAt: string;
  fileCount: number;
  /** Bytes of all files together. */
  size: number;
  /** In buckets, but no objects, so not in the backup: symbolic links and the like. */
  leftOut: string[];
}

/**
 * @param options.version of this gluepot
 * @throws GluepotError `guard-refused` when a process holds the data directory or `backup` is not empty; `usage` when
 *   there is no data directory; `failed` when it is damaged, or cannot be copied whole. `backup` is then as before.
 */
export async function backUp(
  dataDir: string,
  backup: string,
  options: { schemas: readonly StateSchema[]; version: string; now: Date },
): Promise<BackupReport> {
  const { schemas, version, now } = options;
  requireOutside(dataDir, backup);
  requireEmpty(backup, 'a backup');
  // Held until the end, so that state and objects are of one moment. Not upgraded: a backup is also for going back.
  const state = openStateAsItIs(statePath(dataDir), schemas);
  try {
    const [damage] = checkState(state);
    if (damage) throw new GluepotError('failed', damage.message);
    return await fillFolder(backup, async () => {
      copyState(state, statePath(backup));
      const { folders, files: paths, others } = listStoredFiles(objectsPath(dataDir));
      const files: FileEntry[] = [];
      const retimed: Retimed[] = [];
      await forEachOf(paths, async (path) => {
        const to = join(objectsPath(backup), path);
        const { originalMtimeMs: fromMs, ...copied } = await copyWhole(join(objectsPath(dataDir), path), to);
        files.push({ path: `${OBJECTS_NAME}/${path}`, ...copied });
        if (copied.mtimeMs !== fromMs) retimed.push({ path, fromMs, toMs: copied.mtimeMs });
      });
      const copy = openStateAsItIs(statePath(backup), schemas);
      try {
        // An older state without the table has no attributes either.
        if (copy.isCurrent) followRetimed(copy, objectsPath(backup), retimed);
      } finally {
        copy.close();
      }
      files.push({ path: STATE_NAME, ...(await describeFile(statePath(backup))) });
      await syncPath(statePath(backup));
      files.sort((a, b) => (a.path < b.path ? -1 : 1));
      const createdAt = now.toISOString();
      await writeManifest(backup, {
        format: MANIFEST_FORMAT,
        gluepot: version,
        createdAt,
        folders: folders.map((name) => `${OBJECTS_NAME}/${name}`),
        files,
      });
      const size = files.reduce((sum, file) => sum + file.size, 0);
      return { backup, createdAt, fileCount: files.length, size, leftOut: others };
    });
  } finally {
    state.close();
  }
}

// What fails here is mostly the disk of the copy, of which SQLite's error does not speak.
function copyState(state: State, copy: string): void {
  try {
    state.sql('VACUUM INTO ?').run(copy);
  } catch (error) {
    const reason = messageOf(error instanceof GluepotError ? error.cause : error);
    throw new GluepotError('failed', `${copy} could not be written: ${reason}. Nothing was backed up.`, {
      cause: error,
    });
  }
}

async function writeManifest(backup: string, manifest: Manifest): Promise<void> {
  const path = join(backup, MANIFEST_NAME);
  const temporary = `${path}.unfinished`;
  writeFileSync(temporary, `${JSON.stringify(manifest, undefined, 1)}\n`);
  await syncPath(temporary);
  renameSync(temporary, path);
  // Windows has no such thing.
  if (process.platform !== 'win32') await syncPath(backup);
}

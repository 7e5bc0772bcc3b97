// Makes a data directory of a backup, after every byte of it has been compared with the manifest.
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { GluepotError } from '../base/errors.js';
import { openStateAsItIs, type StateSchema } from '../state/state.js';
import { followRetimed, type Retimed } from '../storage/stored-files.js';
import { copyWhole, forEachOf, syncPath } from './copy-file.js';
import {
  fillFolder,
  OBJECTS_NAME,
  objectsPath,
  requireEmpty,
  requireOutside,
  STATE_NAME,
  statePath,
} from './data-directory.js';
import { MANIFEST_NAME, readManifest, type FileEntry, type Manifest } from './manifest.js';

export interface RestorePlan {
  backup: string;
  dataDir: string;
  manifest: Manifest;
  /** Bytes of all files together. */
  size: number;
  /** In the backup's folder, but not in its manifest, so not restored. */
  unlisted: string[];
}

/**
 * What would be restored; changes nothing.
 * @throws GluepotError `guard-refused` when the data directory is not empty, `usage` when `backup` is none, `failed`
 *   when its manifest cannot be read or files are missing
 */
export function planRestore(backup: string, dataDir: string): RestorePlan {
  requireEmpty(dataDir, 'a data directory');
  requireOutside(backup, dataDir);
  const manifest = readManifest(backup);
  const missing = manifest.files.filter(({ path }) => !existsSync(join(backup, path)));
  if (missing.length > 0) {
    throw new GluepotError(
      'failed',
      `${missing.length} of ${manifest.files.length} files are missing from ${backup}, e.g. ${missing[0]?.path}. ` +
        'Nothing was restored. Use another backup.',
    );
  }
  const listed = new Set([MANIFEST_NAME, ...manifest.files.map(({ path }) => path)]);
  const unlisted = readdirSync(backup, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(backup, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !listed.has(path));
  const size = manifest.files.reduce((sum, file) => sum + file.size, 0);
  return { backup, dataDir, manifest, size, unlisted };
}

/** @throws GluepotError `failed` when a file is not as the manifest says; the data directory is then as before */
export async function restore(
  { backup, dataDir, manifest }: RestorePlan,
  schemas: readonly StateSchema[],
): Promise<void> {
  await fillFolder(dataDir, async () => {
    // An empty state file is refused by every gluepot, so a restore that is cut short is never taken for a new folder.
    writeFileSync(statePath(dataDir), '', { flag: 'wx' });
    const restored = `${statePath(dataDir)}.restored`;
    const retimed: Retimed[] = [];
    await forEachOf(manifest.files, async (file) => {
      const to = file.path === STATE_NAME ? restored : join(dataDir, file.path);
      // With the manifest's time, because backups are copied about.
      const copied = await copyWhole(join(backup, file.path), to, file.mtimeMs);
      if (copied.sha256 !== file.sha256 || copied.size !== file.size) throw differs(backup, file);
      const isObject = file.path.startsWith(`${OBJECTS_NAME}/`);
      if (!isObject || copied.mtimeMs === file.mtimeMs) return;
      const path = file.path.slice(OBJECTS_NAME.length + 1);
      retimed.push({ path, fromMs: file.mtimeMs, toMs: copied.mtimeMs });
    });
    for (const folder of manifest.folders) mkdirSync(join(dataDir, folder), { recursive: true });
    const state = openStateAsItIs(restored, schemas);
    try {
      if (state.isCurrent) followRetimed(state, objectsPath(dataDir), retimed);
    } finally {
      state.close();
    }
    renameSync(restored, statePath(dataDir));
    if (process.platform !== 'win32') await syncPath(dataDir);
  });
}

function differs(backup: string, { path }: FileEntry): GluepotError {
  return new GluepotError(
    'failed',
    `${join(backup, path)} is not what was backed up: its checksum differs from the one in ${MANIFEST_NAME}. ` +
      'Nothing was restored. Use another backup.',
  );
}

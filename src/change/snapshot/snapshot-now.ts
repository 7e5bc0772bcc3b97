// The catalog as it is now, in the form of a snapshot that is kept nowhere: to compare with, or to plan from.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CatalogAccess } from '../catalog-access.js';
import type { CatalogHome } from '../catalog-home.js';
import type { DocumentStore } from '../document-store.js';
import { openFolderDocuments } from '../document-store/folder-documents.js';
import type { SnapshotScope } from './manifest.js';
import { openSnapshot, type Snapshot } from './read-snapshot.js';
import { takeSnapshot, type SnapshotProgress } from './take-snapshot.js';

export interface SnapshotOfNow {
  snapshot: Snapshot;
  /** Removes what it kept on disk. */
  close(): Promise<void>;
}

/** Objects that `store` has are not written again; those that are new go to a temporary folder. Nothing in `store` changes. */
export async function snapshotNow(
  access: CatalogAccess,
  home: CatalogHome,
  store: DocumentStore,
  scope: SnapshotScope,
  options: { onProgress?: (progress: SnapshotProgress) => void } = {},
): Promise<SnapshotOfNow> {
  const folder = await mkdtemp(join(tmpdir(), 'gluepot-now-'));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const overlay = overlayStore(store, openFolderDocuments(folder));
    const asked = { scope, reason: 'manual' as const, tool: { name: 'gluepot', version: '' } };
    const { manifest } = await takeSnapshot(access, home, overlay, asked, options);
    return { snapshot: openSnapshot(overlay, manifest), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Reads what is above, else what is below; writes and deletes above only. */
function overlayStore(below: DocumentStore, above: DocumentStore): DocumentStore {
  return {
    location: below.location,
    get: async (name) => (await above.get(name)) ?? below.get(name),
    put: (...given) => above.put(...given),
    delete: (...given) => above.delete(...given),
    async *folders(parent) {
      yield* above.folders(parent);
      yield* below.folders(parent);
    },
    async *list(prefix) {
      yield* above.list(prefix);
      yield* below.list(prefix);
    },
  };
}

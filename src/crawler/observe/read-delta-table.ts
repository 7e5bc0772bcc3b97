// Observe: one Delta table, from its log.
import { listPages } from '../../storage/list-pages.js';
import type { ObjectEntry, ObjectStorage } from '../../storage/object-storage.js';
import { DeltaError, type DeltaLogFiles } from '../../tabular/delta/delta-log.js';
import { readDeltaFiles, readDeltaSnapshot, type DeltaSnapshot } from '../../tabular/delta/delta-snapshot.js';
import { symlinkManifests, type SymlinkManifest } from '../../tabular/delta/symlink-manifests.js';
import type { PlanContext } from '../plan-context.js';
import type { DeltaTarget } from '../targets/delta-target.js';

export interface ObservedDeltaTable {
  target: DeltaTarget;
  /** `s3://bucket/folder/` */
  url: string;
  snapshot: DeltaSnapshot;
  /** What its manifests are or should be; undefined for a table that has none. */
  manifests: SymlinkManifest[] | undefined;
}

/**
 * undefined when there is no log.
 * @throws Error that names a table whose log cannot be read: AWS's crawlers fail there too; AwsError NoSuchBucket; the
 *   signal's reason when it aborts
 */
export async function readDeltaTable(
  target: DeltaTarget,
  { storage, progress, signal }: Pick<PlanContext, 'storage' | 'progress' | 'signal'>,
): Promise<ObservedDeltaTable | undefined> {
  const { bucket, key, isNative, isWritingManifests } = target;
  const url = `s3://${bucket}/${key}`;
  const prefix = `${key}_delta_log/`;
  const objects: DeltaLogFiles['objects'][number][] = [];
  for (const entry of objectsOf(storage, bucket, prefix, signal)) {
    objects.push({ name: entry.key.slice(prefix.length), lastModified: entry.lastModified });
  }
  progress.objectCount += objects.length;
  if (objects.length === 0) return undefined;
  const log: DeltaLogFiles = { objects, pathOf: (name) => storage.path(bucket, prefix + name) };
  try {
    const snapshot = await readDeltaSnapshot(log, signal);
    const needsFiles = !isNative || isWritingManifests;
    const manifests = needsFiles
      ? symlinkManifests(snapshot, (await readDeltaFiles(log, signal)).values(), url)
      : undefined;
    progress.fileCount += objects.length;
    return { target, url, snapshot, manifests };
  } catch (error) {
    if (!(error instanceof DeltaError)) throw error;
    throw new Error(`Delta table ${url} cannot be crawled: ${error.message}.`, { cause: error });
  }
}

/** The objects directly in a folder. */
function* objectsOf(
  storage: ObjectStorage,
  bucket: string,
  prefix: string,
  signal: AbortSignal,
): Generator<ObjectEntry> {
  for (const { entries } of listPages(storage, bucket, { prefix, delimiter: '/', count: 1000 })) {
    signal.throwIfAborted();
    yield* entries;
  }
}

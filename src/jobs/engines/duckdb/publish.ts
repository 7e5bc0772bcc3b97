// Turns the staged files of a run into objects, and tells the catalog.
import type { Clock } from '../../../base/clock.js';
import type { Catalog } from '../../../catalog/catalog.js';
import type { ObjectStorage } from '../../../storage/object-storage.js';
import type { EngineWork } from '../../engine.js';
import { partitionNames, type Write } from '../../plan/plan.js';
import { updateCatalog } from './update-catalog.js';
import { partitionFolder } from '../../../tabular/partition-folder.js';
import { outputFileName } from './output-file-name.js';
import type { Staged } from './stage-write.js';

interface Publishing {
  catalog: Catalog;
  storage: ObjectStorage;
  clock: Clock;
  work: EngineWork;
}

/** Either all files of all targets become objects, or none. Objects that were there before stay. */
export async function publish(
  targets: readonly { write: Write; staged: Staged }[],
  publishing: Publishing,
): Promise<void> {
  const { storage, work } = publishing;
  const taken = new Set<string>();
  const named = targets.map((target) => ({ ...target, keys: objectKeys(target, publishing, taken) }));
  const published: { bucket: string; key: string }[] = [];
  try {
    for (const { write, staged, keys } of named) {
      for (const [index, file] of staged.files.entries()) {
        const key = keys[index] as string;
        await storage.adopt(write.bucket, key, file.path);
        published.push({ bucket: write.bucket, key });
      }
    }
    for (const { write, staged } of named) {
      if (write.catalogUpdate) updateCatalog(write, staged, publishing);
    }
  } catch (error) {
    for (const { bucket, key } of published) storage.delete(bucket, key);
    throw error;
  }
  for (const { write, staged } of named) {
    const place = staged.files.length > 0 ? ` to s3://${write.bucket}/${write.prefix}` : '';
    work.log(`Node "${write.node}": wrote ${staged.rowCount} rows in ${staged.files.length} files${place}.`);
  }
}

/** Keys that no object and no other target of the run has: the instant in the name is moved on until it is so. */
function objectKeys(
  { write, staged }: { write: Write; staged: Staged },
  { storage, clock }: Publishing,
  taken: Set<string>,
): string[] {
  for (let runMs = clock.now().getTime(); ; runMs += 1) {
    const counts = new Map<string, number>();
    const keys = staged.files.map((file) => {
      const folder = write.prefix + partitionFolder(partitionNames(write), file.partitionValues);
      const index = counts.get(folder) ?? 0;
      counts.set(folder, index + 1);
      return folder + outputFileName(write.format, runMs, index);
    });
    const isFree = keys.every(
      (key) => !taken.has(`${write.bucket}/${key}`) && !storage.head(write.bucket, key),
    );
    if (!isFree) continue;
    for (const key of keys) taken.add(`${write.bucket}/${key}`);
    return keys;
  }
}

// The proof of an apply: everything that was changed is read once more.
import type { CatalogAccess } from '../catalog-access.js';
import type { PackedChange } from '../plan/change-block.js';
import { readObjects } from '../read-objects.js';
import type { Shortcoming } from './apply-report.js';
import { isAs } from './is-as.js';

/** What of `changes` is not as it was to be. */
export async function readBack(
  access: CatalogAccess,
  changes: Iterable<PackedChange>,
  concurrency: number,
): Promise<Shortcoming[]> {
  const differing: Shortcoming[] = [];
  await readObjects(
    access,
    changes,
    (change, found) => {
      if (isAs(change, 'wanted', found)) return;
      differing.push({ key: change.key, reason: 'Read back, it is not as it was to be.' });
    },
    concurrency,
  );
  return differing;
}

// The proof of an apply: everything that was changed is read once more.
import { isSameDefinition } from '../canonical-definition.js';
import type { CatalogAccess } from '../catalog-access.js';
import { keyText } from '../catalog-key.js';
import type { CatalogObjectKind } from '../catalog-object.js';
import type { Change } from '../plan.js';
import { readObjects } from '../read-objects.js';
import type { Shortcoming } from './apply-report.js';

/**
 * What is not as it was to be.
 * @param covered what went with a table, by the table
 */
export async function readBack(
  access: CatalogAccess,
  changes: ReadonlySet<Change>,
  covered: ReadonlyMap<string, readonly Change[]>,
  concurrency: number,
): Promise<Shortcoming[]> {
  // What was in a table is gone when the table is.
  const gone = new Set([...covered.values()].flat());
  const read = [...changes].filter((change) => !gone.has(change));
  const wanted = new Map(read.map((change) => [keyText(change.key), change.wanted]));
  const differing: Shortcoming[] = [];
  const keys = read.map(({ key }) => key);
  await readObjects(
    access,
    keys,
    (key, found) => {
      if (isSameDefinition<CatalogObjectKind>(key.kind, found?.definition, wanted.get(keyText(key)))) return;
      differing.push({ key, reason: 'Read back, it is not as it was to be.' });
    },
    concurrency,
  );
  return differing;
}

// What would go with an object that is deleted stays, unless its own going was decided; nothing is made in what is not there.
import { keyLabel, keyText, ownersOf, type CatalogObjectKey, type Change } from '../../change/index.js';
import type { Snapshot } from '../../change/snapshot/index.js';

/**
 * The same changes, but for
 * - a table that is to go while something of it stays: it stays, too;
 * - a database that is to go: it stays, for it may hold what snapshots do not cover, such as functions;
 * - what is to be made in a table or database that is not there and is not made either.
 * @param now the catalog as it is
 */
export function withoutLosses(changes: readonly Change[], now: Snapshot): Change[] {
  const byKey = new Map(changes.map((change) => [keyText(change.key), change]));
  const staying = new Map<string, CatalogObjectKey>();
  for (const { action, key, current } of changes) {
    const stays = action !== 'delete' && current !== undefined;
    if (stays) for (const owner of ownersOf(key)) staying.set(keyText(owner), key);
  }
  return changes.map((change) => {
    const { action, key } = change;
    if (action === 'delete') {
      if (key.kind === 'database') {
        return skipped(
          change,
          'A database is not deleted: it may hold what snapshots do not cover, such as functions.',
        );
      }
      const inside = staying.get(keyText(key));
      return inside ? skipped(change, `It stays, for the ${keyLabel(inside)} in it stays.`) : change;
    }
    if (action !== 'create' && action !== 'recreate') return change;
    const missing = ownersOf(key).find((owner) => {
      const ofOwner = byKey.get(keyText(owner));
      return !isMade(ofOwner) && !isThere(owner, ofOwner, now);
    });
    return missing ? skipped(change, `The ${keyLabel(missing)} is not there, and is not made.`) : change;
  });
}

function isThere(key: CatalogObjectKey, change: Change | undefined, { manifest }: Snapshot): boolean {
  // What is in the plan differs, and says itself whether it is there; a partition that is not is as it was.
  if (change) return change.current !== undefined;
  const database = manifest.databases.find(({ DatabaseName }) => DatabaseName === key.DatabaseName);
  if (key.kind === 'database' || !database) return database !== undefined;
  return database.tables.some(({ TableName }) => TableName === key.TableName);
}

function isMade(change: Change | undefined): boolean {
  return change?.action === 'create' || change?.action === 'recreate';
}

function skipped({ key, current, evidence }: Change, reason: string): Change {
  return { action: 'skip', key, ...(current === undefined ? {} : { current }), reason, evidence };
}

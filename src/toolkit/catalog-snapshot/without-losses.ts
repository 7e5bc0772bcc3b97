// What would go with an object that is deleted stays, unless its own going was decided; nothing is made in what is not there.
import {
  KeyNumbers,
  keyLabel,
  keyText,
  ownersOf,
  type Action,
  type CatalogObjectKey,
  type Change,
} from '../../change/index.js';
import type { Snapshot } from '../../change/snapshot/index.js';

export interface LossRules {
  /** Of every change, before the first is decided. */
  see(change: Change): void;
  /**
   * The same change, but for
   * - a table that is to go while something of it stays: it stays, too;
   * - a database that is to go: it stays, for it may hold what snapshots do not cover, such as functions;
   * - what is to be made in a table or database that is not there and is not made either.
   */
  withoutLoss(change: Change): Change;
}

/** @param now the catalog as it is */
export function openLossRules(now: Snapshot): LossRules {
  const owners = new KeyNumbers();
  const states: OwnerState[] = [];
  const staying = new Map<string, CatalogObjectKey>();
  return {
    see({ action, key, current }) {
      const isFound = current !== undefined;
      if (isOwner(key)) states[owners.add(key)] = isMaking(action) ? 'made' : isFound ? 'found' : 'absent';
      if (!isFound || action === 'delete') return;
      for (const owner of ownersOf(key)) staying.set(keyText(owner), key);
    },
    withoutLoss(change) {
      const { action, key } = change;
      if (action === 'delete') {
        if (key.kind === 'database') {
          return skipped(
            change,
            'A database is not deleted: it may hold what snapshots do not cover, such as functions.',
          );
        }
        const inside = isOwner(key) ? staying.get(keyText(key)) : undefined;
        return inside ? skipped(change, `It stays, for the ${keyLabel(inside)} in it stays.`) : change;
      }
      if (!isMaking(action)) return change;
      const missing = ownersOf(key).find((owner) => {
        const number = owners.find(owner);
        // What differs says itself whether it is there.
        return number === undefined ? !isThere(owner, now) : states[number] === 'absent';
      });
      return missing ? skipped(change, `The ${keyLabel(missing)} is not there, and is not made.`) : change;
    },
  };
}

type OwnerState = 'made' | 'found' | 'absent';

function isOwner({ kind }: CatalogObjectKey): boolean {
  return kind === 'database' || kind === 'table' || kind === 'partition';
}

function isMaking(action: Action): boolean {
  return action === 'create' || action === 'recreate';
}

function isThere(key: CatalogObjectKey, { manifest }: Snapshot): boolean {
  const database = manifest.databases.find(({ DatabaseName }) => DatabaseName === key.DatabaseName);
  if (key.kind === 'database' || !database) return database !== undefined;
  return database.tables.some(({ TableName }) => TableName === key.TableName);
}

function skipped({ key, current, evidence }: Change, reason: string): Change {
  return { action: 'skip', key, ...(current === undefined ? {} : { current }), reason, evidence };
}

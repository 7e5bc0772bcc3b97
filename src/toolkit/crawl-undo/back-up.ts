// The snapshot before an apply: of the tables that a plan touches, taken by the same look that finds whether they have moved.
import {
  isActing,
  keyText,
  readObjects,
  tableKeyOf,
  type CatalogObjectKey,
  type DocumentStore,
  type Plan,
  type ReadObjects,
} from '../../change/index.js';
import {
  openSnapshot,
  takeSnapshot,
  type CatalogHome,
  type SnapshotAsked,
  type SnapshotScope,
  type TakeSnapshotOptions,
} from '../../change/snapshot/index.js';

export interface BackUpOptions extends Pick<TakeSnapshotOptions, 'clock'> {
  home: CatalogHome;
  store: DocumentStore;
  tool: SnapshotAsked['tool'];
  statistics: 'none' | 'tables';
  /** Called with the snapshot's id once it is kept. */
  onTaken: (snapshotId: string) => void;
}

/** For `applyPlan`: reads a plan's objects, and keeps them and all that is in their tables. */
export function backingUp(
  plan: Plan,
  { home, store, tool, statistics, onTaken, clock }: BackUpOptions,
): ReadObjects {
  return async (access, keys, visit, concurrency) => {
    const asked = new Set(keys.map(keyText));
    const seen = new Set<string>();
    const scope = { ...scopeOf(plan), statistics };
    const labels = { planId: plan.planId };
    const { manifest } = await takeSnapshot(
      access,
      home,
      store,
      { scope, reason: 'pre-apply', labels, tool },
      {
        ...(clock ? { clock } : {}),
        onObject: (object) => {
          const text = keyText(object.key);
          if (!asked.has(text)) return;
          seen.add(text);
          visit(object.key, object);
        },
      },
    );
    onTaken(manifest.id);
    const { covers } = openSnapshot(store, manifest);
    const unread: CatalogObjectKey[] = [];
    for (const key of keys) {
      if (seen.has(keyText(key))) continue;
      if (covers(key)) visit(key, undefined);
      else unread.push(key);
    }
    await readObjects(access, unread, visit, concurrency);
  };
}

/** The tables that the plan touches; indexes and statistics of those only whose own may go or change. */
function scopeOf({ changes }: Plan): SnapshotScope {
  const acting = changes.filter(isActing);
  const tables = new Set<string>();
  const partsOf = new Set<string>();
  for (const { key, current, wanted } of acting) {
    const table = tableKeyOf(key);
    if (!table) continue;
    tables.add(table.TableName);
    const isUpdatedInPlace = key.kind === 'table' && current !== undefined && wanted !== undefined;
    if (key.kind !== 'partition' && !isUpdatedInPlace) partsOf.add(table.TableName);
  }
  return {
    databases: [...new Set(acting.map(({ key }) => key.DatabaseName))],
    tables: [...tables],
    partsOf: [...partsOf],
  };
}

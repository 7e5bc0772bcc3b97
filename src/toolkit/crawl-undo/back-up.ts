// The snapshot before an apply: of the tables that a plan touches, taken by the same look that finds whether they have moved.
import {
  isActing,
  KeyNumbers,
  readObjects,
  tableKeyOf,
  type CatalogAccess,
  type CatalogObjectKey,
  type DocumentStore,
  type Plan,
  type ReadObjects,
  type VisitObject,
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
  return async <Item extends { key: CatalogObjectKey }>(
    access: CatalogAccess,
    items: Iterable<Item>,
    visit: VisitObject<Item>,
    concurrency?: number,
  ) => {
    const asked = [...items];
    const numbers = new KeyNumbers();
    for (const { key } of asked) numbers.add(key);
    const isSeen = new Uint8Array(asked.length);
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
          const number = numbers.find(object.key);
          if (number === undefined) return;
          isSeen[number] = 1;
          visit(asked[number] as Item, object);
        },
      },
    );
    onTaken(manifest.id);
    const { covers } = openSnapshot(store, manifest);
    function* unread() {
      for (const [number, item] of asked.entries()) {
        if (isSeen[number]) continue;
        if (covers(item.key)) visit(item, undefined);
        else yield item;
      }
    }
    await readObjects(access, unread(), visit, concurrency);
  };
}

/** The tables that the plan touches; indexes and statistics of those only whose own may go or change. */
function scopeOf({ changes }: Plan): SnapshotScope {
  const acting = changes.filter(isActing);
  const tables = new Set<string>();
  const partsOf = new Set<string>();
  for (const change of acting) {
    const { key } = change;
    const table = tableKeyOf(key);
    if (!table) continue;
    tables.add(table.TableName);
    const isUpdatedInPlace =
      key.kind === 'table' && change.current !== undefined && change.wanted !== undefined;
    if (key.kind !== 'partition' && !isUpdatedInPlace) partsOf.add(table.TableName);
  }
  return {
    databases: [...new Set(acting.map(({ key }) => key.DatabaseName))],
    tables: [...tables],
    partsOf: [...partsOf],
  };
}

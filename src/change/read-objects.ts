// Reads given objects as they are now, in as few calls as AWS allows: tables by pages, partitions a thousand at a time.
import { mapConcurrently } from '../base/map-concurrently.js';
import type { CatalogAccess } from './catalog-access.js';
import { tableKeyOf } from './catalog-key.js';
import type { CatalogObject, CatalogObjectKey, ObjectOf } from './catalog-object.js';
import {
  observeDatabase,
  observePartitionIndexes,
  observePartitionsByValues,
  observePartitionStatistics,
  observeTable,
  observeTablesByName,
  observeTableStatistics,
} from './observe-catalog.js';

interface Keyed {
  key: CatalogObjectKey;
}

/** Called for each item, in any order; `found` is undefined when there is no such object. */
export type VisitObject<Item extends Keyed> = (item: Item, found: CatalogObject | undefined) => void;

/** Reads the objects that `items` are of, as `readObjects` does. */
export type ReadObjects = <Item extends Keyed>(
  access: CatalogAccess,
  items: Iterable<Item>,
  visit: VisitObject<Item>,
  concurrency?: number,
) => Promise<void>;

const PARTITIONS_AT_ONCE = 1000;
const STATISTICS_AT_ONCE = 100;
const CONCURRENCY = 8;

/**
 * Reads the objects that `items`, e.g. changes of a plan, are of, as they are now. What was visited is not kept, so memory
 * does not grow with their number; least calls are made where those of a table follow one another.
 * @param concurrency calls at a time; 8 when not given
 */
export async function readObjects<Item extends Keyed>(
  access: CatalogAccess,
  items: Iterable<Item>,
  visit: VisitObject<Item>,
  concurrency = CONCURRENCY,
): Promise<void> {
  await mapConcurrently(groupsOf(items), concurrency, (group) => readGroup(access, group, visit));
}

/** Of one kind, of one database or table, and of as many as are read at once. */
function* groupsOf<Item extends Keyed>(items: Iterable<Item>): Generator<Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const { key } = item;
    const owner = key.kind === 'table' || key.kind === 'database' ? key.DatabaseName : tableKeyOf(key);
    const name = JSON.stringify([key.kind, owner]);
    const group = groups.get(name) ?? [];
    group.push(item);
    if (group.length < sizeOf(key)) groups.set(name, group);
    else {
      groups.delete(name);
      yield group;
    }
  }
  yield* groups.values();
}

function sizeOf({ kind }: CatalogObjectKey): number {
  if (kind === 'partition') return PARTITIONS_AT_ONCE;
  return kind === 'partition-statistics' ? STATISTICS_AT_ONCE : kind === 'database' ? 1 : Infinity;
}

/** As they are now, in the order of `items`. */
export async function readObjectList(
  access: CatalogAccess,
  items: readonly Keyed[],
): Promise<(CatalogObject | undefined)[]> {
  const found = new Map<Keyed, CatalogObject | undefined>();
  await readObjects(access, items, (item, object) => found.set(item, object));
  return items.map((item) => found.get(item));
}

async function readGroup<Item extends Keyed>(
  access: CatalogAccess,
  group: readonly Item[],
  visit: VisitObject<Item>,
): Promise<void> {
  const [first] = group;
  if (!first) return;
  const { key } = first;
  switch (key.kind) {
    case 'database':
      visit(first, await observeDatabase(access, key.DatabaseName));
      return;
    case 'table':
      return readTables(access, key.DatabaseName, group, visit);
    case 'partition': {
      const found = await partitionsOf(access, key, group);
      for (const item of group) visit(item, found.get(valuesText(item)));
      return;
    }
    case 'partition-index': {
      const found = await observePartitionIndexes(access, key.DatabaseName, key.TableName);
      for (const item of group) {
        const name = 'IndexName' in item.key ? item.key.IndexName : undefined;
        visit(
          item,
          found.find((index) => index.key.IndexName === name),
        );
      }
      return;
    }
    case 'table-statistics': {
      const table = await observeTable(access, key.DatabaseName, key.TableName);
      visit(first, table && (await observeTableStatistics(access, table)));
      return;
    }
    case 'partition-statistics': {
      const table = await observeTable(access, key.DatabaseName, key.TableName);
      const partitions = table ? await partitionsOf(access, key, group) : new Map<string, never>();
      for (const item of group) {
        const partition = partitions.get(valuesText(item));
        const isThere = table !== undefined && partition !== undefined;
        visit(
          item,
          isThere ? await observePartitionStatistics(access, table, valuesOf(item), partition) : undefined,
        );
      }
    }
  }
}

function valuesOf({ key }: Keyed): readonly string[] {
  return 'Values' in key ? key.Values : [];
}

function valuesText(item: Keyed): string {
  return JSON.stringify(valuesOf(item));
}

async function partitionsOf(
  access: CatalogAccess,
  { DatabaseName, TableName }: { DatabaseName: string; TableName: string },
  group: readonly Keyed[],
): Promise<ReadonlyMap<string, ObjectOf<'partition'>>> {
  const found = await observePartitionsByValues(access, DatabaseName, TableName, group.map(valuesOf));
  return new Map(found.map((partition) => [JSON.stringify(partition.key.Values), partition]));
}

async function readTables<Item extends Keyed>(
  access: CatalogAccess,
  DatabaseName: string,
  group: readonly Item[],
  visit: VisitObject<Item>,
): Promise<void> {
  const left = new Map(
    group.map((item) => ['TableName' in item.key ? item.key.TableName.toLowerCase() : '', item]),
  );
  for await (const page of observeTablesByName(access, DatabaseName, [...left.keys()])) {
    for (const table of page) {
      const name = table.key.TableName.toLowerCase();
      const item = left.get(name);
      if (item && left.delete(name)) visit(item, table);
    }
  }
  for (const item of left.values()) visit(item, undefined);
}

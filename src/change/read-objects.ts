// Reads given objects as they are now, in as few calls as AWS allows: tables by pages, partitions a thousand at a time.
import { mapConcurrently } from '../base/map-concurrently.js';
import type { CatalogAccess } from './catalog-access.js';
import { keyText, tableKeyOf } from './catalog-key.js';
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

type KeyOf<Kind> = Extract<CatalogObjectKey, { kind: Kind }>;

/** Called once for each key, in any order; `found` is undefined when there is no such object. */
export type VisitObject = (key: CatalogObjectKey, found: CatalogObject | undefined) => void;

/** Reads all of `keys`, as `readObjects` does. */
export type ReadObjects = (
  access: CatalogAccess,
  keys: readonly CatalogObjectKey[],
  visit: VisitObject,
  concurrency?: number,
) => Promise<void>;

const PARTITIONS_AT_ONCE = 1000;
const STATISTICS_AT_ONCE = 100;
const CONCURRENCY = 8;

/**
 * Reads all of `keys`. What was visited is not kept, so memory does not grow with their number.
 * @param concurrency calls at a time; 8 when not given
 */
export async function readObjects(
  access: CatalogAccess,
  keys: Iterable<CatalogObjectKey>,
  visit: VisitObject,
  concurrency = CONCURRENCY,
): Promise<void> {
  const groups = new Map<string, CatalogObjectKey[]>();
  for (const key of keys) {
    const owner = key.kind === 'table' || key.kind === 'database' ? key.DatabaseName : tableKeyOf(key);
    const name = JSON.stringify([key.kind, owner]);
    const group = groups.get(name);
    if (group) group.push(key);
    else groups.set(name, [key]);
  }
  const reads = [...groups.values()].flatMap((group) => {
    const kind = group[0]?.kind;
    const size =
      kind === 'partition'
        ? PARTITIONS_AT_ONCE
        : kind === 'partition-statistics'
          ? STATISTICS_AT_ONCE
          : group.length;
    const count = Math.ceil(group.length / size);
    return Array.from({ length: count }, (_, index) => group.slice(index * size, (index + 1) * size));
  });
  await mapConcurrently(reads, concurrency, (group) => readGroup(access, group, visit));
}

/** As they are now, in the order of `keys`. */
export async function readObjectList(
  access: CatalogAccess,
  keys: readonly CatalogObjectKey[],
): Promise<(CatalogObject | undefined)[]> {
  const found = new Map<string, CatalogObject | undefined>();
  await readObjects(access, keys, (key, object) => found.set(keyText(key), object));
  return keys.map((key) => found.get(keyText(key)));
}

/** Keys of one kind, of one database or table. */
async function readGroup(
  access: CatalogAccess,
  group: CatalogObjectKey[],
  visit: VisitObject,
): Promise<void> {
  const [first] = group;
  switch (first?.kind) {
    case undefined:
      return;
    case 'database':
      visit(first, await observeDatabase(access, first.DatabaseName));
      return;
    case 'table':
      return readTables(access, group as KeyOf<'table'>[], visit);
    case 'partition': {
      const keys = group as KeyOf<'partition'>[];
      const found = await partitionsOf(access, keys);
      for (const key of keys) visit(key, found.get(JSON.stringify(key.Values)));
      return;
    }
    case 'partition-index': {
      const found = await observePartitionIndexes(access, first.DatabaseName, first.TableName);
      for (const key of group as KeyOf<'partition-index'>[]) {
        visit(
          key,
          found.find((index) => index.key.IndexName === key.IndexName),
        );
      }
      return;
    }
    case 'table-statistics': {
      const table = await observeTable(access, first.DatabaseName, first.TableName);
      visit(first, table && (await observeTableStatistics(access, table)));
      return;
    }
    case 'partition-statistics': {
      const keys = group as KeyOf<'partition-statistics'>[];
      const table = await observeTable(access, first.DatabaseName, first.TableName);
      const partitions = table ? await partitionsOf(access, keys) : new Map<string, ObjectOf<'partition'>>();
      for (const key of keys) {
        const partition = partitions.get(JSON.stringify(key.Values));
        const isThere = table !== undefined && partition !== undefined;
        visit(
          key,
          isThere ? await observePartitionStatistics(access, table, key.Values, partition) : undefined,
        );
      }
    }
  }
}

async function partitionsOf(
  access: CatalogAccess,
  keys: readonly { DatabaseName: string; TableName: string; Values: readonly string[] }[],
): Promise<Map<string, ObjectOf<'partition'>>> {
  const { DatabaseName, TableName } = keys[0] as KeyOf<'partition'>;
  const found = await observePartitionsByValues(
    access,
    DatabaseName,
    TableName,
    keys.map(({ Values }) => Values),
  );
  return new Map(found.map((partition) => [JSON.stringify(partition.key.Values), partition]));
}

async function readTables(access: CatalogAccess, keys: KeyOf<'table'>[], visit: VisitObject): Promise<void> {
  const left = new Map(keys.map((key) => [key.TableName.toLowerCase(), key]));
  const { DatabaseName } = keys[0] as KeyOf<'table'>;
  for await (const page of observeTablesByName(access, DatabaseName, [...left.keys()])) {
    for (const table of page) {
      const name = table.key.TableName.toLowerCase();
      const key = left.get(name);
      if (key && left.delete(name)) visit(key, table);
    }
  }
  for (const key of left.values()) visit(key, undefined);
}

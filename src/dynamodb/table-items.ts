// The items of one table together with their entries in its indexes, which never differ.
import type { Collections } from './collection.js';
import type { Item } from './attribute-value.js';
import { dynaliteKeys } from './dynalite.js';
import { indexEntry, indexesOf, type IndexedTable, type SecondaryIndex } from './index-entries.js';

export interface TableItems {
  get(key: string): Item | undefined;
  /** Call within a transaction. */
  put(key: string, item: Item): void;
  /** Call within a transaction. */
  delete(key: string): void;
}

export function tableItems(collections: Collections, name: string, table: IndexedTable): TableItems {
  const items = collections.open(name, '');
  const indexes = indexesOf(table);
  const follow = (before: Item | undefined, after: Item | undefined) => {
    for (const index of indexes) {
      const [old, entry] = [before, after].map((item) => item && indexEntry(table, index, item));
      const entries = collections.open(name, index.IndexName as string);
      if (old && old.key !== entry?.key) entries.delete(old.key);
      if (entry) entries.put(entry.key, entry.item, dynaliteKeys().itemSize(entry.item));
    }
  };
  return {
    get: (key) => items.get(key),
    put(key, item) {
      follow(indexes.length > 0 ? items.get(key) : undefined, item);
      items.put(key, item, dynaliteKeys().itemSize(item));
    },
    delete(key) {
      follow(indexes.length > 0 ? items.get(key) : undefined, undefined);
      items.delete(key);
    },
  };
}

/** Fills a new index with the items that are there. Call within a transaction. */
export function fillIndex(
  collections: Collections,
  name: string,
  table: IndexedTable,
  index: SecondaryIndex,
): void {
  const entries = collections.open(name, index.IndexName as string);
  for (const item of collections.open(name, '').values()) {
    const entry = indexEntry(table, index, item);
    if (entry) entries.put(entry.key, entry.item, dynaliteKeys().itemSize(entry.item));
  }
}

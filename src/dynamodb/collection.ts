// Items in the order of their keys: those of a table, or the entries of one of its indexes.
import type { State } from '../state/state.js';
import type { Item } from './attribute-value.js';
import type { KeyRange } from './dynalite.js';

export interface Collection {
  get(key: string): Item | undefined;
  /** @param byteCount of the item, as DynamoDB counts them */
  put(key: string, item: Item, byteCount: number): void;
  delete(key: string): void;
  /** Reads as far as it is asked to. */
  values(range?: KeyRange): Iterable<Item>;
  /** Of all items together. */
  size(): CollectionSize;
}

export interface CollectionSize {
  itemCount: number;
  byteCount: number;
}

export interface Collections {
  /** `index` is '' for the items of the table themselves. */
  create(table: string, index: string): void;
  delete(table: string, index: string): void;
  /** @throws Error when there is none */
  open(table: string, index: string): Collection;
}

/** Rows that are read at a time: what a reader leaves unread costs little. */
const READ_COUNT = 256;

export function openCollections(state: State): Collections {
  return {
    create(table, index) {
      state.sql('INSERT INTO dynamodb_collections (table_name, index_name) VALUES (?, ?)').run(table, index);
    },
    delete(table, index) {
      state.sql('DELETE FROM dynamodb_collections WHERE table_name = ? AND index_name = ?').run(table, index);
    },
    open(table, index) {
      const row = state
        .sql('SELECT id FROM dynamodb_collections WHERE table_name = ? AND index_name = ?')
        .get(table, index) as { id: number } | undefined;
      if (!row)
        throw new Error(`There are no items of ${index === '' ? table : `${table}, index ${index}`}.`);
      return collection(state, row.id);
    },
  };
}

function collection(state: State, id: number): Collection {
  const sizeOf = (key: string) =>
    (
      state
        .sql('SELECT byte_count AS bytes FROM dynamodb_items WHERE collection_id = ? AND key = ?')
        .get(id, key) as { bytes: number } | undefined
    )?.bytes;
  const grow = (itemCount: number, byteCount: number) =>
    state
      .sql(
        `UPDATE dynamodb_collections SET item_count = item_count + ?, byte_count = byte_count + ? WHERE id = ?`,
      )
      .run(itemCount, byteCount, id);
  return {
    get(key) {
      const row = state
        .sql('SELECT item FROM dynamodb_items WHERE collection_id = ? AND key = ?')
        .get(id, key) as { item: string } | undefined;
      return row && (JSON.parse(row.item) as Item);
    },
    put(key, item, byteCount) {
      const before = sizeOf(key);
      state
        .sql(
          `INSERT INTO dynamodb_items VALUES (?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET byte_count = excluded.byte_count, item = excluded.item`,
        )
        .run(id, key, byteCount, JSON.stringify(item));
      grow(before === undefined ? 1 : 0, byteCount - (before ?? 0));
    },
    delete(key) {
      const before = sizeOf(key);
      if (before === undefined) return;
      state.sql('DELETE FROM dynamodb_items WHERE collection_id = ? AND key = ?').run(id, key);
      grow(-1, -before);
    },
    *values({ gt, gte, lt, lte, limit = -1, reverse = false } = {}) {
      const low = gt ?? gte ?? '';
      const high = lt ?? lte ?? AFTER_EVERY_KEY;
      const [from, to] = [gt === undefined ? '>=' : '>', lt === undefined ? '<=' : '<'];
      let rest = limit < 0 ? Infinity : limit;
      // In pieces: a statement that is stepped while others write would see some of what they do.
      let [start, startsWith, end, endsWith] = [low, from, high, to];
      while (rest > 0) {
        const rows = state
          .sql(
            `SELECT key, item FROM dynamodb_items
             WHERE collection_id = ? AND key ${startsWith} ? AND key ${endsWith} ?
             ORDER BY key ${reverse ? 'DESC' : 'ASC'} LIMIT ?`,
          )
          .all(id, start, end, Math.min(rest, READ_COUNT)) as { key: string; item: string }[];
        for (const row of rows) yield JSON.parse(row.item) as Item;
        const last = rows.at(-1);
        if (!last || rows.length < READ_COUNT) return;
        rest -= rows.length;
        if (reverse) [end, endsWith] = [last.key, '<'];
        else [start, startsWith] = [last.key, '>'];
      }
    },
    size: () =>
      state
        .sql('SELECT item_count AS itemCount, byte_count AS byteCount FROM dynamodb_collections WHERE id = ?')
        .get(id) as CollectionSize,
  };
}

// Keys are hexadecimal digits and slashes.
const AFTER_EVERY_KEY = '~';

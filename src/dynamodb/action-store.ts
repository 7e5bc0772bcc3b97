// The store that dynalite's actions see: the tables and collections in the state file.
import { Stream } from 'node:stream';
import type { Item } from './attribute-value.js';
import type { Collection, Collections } from './collection.js';
import type { ActionCollection, ActionStore, KeyRange } from './dynalite.js';
import { indexesOf, indexKey, type IndexedTable } from './index-entries.js';
import { tableItems } from './table-items.js';

/** AWS docs: an item is at most 400 KB, names and values together. */
const ITEM_BYTES_MAX = 400 * 1024;

export interface StoreContext {
  collections: Collections;
  accountId: string;
  region: string;
  /** @throws AwsError ResourceNotFoundException */
  requireTable(name: string): IndexedTable;
}

/** For one call of an action. `startKey` is its ExclusiveStartKey. */
export function actionStore(context: StoreContext, startKey?: Item): ActionStore {
  const { collections, accountId, region, requireTable } = context;
  return {
    options: { maxItemSize: ITEM_BYTES_MAX },
    tableDb: { awsAccountId: accountId, awsRegion: region },
    getTable(name, ...rest) {
      const callback = rest[1] ?? rest[0];
      if (typeof callback !== 'function') return;
      let table: IndexedTable;
      try {
        table = requireTable(name);
      } catch (error) {
        callback(error as Error);
        return;
      }
      callback(null, table);
    },
    getItemDb(name) {
      const items = tableItems(collections, name, requireTable(name));
      return {
        // The actions that write run from start to end without giving others a turn.
        lock: (_key, act) => act((callback) => callback),
        get(key, callback) {
          const item = items.get(key);
          if (item) callback(null, item);
          else callback(Object.assign(new Error(`No item ${key}.`), { name: 'NotFoundError' }));
        },
        put(key, item, callback) {
          items.put(key, item);
          callback(null);
        },
        del(key, callback) {
          items.delete(key);
          callback(null);
        },
        createValueStream: (range) => valueStream(collections.open(name, ''), range),
      };
    },
    getIndexDb(_kind, name, indexName) {
      const table = requireTable(name);
      const index = indexesOf(table).find((one) => one.IndexName === indexName);
      return {
        ...KEPT_BY_THE_TABLE,
        createValueStream(range) {
          const exact = index && startKey && indexKey(table, index, startKey);
          return valueStream(
            collections.open(name, indexName),
            exact === undefined ? range : startingAt(range, exact),
          );
        },
      };
    },
  };
}

// tableItems writes the entries of indexes itself, with keys that tell all items apart.
const KEPT_BY_THE_TABLE: Omit<ActionCollection, 'createValueStream'> = {
  lock: (_key, act) => act((callback) => callback),
  get: (key, callback) => callback(new Error(`An index is not read by key: ${key}.`)),
  put: (_key, _item, callback) => callback(null),
  del: (_key, callback) => callback(null),
};

/** The range of a further page: where the last one ended is known by the whole key. */
function startingAt({ gt, lt, ...range }: KeyRange, exact: string): KeyRange {
  const isStart = (key: string | undefined) => key !== undefined && exact.startsWith(`${key}/`);
  return {
    ...range,
    ...(gt === undefined ? {} : { gt: isStart(gt) ? exact : gt }),
    ...(lt === undefined ? {} : { lt: isStart(lt) ? exact : lt }),
  };
}

/** Values as the events that dynalite's reader listens for; it asks for no more by destroying the stream. */
function valueStream(collection: Collection, range: KeyRange): Stream {
  const stream = Object.assign(new Stream(), { destroy: () => (isWanted = false) });
  let isWanted = true;
  queueMicrotask(() => {
    try {
      for (const item of collection.values(range)) {
        if (!isWanted) return;
        stream.emit('data', item);
      }
    } catch (error) {
      stream.emit('error', error);
      return;
    }
    if (isWanted) stream.emit('end');
  });
  return stream;
}

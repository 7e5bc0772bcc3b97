// Names of a catalog's objects: one text an object to tell them apart, another for people.
import type { CatalogObjectKey } from './catalog-object.js';

export type TableName = Pick<Extract<CatalogObjectKey, { kind: 'table' }>, 'DatabaseName' | 'TableName'>;

/** The same text for the same object, and for no other. */
export function keyText(key: CatalogObjectKey): string {
  const { kind, DatabaseName } = key;
  const names = [kind, DatabaseName, 'TableName' in key ? key.TableName : null];
  if ('Values' in key) return JSON.stringify([...names, key.Values]);
  return JSON.stringify('IndexName' in key ? [...names, key.IndexName] : names);
}

/** For people, in one line: `table sales.orders`, `partition sales.orders [2024, 01]`; control characters as `\u000a`. */
export function keyLabel(key: CatalogObjectKey): string {
  return labelOf(key).replace(/\p{Cc}/gu, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function labelOf(key: CatalogObjectKey): string {
  if (key.kind === 'database') return `database ${key.DatabaseName}`;
  const table = `${key.DatabaseName}.${key.TableName}`;
  switch (key.kind) {
    case 'table':
      return `table ${table}`;
    case 'partition':
      return `partition ${table} [${key.Values.join(', ')}]`;
    case 'partition-index':
      return `index ${key.IndexName} of ${table}`;
    case 'table-statistics':
      return `statistics of ${table}`;
    case 'partition-statistics':
      return `statistics of ${table} [${key.Values.join(', ')}]`;
  }
}

/** The key of the table that an object is or belongs to; undefined for a database. */
export function tableKeyOf(key: CatalogObjectKey): Extract<CatalogObjectKey, { kind: 'table' }> | undefined {
  if (key.kind === 'database') return undefined;
  return { kind: 'table', DatabaseName: key.DatabaseName, TableName: key.TableName };
}

/** The objects that contain an object, the nearest first; they go and it goes with them. */
export function ownersOf(key: CatalogObjectKey): CatalogObjectKey[] {
  if (key.kind === 'database') return [];
  const { DatabaseName, TableName } = key;
  const database: CatalogObjectKey = { kind: 'database', DatabaseName };
  const table: CatalogObjectKey = { kind: 'table', DatabaseName, TableName };
  if (key.kind === 'table') return [database];
  if (key.kind !== 'partition-statistics') return [table, database];
  return [{ kind: 'partition', DatabaseName, TableName, Values: key.Values }, table, database];
}

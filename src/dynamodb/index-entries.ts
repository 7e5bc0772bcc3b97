// What an index holds of an item: its entry, and the key that the entry is kept under.
import type {
  GlobalSecondaryIndexDescription,
  LocalSecondaryIndexDescription,
} from '@aws-sdk/client-dynamodb';
import type { Item } from './attribute-value.js';
import { dynaliteKeys, type KeyedTable } from './dynalite.js';

export type SecondaryIndex = GlobalSecondaryIndexDescription | LocalSecondaryIndexDescription;

export interface IndexedTable extends KeyedTable {
  GlobalSecondaryIndexes?: SecondaryIndex[];
  LocalSecondaryIndexes?: SecondaryIndex[];
}

export function indexesOf(table: IndexedTable): SecondaryIndex[] {
  return [...(table.LocalSecondaryIndexes ?? []), ...(table.GlobalSecondaryIndexes ?? [])];
}

/** The entry of `item`, or undefined for an item that lacks a key of the index: a sparse index leaves it out. */
export function indexEntry(
  table: KeyedTable,
  index: SecondaryIndex,
  item: Item,
): { key: string; item: Item } | undefined {
  const names = keyNames(index.KeySchema);
  const isIndexed = names.every((name) => {
    const type = table.AttributeDefinitions.find((one) => one.AttributeName === name)?.AttributeType ?? '';
    const value = (item[name] as Record<string, string> | undefined)?.[type];
    return value !== undefined && value !== '';
  });
  if (!isIndexed) return undefined;
  return { key: indexKey(table, index, item), item: projected(table, index, item) };
}

/**
 * dynalite's key sorts as the index does, yet has only a part of a hash of the table's key, which two items may share; the
 * table's whole key behind it keeps them apart.
 */
export function indexKey(table: KeyedTable, index: SecondaryIndex, keys: Item): string {
  const { createIndexKey, createKey } = dynaliteKeys();
  const schema = index.KeySchema as { AttributeName: string }[];
  return `${createIndexKey(keys, table, schema)}/${createKey(keys, table)}`;
}

function projected(table: KeyedTable, { KeySchema, Projection }: SecondaryIndex, item: Item): Item {
  if (Projection?.ProjectionType === 'ALL') return item;
  const names = [
    ...keyNames(KeySchema),
    ...keyNames(table.KeySchema),
    ...(Projection?.NonKeyAttributes ?? []),
  ];
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}

function keyNames(schema: { AttributeName: string | undefined }[] = []): string[] {
  return schema.map(({ AttributeName }) => AttributeName as string);
}

// Observe: what the catalog holds before the crawl changes it.
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { Partition, Table } from '@aws-sdk/client-glue';
import type { Catalog, Page } from '../../catalog/catalog.js';

const PAGE_SIZE = 200;

/** Every table of the database by name; none when there is no such database. */
export async function readTables(
  catalog: Catalog,
  database: string,
  signal: AbortSignal,
): Promise<Map<string, Table>> {
  const tables = new Map<string, Table>();
  if (!hasDatabase(catalog, database)) return tables;
  await forEachPage(signal, (options) => {
    const page = catalog.listTables(database, options);
    for (const table of page.items) tables.set(table.Name as string, table);
    return page;
  });
  return tables;
}

/** All partitions of the named tables. */
export async function readPartitions(
  catalog: Catalog,
  database: string,
  tables: Iterable<string>,
  signal: AbortSignal,
): Promise<Map<string, Partition[]>> {
  const partitions = new Map<string, Partition[]>();
  for (const table of tables) {
    const found: Partition[] = [];
    await forEachPage(signal, (options) => {
      const page = catalog.listPartitions(database, table, options);
      found.push(...page.items);
      return page;
    });
    partitions.set(table, found);
  }
  return partitions;
}

export function hasDatabase(catalog: Catalog, name: string): boolean {
  return catalog.listDatabases().items.some((database) => database.Name === name.toLowerCase());
}

async function forEachPage(
  signal: AbortSignal,
  read: (options: { after?: string; count: number }) => Page<unknown>,
): Promise<void> {
  let after: string | undefined;
  do {
    signal.throwIfAborted();
    after = read({ count: PAGE_SIZE, ...(after === undefined ? {} : { after }) }).next;
    if (after !== undefined) await yieldToOthers();
  } while (after !== undefined);
}

// Reads a catalog as objects that can be put back: all pages, tolerant of what disappears between two calls.
import {
  GetDatabaseCommand,
  GetTableCommand,
  paginateGetDatabases,
  paginateGetTables,
} from '@aws-sdk/client-glue';
import { mapConcurrently } from '../base/map-concurrently.js';
import { pagesUnlessAbsent, unlessAbsent, type CatalogAccess } from './catalog-access.js';
import type { CatalogObject, CatalogObjectKey, ObjectOf } from './catalog-object.js';
import { observePartitionIndexes, observePartitionsByValues } from './observe-partitions.js';
import { observePartitionStatistics, observeTableStatistics } from './observe-statistics.js';
import { databaseObject, tableObject } from './observed-object.js';

export type { CatalogAccess } from './catalog-access.js';
export {
  observePartitionIndexes,
  observePartitions,
  observePartitionsByValues,
  type PartitionsAsked,
} from './observe-partitions.js';
export { observePartitionStatistics, observeTableStatistics } from './observe-statistics.js';

export async function observeDatabase(
  { glue, CatalogId, signal }: CatalogAccess,
  DatabaseName: string,
): Promise<ObjectOf<'database'> | undefined> {
  const answer = await unlessAbsent(
    glue.send(new GetDatabaseCommand({ CatalogId, Name: DatabaseName }), { abortSignal: signal }),
  );
  return answer?.Database && databaseObject(answer.Database);
}

/** All databases, page by page. */
export async function* observeDatabases({
  glue: client,
  CatalogId,
  signal,
}: CatalogAccess): AsyncGenerator<ObjectOf<'database'>[]> {
  const pages = paginateGetDatabases({ client }, { CatalogId }, { abortSignal: signal });
  for await (const { DatabaseList = [] } of pages) yield DatabaseList.map(databaseObject);
}

export async function observeTable(
  { glue, CatalogId, signal }: CatalogAccess,
  DatabaseName: string,
  TableName: string,
): Promise<ObjectOf<'table'> | undefined> {
  const answer = await unlessAbsent(
    glue.send(new GetTableCommand({ CatalogId, DatabaseName, Name: TableName }), { abortSignal: signal }),
  );
  return answer?.Table && tableObject(DatabaseName, answer.Table);
}

/** A database's tables, up to 100 a page; none when the database is not there. */
export async function* observeTables(
  { glue: client, CatalogId, signal }: CatalogAccess,
  DatabaseName: string,
): AsyncGenerator<ObjectOf<'table'>[]> {
  const pages = paginateGetTables({ client }, { CatalogId, DatabaseName }, { abortSignal: signal });
  yield* pagesUnlessAbsent(pages, ({ TableList = [] }) =>
    TableList.map((table) => tableObject(DatabaseName, table)),
  );
}

/** Calls at a time for tables that are asked for by name. */
const BY_NAME_AT_ONCE = 8;

/**
 * Those of a database's tables that have these names. A page tells of a hundred tables, but of which? After a page for each
 * four names, the rest are asked for one by one.
 */
export async function* observeTablesByName(
  access: CatalogAccess,
  DatabaseName: string,
  names: readonly string[],
): AsyncGenerator<ObjectOf<'table'>[]> {
  const left = new Set(names.map((name) => name.toLowerCase()));
  let pagesLeft = Math.floor(left.size / 4);
  if (pagesLeft > 0) {
    let isEnd = true;
    for await (const page of observeTables(access, DatabaseName)) {
      yield page.filter(({ key }) => left.delete(key.TableName.toLowerCase()));
      if (--pagesLeft === 0 || left.size === 0) {
        isEnd = false;
        break;
      }
    }
    if (isEnd) return;
  }
  const found = await mapConcurrently([...left], BY_NAME_AT_ONCE, (name) =>
    observeTable(access, DatabaseName, name),
  );
  yield found.filter((table) => table !== undefined);
}

/** One object as it is now, undefined when it is not there; statistics are there when a column has some. */
export async function observeObject(
  access: CatalogAccess,
  key: CatalogObjectKey,
): Promise<CatalogObject | undefined> {
  switch (key.kind) {
    case 'database':
      return observeDatabase(access, key.DatabaseName);
    case 'table':
      return observeTable(access, key.DatabaseName, key.TableName);
    case 'partition': {
      const found = await observePartitionsByValues(access, key.DatabaseName, key.TableName, [key.Values]);
      return found[0];
    }
    case 'partition-index': {
      const indexes = await observePartitionIndexes(access, key.DatabaseName, key.TableName);
      return indexes.find((index) => index.key.IndexName === key.IndexName);
    }
    case 'table-statistics': {
      const table = await observeTable(access, key.DatabaseName, key.TableName);
      return table && observeTableStatistics(access, table);
    }
    case 'partition-statistics': {
      const table = await observeTable(access, key.DatabaseName, key.TableName);
      if (!table) return undefined;
      const found = await observePartitionsByValues(access, key.DatabaseName, key.TableName, [key.Values]);
      return found[0] && observePartitionStatistics(access, table, key.Values, found[0]);
    }
  }
}

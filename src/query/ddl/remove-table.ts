// DROP TABLE and DROP VIEW.
import { setImmediate } from 'node:timers/promises';
import type { Table } from '@aws-sdk/client-glue';
import { parseS3Uri } from '../../storage/object-storage.js';
import type { ObjectName } from '../statement/statement.js';
import type { DdlResult, DdlScope } from './ddl-scope.js';
import { taskFailure, tableNotFound, trinoFailure } from './ddl-failure.js';
import { CATALOG, findTable, isIceberg, isView, placeOf, written } from './named-object.js';

/** @throws QueryFailure when it is not there, or is a view */
export async function dropTable(
  scope: DdlScope,
  name: ObjectName,
  ifExists: boolean,
): Promise<DdlResult | void> {
  const table = findTable(scope, name);
  if (!table) {
    if (ifExists) return;
    throw tableNotFound(written(name));
  }
  if (isView(table)) throw taskFailure('Cannot drop a view with DROP TABLE');
  await removeTable(scope, table);
  // Athena answers two rows with nothing in them then (seen in its answers).
  if (isIceberg(table)) return { columns: [], rows: [[''], ['']] };
}

/** AWS docs: the files of an external table stay; those of an Iceberg table go with it. */
export async function removeTable(scope: DdlScope, table: Table): Promise<void> {
  scope.catalog.deleteTable(table.DatabaseName as string, table.Name as string);
  const uri = isIceberg(table) ? parseS3Uri(table.StorageDescriptor?.Location ?? '') : undefined;
  // A whole bucket is more than a table's folder: what is in it may be somebody else's.
  const folder = uri?.key.replace(/\/+$/, '') ?? '';
  if (!uri || folder === '' || !scope.storage.hasBucket(uri.bucket)) return;
  for (;;) {
    const { entries } = scope.storage.list(uri.bucket, { prefix: `${folder}/`, count: 100 });
    for (const { key } of entries) scope.storage.delete(uri.bucket, key);
    if (entries.length === 0) return;
    await setImmediate();
  }
}

/** @throws QueryFailure when it is not there, or is no view */
export function dropView(scope: DdlScope, name: ObjectName, ifExists: boolean): void {
  const table = findTable(scope, name);
  if (!table && ifExists) return;
  requireView(scope, name, table);
  const place = placeOf(name, scope);
  scope.catalog.deleteTable(place.database, place.name);
}

/** @throws QueryFailure in Trino's words when `table` is missing or is no view */
export function requireView(
  scope: Pick<DdlScope, 'database'>,
  name: ObjectName,
  table: Table | undefined,
): asserts table is Table {
  const { database, name: view } = placeOf(name, scope);
  const full = `${CATALOG}.${database}.${view}`;
  if (!table) throw trinoFailure('TABLE_NOT_FOUND', `View '${full}' does not exist`, 1301);
  if (isView(table)) return;
  throw trinoFailure(
    'TABLE_NOT_FOUND',
    `View '${full}' does not exist, but a table with that name exists.`,
    1301,
  );
}

// Observe: the tables behind a connection, as their database describes them. No row is read.
import { connectionSettings } from '../../databases/connection-settings.js';
import type { DatabaseTable } from '../../databases/database.js';
import { tablePattern } from '../../databases/table-path.js';
import { authorizedStorage } from '../../storage/authorized-storage.js';
import { openConnectionDatabase } from '../connection-database.js';
import type { PlanContext } from '../plan-context.js';
import { allowedConnection } from './allowed-connection.js';
import type { JdbcTarget } from '../targets/jdbc-target.js';

export interface ListedTable {
  target: JdbcTarget;
  /** What kind of database it is of, in AWS's word for it. */
  classification: 'postgresql' | 'mysql';
  table: DatabaseTable;
}

/** @throws GluepotError when the database cannot be reached; AwsError for a connection that is not there or not allowed */
export async function listDatabaseTables(target: JdbcTarget, context: PlanContext): Promise<ListedTable[]> {
  const { session, storage, signal, progress } = context;
  progress.phase = 'listing';
  const connection = allowedConnection(target.connectionName, context);
  const pattern = tablePattern(target.path, connectionSettings(connection));
  const database = await openConnectionDatabase(connection, {
    storage: authorizedStorage(storage, session.require),
    signal,
  });
  try {
    const tables = await database.tables(pattern);
    progress.objectCount += tables.length;
    return tables
      .filter((table) => !target.isExcluded(table))
      .map((table) => ({ target, classification: database.engine, table }));
  } finally {
    await database.close();
  }
}

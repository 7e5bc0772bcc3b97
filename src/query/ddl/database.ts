// CREATE, DROP and ALTER DATABASE.
import type { Database } from '@aws-sdk/client-glue';
import { everyItem } from '../../catalog/page.js';
import type { DatabaseBody } from '../statement/statement.js';
import type { DdlScope } from './ddl-scope.js';
import { databaseNotFound, taskFailure } from './ddl-failure.js';
import { hasDatabase, requireName } from './named-object.js';
import { removeTable } from './remove-table.js';

type Statement<K> = Extract<DatabaseBody, { kind: K }>;

/** AWS docs, CREATE DATABASE: the comment is the database's description. */
export function createDatabase(scope: DdlScope, statement: Statement<'create-database'>): void {
  const { name, comment, location, properties } = statement;
  requireName('Database', name);
  if (hasDatabase(scope, name)) {
    if (statement.ifNotExists) return;
    throw taskFailure(`Database ${name} already exists`);
  }
  scope.catalog.createDatabase({
    Name: name,
    ...(comment === undefined ? {} : { Description: comment }),
    ...(location === undefined ? {} : { LocationUri: location }),
    Parameters: { ...properties },
  });
}

export async function dropDatabase(scope: DdlScope, statement: Statement<'drop-database'>): Promise<void> {
  const { catalog } = scope;
  const { name } = statement;
  if (!hasDatabase(scope, name)) {
    if (statement.ifExists) return;
    throw databaseNotFound(name);
  }
  const tables = [...everyItem((page) => catalog.listTables(name, page))];
  if (tables.length > 0 && !statement.isCascade) {
    throw taskFailure(
      `InvalidOperationException(message:Database ${name} is not empty. One or more tables exist.)`,
    );
  }
  for (const table of tables) await removeTable(scope, table);
  catalog.deleteDatabase(name);
}

export function alterDatabase(
  scope: DdlScope,
  { name, properties }: Statement<'alter-database-set-properties'>,
): void {
  if (!hasDatabase(scope, name)) throw databaseNotFound(name);
  const stored: Database = scope.catalog.getDatabase(name);
  scope.catalog.updateDatabase(name, {
    Name: stored.Name,
    Description: stored.Description,
    LocationUri: stored.LocationUri,
    CreateTableDefaultPermissions: stored.CreateTableDefaultPermissions,
    TargetDatabase: stored.TargetDatabase,
    Parameters: { ...stored.Parameters, ...properties },
  });
}

// Which database, table or view of the catalog a statement's name means.
import type { Table } from '@aws-sdk/client-glue';
import type { ObjectName, PartitionSpec } from '../statement/statement.js';
import type { DdlScope } from './ddl-scope.js';
import { databaseNotFound, notSupported, semanticFailure, tableNotFound } from './ddl-failure.js';

/** AWS's model: the greatest length of a name in the catalog. */
const NAME_LENGTH_MAX = 255;

/** The one catalog that is here. */
export const CATALOG = 'awsdatacatalog';

export interface Place {
  database: string;
  name: string;
}

/** Both parts lower-cased. */
export function placeOf(name: ObjectName, scope: Pick<DdlScope, 'database'>): Place {
  const { catalog } = name;
  if (catalog !== undefined && catalog.toLowerCase() !== CATALOG) {
    throw semanticFailure(`Catalog '${catalog}' does not exist: the only one here is ${CATALOG}`);
  }
  return { database: (name.database ?? scope.database).toLowerCase(), name: name.name.toLowerCase() };
}

/** As the statement has it, without quotes. */
export const written = ({ database, name }: ObjectName): string =>
  database === undefined ? name : `${database}.${name}`;

export function hasDatabase(scope: Pick<DdlScope, 'catalog'>, database: string): boolean {
  return scope.catalog.texts.databases.has(database.toLowerCase());
}

/**
 * The database that something is made in. `default` comes into being when it is first needed, as Hive's does.
 * @throws QueryFailure when it is not there
 */
export function requireDatabase(scope: Pick<DdlScope, 'catalog'>, database: string): void {
  if (hasDatabase(scope, database)) return;
  if (database.toLowerCase() !== 'default') throw databaseNotFound(database);
  scope.catalog.createDatabase({ Name: 'default', Description: 'Default Hive database' });
}

export function findTable(
  scope: Pick<DdlScope, 'catalog' | 'database'>,
  name: ObjectName,
): Table | undefined {
  const place = placeOf(name, scope);
  return hasDatabase(scope, place.database) ? scope.catalog.findTable(place.database, place.name) : undefined;
}

/** A table or view. @throws QueryFailure when it is not there */
export function requireTable(scope: Pick<DdlScope, 'catalog' | 'database'>, name: ObjectName): Table {
  const table = findTable(scope, name);
  if (!table) throw tableNotFound(written(name));
  return table;
}

export const isView = (table: Table): boolean => table.TableType === 'VIRTUAL_VIEW';

export const isIceberg = (table: Table): boolean =>
  table.Parameters?.['table_type']?.toUpperCase() === 'ICEBERG';

/** A table whose columns and properties the catalog alone keeps. @throws QueryFailure for views and Iceberg tables */
export function requireHiveTable(scope: DdlScope, name: ObjectName, statement: string): Table {
  const table = requireTable(scope, name);
  if (isView(table))
    throw semanticFailure(`[Error 10131]: To alter a view you need to use ALTER VIEW: ${statement}`);
  if (isIceberg(table)) {
    throw notSupported(`${statement} is not supported here for Iceberg tables, and ${written(name)} is one`);
  }
  return table;
}

/** @throws QueryFailure for a name that the catalog cannot keep */
export function requireName(kind: string, name: string): void {
  if (name.length >= 1 && name.length <= NAME_LENGTH_MAX) return;
  throw semanticFailure(
    `${kind} name '${name}' must have 1 to ${NAME_LENGTH_MAX} characters, not ${name.length}`,
  );
}

export const keysOf = (table: Table): { Name: string; Type: string }[] =>
  (table.PartitionKeys ?? []).map(({ Name = '', Type = 'string' }) => ({ Name, Type }));

const specText = (spec: readonly { key: string; value: string }[]) =>
  `{${spec.map(({ key, value }) => `${key}=${value}`).join(', ')}}`;

/** @throws QueryFailure when `spec` names what is no partition key */
export function requireKeys(table: Table, spec: readonly { key: string; value: string }[]): void {
  const keys = keysOf(table);
  if (keys.length === 0) {
    throw semanticFailure(`table is not partitioned but partition spec exists: ${specText(spec)}`);
  }
  if (spec.some(({ key }) => !keys.some(({ Name }) => Name.toLowerCase() === key))) {
    throw semanticFailure(`Partition spec ${specText(spec)} contains non-partition columns`);
  }
}

/** A value for every key, in the keys' order. @throws QueryFailure when `spec` has not just the table's keys */
export function partitionValues(table: Table, spec: PartitionSpec): string[] {
  requireKeys(table, spec);
  const keys = keysOf(table);
  const values = keys.map(({ Name }) => spec.find(({ key }) => key === Name.toLowerCase())?.value);
  if (values.includes(undefined) || spec.length !== keys.length) {
    throw semanticFailure(
      `partition spec ${specText(spec)} doesn't contain all (${keys.length}) partition columns`,
    );
  }
  return values as string[];
}

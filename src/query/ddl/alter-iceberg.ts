// ALTER TABLE of an Iceberg table: its next metadata is written beside the last, and the catalog's table follows it.
import type { Table } from '@aws-sdk/client-glue';
import { tableInputOf } from '../../catalog/stored-definition.js';
import {
  SchemaChangeError,
  withChangedColumn,
  withColumns,
  withoutColumn,
} from '../../tabular/iceberg/evolve-schema.js';
import type { ExactMetadata } from '../../tabular/iceberg/exact-metadata.js';
import type { AlterTableBody, Properties } from '../statement/statement.js';
import { commitMetadata } from '../write/iceberg-commit.js';
import type { DdlScope } from './ddl-scope.js';
import { notSupported, taskFailure, unsupportedFailure } from './ddl-failure.js';
import { placeOf, requireDatabase, requireName, written } from './named-object.js';

type Change<K extends string> = Extract<AlterTableBody, { kind: `alter-table-${K}` }>;

/** What the catalog and the engine keep among a table's parameters: nobody sets these. */
const RESERVED = /^(table_type|metadata_location|previous_metadata_location|location)$/i;

/** @throws QueryFailure for what cannot be done; then the table is as it was */
export async function alterIceberg(scope: DdlScope, table: Table, statement: AlterTableBody): Promise<void> {
  if ('partition' in statement && statement.partition)
    throw unsupportedFailure('PARTITION keyword is not supported for Iceberg tables.');
  switch (statement.kind) {
    case 'alter-table-add-columns':
      return commit(scope, table, (metadata) => ({ metadata: withColumns(metadata, statement.columns) }));
    case 'alter-table-change-column':
      return commit(scope, table, (metadata) => ({
        metadata: withChangedColumn(metadata, statement.oldName, statement.column, statement.position),
      }));
    case 'alter-table-drop-column':
      return commit(scope, table, (metadata) => ({ metadata: withoutColumn(metadata, statement.column) }));
    case 'alter-table-set-properties':
      return setProperties(scope, table, statement);
    case 'alter-table-unset-properties':
      return unsetProperties(scope, table, statement);
    case 'alter-table-rename':
      return rename(scope, table, statement);
    default:
      throw notSupported(
        `this form of ALTER TABLE is not supported here for Iceberg tables, and ${written(statement.table)} is one`,
      );
  }
}

interface ChangedTable {
  metadata: ExactMetadata;
  /** The catalog's parameters beside those of the commit; as they are when absent. */
  parameters?: Record<string, string>;
}

async function commit(
  scope: DdlScope,
  table: Table,
  change: (metadata: ExactMetadata, current: Table) => ChangedTable,
): Promise<void> {
  try {
    await commitMetadata(
      { database: table.DatabaseName as string, name: table.Name as string },
      change,
      scope,
    );
  } catch (error) {
    if (error instanceof SchemaChangeError) throw taskFailure(error.message, error);
    throw error;
  }
}

async function setProperties(
  scope: DdlScope,
  table: Table,
  statement: Change<'set-properties'>,
): Promise<void> {
  const { properties } = statement;
  requireFree(Object.keys(properties));
  requireParquet(properties);
  await commit(scope, table, (metadata, current) => ({
    metadata: { ...metadata, properties: { ...metadata.properties, ...properties } },
    parameters: { ...current.Parameters, ...properties },
  }));
}

async function unsetProperties(
  scope: DdlScope,
  table: Table,
  { names, ifExists }: Change<'unset-properties'>,
): Promise<void> {
  requireFree(names);
  await commit(scope, table, (metadata, current) => {
    const missing = names.find((name) => !Object.hasOwn(metadata.properties ?? {}, name));
    if (missing !== undefined && !ifExists)
      throw new SchemaChangeError(`Property ${missing} is not there; write UNSET TBLPROPERTIES IF EXISTS`);
    return {
      metadata: { ...metadata, properties: without(metadata.properties ?? {}, names) },
      parameters: without(current.Parameters ?? {}, names),
    };
  });
}

const without = (properties: Properties, names: readonly string[]): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));

function requireFree(names: readonly string[]): void {
  const reserved = names.find((name) => RESERVED.test(name));
  if (reserved !== undefined)
    throw unsupportedFailure(`The property ${reserved} of an Iceberg table cannot be changed.`);
}

/** A table that would be written as something else than it can be here would fail its next INSERT. */
function requireParquet(properties: Properties): void {
  const format = properties.format ?? properties['write.format.default'];
  if (format !== undefined && !/^parquet$/i.test(format))
    throw notSupported(
      `files of the format ${format} cannot be written into an Iceberg table here; parquet can`,
    );
}

/** The files stay where they are: metadata names them by their full locations. */
function rename(scope: DdlScope, table: Table, { to }: Change<'rename'>): Promise<void> {
  const { database, name } = placeOf(to, { database: table.DatabaseName as string });
  requireName('Table', name);
  requireDatabase(scope, database);
  // When the process ends between the two, the table has both names, as with Iceberg's own library on AWS.
  scope.catalog.createTable(database, { ...tableInputOf(table), Name: name }, { createdBy: scope.callerArn });
  scope.catalog.deleteTable(table.DatabaseName as string, table.Name as string);
  return Promise.resolve();
}

// ALTER TABLE: properties, location, name; columns and partitions have files of their own.
import type { AlterTableBody } from '../statement/statement.js';
import { alterIceberg } from './alter-iceberg.js';
import { alterColumns, changeDescriptor } from './alter-columns.js';
import { addPartitions, dropPartitions, renamePartition } from './alter-partitions.js';
import { alterTable } from './altered-table.js';
import { tableLocation } from './create-table.js';
import type { DdlScope } from './ddl-scope.js';
import { taskFailure, unsupportedFailure } from './ddl-failure.js';
import { findTable, isIceberg, requireHiveTable, requireTable } from './named-object.js';

/** @throws QueryFailure */
export async function runAlterTable(scope: DdlScope, statement: AlterTableBody): Promise<void> {
  const table = findTable(scope, statement.table);
  if (table && isIceberg(table) && !isOfPartitions(statement)) return alterIceberg(scope, table, statement);
  switch (statement.kind) {
    case 'alter-table-add-partitions':
      return addPartitions(scope, statement);
    case 'alter-table-drop-partitions':
      return dropPartitions(scope, statement);
    case 'alter-table-rename-partition':
      return renamePartition(scope, statement);
    case 'alter-table-add-columns':
    case 'alter-table-replace-columns':
    case 'alter-table-change-column':
      return alterColumns(scope, statement);
    case 'alter-table-set-location':
      return setLocation(scope, statement);
    case 'alter-table-set-properties':
      return setProperties(scope, statement);
    case 'alter-table-unset-properties':
      return unsetProperties(scope, statement);
    case 'alter-table-rename':
    case 'alter-table-drop-column':
      return onlyForIceberg(scope, statement);
  }
}

type Change<K extends string> = Extract<AlterTableBody, { kind: `alter-table-${K}` }>;

function setLocation(scope: DdlScope, statement: Change<'set-location'>): void {
  const table = requireHiveTable(scope, statement.table, 'ALTER TABLE SET LOCATION');
  const Location = tableLocation(scope, statement.location);
  changeDescriptor(scope, table, statement.partition, (descriptor) => ({ ...descriptor, Location }));
}

// AWS docs: there are no managed tables, so 'EXTERNAL'='FALSE' has no effect.
function setProperties(scope: DdlScope, statement: Change<'set-properties'>): void {
  const table = requireHiveTable(scope, statement.table, 'ALTER TABLE SET TBLPROPERTIES');
  const Parameters = { ...table.Parameters, ...statement.properties };
  const isExternal = table.Parameters?.['EXTERNAL'];
  if (isExternal !== undefined) Parameters['EXTERNAL'] = isExternal;
  alterTable(scope, table, { Parameters });
}

function unsetProperties(scope: DdlScope, statement: Change<'unset-properties'>): void {
  const table = requireHiveTable(scope, statement.table, 'ALTER TABLE UNSET TBLPROPERTIES');
  const Parameters = { ...table.Parameters };
  for (const name of statement.names) {
    if (!Object.hasOwn(Parameters, name) && !statement.ifExists) {
      throw taskFailure(
        `Please use the following syntax if not sure whether the property existed or not:\n` +
          `ALTER TABLE tableName UNSET TBLPROPERTIES IF EXISTS (key1, key2, ...)`,
      );
    }
    delete Parameters[name];
  }
  alterTable(scope, table, { Parameters });
}

// AWS docs, Unsupported DDL: these are for Iceberg tables.
function onlyForIceberg(scope: DdlScope, { table }: Change<'rename' | 'drop-column'>): never {
  requireTable(scope, table);
  throw unsupportedFailure('Query type not supported by DDL engine.');
}

/** What these fail with is the same for all tables without partitions. */
const isOfPartitions = ({ kind }: AlterTableBody): boolean =>
  kind === 'alter-table-add-partitions' ||
  kind === 'alter-table-drop-partitions' ||
  kind === 'alter-table-rename-partition';

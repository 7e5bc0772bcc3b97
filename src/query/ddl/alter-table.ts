// ALTER TABLE: properties, location, name; columns and partitions have files of their own.
import type { AlterTableBody } from '../statement/statement.js';
import { alterColumns, changeDescriptor } from './alter-columns.js';
import { addPartitions, dropPartitions, renamePartition } from './alter-partitions.js';
import { alterTable } from './altered-table.js';
import { tableLocation } from './create-table.js';
import type { DdlScope } from './ddl-scope.js';
import { notSupported, taskFailure, unsupportedFailure } from './ddl-failure.js';
import { isIceberg, requireHiveTable, requireTable, written } from './named-object.js';

/** @throws QueryFailure */
export function runAlterTable(scope: DdlScope, statement: AlterTableBody): void {
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
      return onlyForIceberg(scope, statement, 'ALTER TABLE RENAME TO');
    case 'alter-table-drop-column':
      return onlyForIceberg(scope, statement, 'ALTER TABLE DROP COLUMN');
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

// AWS docs, Unsupported DDL: these are for Iceberg tables; and here their metadata is not rewritten.
function onlyForIceberg(
  scope: DdlScope,
  { table: name }: Change<'rename' | 'drop-column'>,
  statement: string,
): void {
  const table = requireTable(scope, name);
  if (!isIceberg(table)) throw unsupportedFailure('Query type not supported by DDL engine.');
  throw notSupported(
    `${statement} is not supported here, not even for Iceberg tables such as ${written(name)}`,
  );
}

// The update of a stored table, with what Hive notes of a change.
import type { Table, TableInput } from '@aws-sdk/client-glue';
import { tableInputOf } from '../../catalog/stored-definition.js';
import type { DdlScope } from './ddl-scope.js';
import { secondsText } from './create-table.js';

/**
 * Stores `change` of a table. Who altered it and when goes into its parameters, as Athena's DDL leaves it there (seen in
 * tables of public dumps); the catalog keeps the old version.
 */
export function alterTable(scope: DdlScope, table: Table, change: Partial<TableInput>): void {
  const seconds = secondsText(scope.clock.now());
  scope.catalog.updateTable(table.DatabaseName as string, {
    ...tableInputOf(table),
    ...change,
    Parameters: {
      ...(change.Parameters ?? table.Parameters),
      last_modified_by: 'hadoop',
      last_modified_time: seconds,
      transient_lastDdlTime: seconds,
    },
  });
}

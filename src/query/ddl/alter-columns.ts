// ALTER TABLE ADD, REPLACE and CHANGE COLUMNS, of a table or of one partition.
import type { Column, StorageDescriptor, Table } from '@aws-sdk/client-glue';
import type { AlterTableBody, ColumnDefinition, PartitionSpec } from '../statement/statement.js';
import { alterTable } from './altered-table.js';
import { alterPartition, requirePartition } from './alter-partitions.js';
import { columnOf } from './create-table.js';
import type { DdlScope } from './ddl-scope.js';
import { taskFailure } from './ddl-failure.js';
import { keysOf, requireHiveTable, requireName } from './named-object.js';

type ColumnChange = Extract<
  AlterTableBody,
  { kind: 'alter-table-add-columns' | 'alter-table-replace-columns' | 'alter-table-change-column' }
>;

/** @throws QueryFailure when a column is not there, or would be there twice */
export function alterColumns(scope: DdlScope, statement: ColumnChange): void {
  const table = requireHiveTable(scope, statement.table, 'ALTER TABLE COLUMNS');
  changeDescriptor(scope, table, statement.partition, (descriptor) => {
    const columns = changedColumns(descriptor.Columns ?? [], statement);
    requireDistinctNames(table, columns);
    return { ...descriptor, Columns: columns };
  });
}

/** Stores what `change` makes of the descriptor of a table, or of a partition of it. */
export function changeDescriptor(
  scope: DdlScope,
  table: Table,
  spec: PartitionSpec | undefined,
  change: (descriptor: StorageDescriptor) => StorageDescriptor,
): void {
  if (!spec) {
    alterTable(scope, table, { StorageDescriptor: change(table.StorageDescriptor ?? {}) });
    return;
  }
  const partition = requirePartition(scope, table, spec);
  alterPartition(scope, table, partition, { StorageDescriptor: change(partition.StorageDescriptor ?? {}) });
}

function changedColumns(columns: readonly Column[], statement: ColumnChange): Column[] {
  switch (statement.kind) {
    case 'alter-table-add-columns':
      return [...columns, ...statement.columns.map(columnOf)];
    case 'alter-table-replace-columns':
      return statement.columns.map(columnOf);
    case 'alter-table-change-column':
      return withChangedColumn(columns, statement.oldName, statement.column, statement.position);
  }
}

const isCalled = (column: Column, name: string) => column.Name?.toLowerCase() === name;

function withChangedColumn(
  columns: readonly Column[],
  oldName: string,
  changed: ColumnDefinition,
  position: Extract<ColumnChange, { kind: 'alter-table-change-column' }>['position'],
): Column[] {
  const at = columns.findIndex((column) => isCalled(column, oldName));
  if (at < 0) throw taskFailure(`Invalid column reference ${oldName}`);
  const column = { ...columns[at], ...columnOf(changed) };
  if (!position) return columns.map((other, index) => (index === at ? column : other));
  const others = columns.filter((_, index) => index !== at);
  if (position.kind === 'first') return [column, ...others];
  const after = others.findIndex((other) => isCalled(other, position.column));
  if (after < 0) throw taskFailure(`Invalid column reference ${position.column}`);
  return [...others.slice(0, after + 1), column, ...others.slice(after + 1)];
}

function requireDistinctNames(table: Table, columns: readonly Column[]): void {
  const seen = new Set(keysOf(table).map(({ Name }) => Name.toLowerCase()));
  for (const { Name = '' } of columns) {
    requireName('Column', Name);
    const name = Name.toLowerCase();
    if (seen.has(name)) throw taskFailure(`Duplicate column name: ${name}`);
    seen.add(name);
  }
}

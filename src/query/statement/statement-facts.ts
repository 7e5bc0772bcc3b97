// StatementType and SubstatementType of each statement, as GetQueryExecution answers them.
import type { StatementBody, StatementFacts } from './statement.js';

/**
 * AWS's documentation does not list the substatements. These are of public records of Athena's answers, in which
 * EXPLAIN is DML and OPTIMIZE goes as CREATE_TABLE_AS_SELECT; of ALTER DATABASE, UNLOAD, RENAME PARTITION, UNSET
 * TBLPROPERTIES and prepared statements there is no record: they are the statement's words joined by underscores.
 */
export function factsOf(body: StatementBody): StatementFacts {
  const [type, substatement] = FACTS[body.kind];
  return { type, substatement };
}

const FACTS: Record<StatementBody['kind'], [StatementFacts['type'], string]> = {
  select: ['DML', 'SELECT'],
  insert: ['DML', 'INSERT'],
  unload: ['DML', 'UNLOAD'],
  update: ['DML', 'UPDATE'],
  delete: ['DML', 'DELETE'],
  merge: ['DML', 'MERGE'],
  optimize: ['DDL', 'CREATE_TABLE_AS_SELECT'],
  vacuum: ['DML', 'VACUUM_TABLE'],
  execute: ['DML', 'EXECUTE'],
  prepare: ['UTILITY', 'PREPARE'],
  deallocate: ['UTILITY', 'DEALLOCATE'],
  explain: ['DML', 'EXPLAIN'],
  'create-table': ['DDL', 'CREATE_TABLE'],
  'create-table-as': ['DDL', 'CREATE_TABLE_AS_SELECT'],
  'drop-table': ['DDL', 'DROP_TABLE'],
  'create-view': ['DDL', 'CREATE_VIEW'],
  'drop-view': ['DDL', 'DROP_VIEW'],
  'create-database': ['DDL', 'CREATE_DATABASE'],
  'drop-database': ['DDL', 'DROP_DATABASE'],
  'alter-database-set-properties': ['DDL', 'ALTER_DATABASE'],
  'alter-table-add-partitions': ['DDL', 'ALTER_TABLE_ADD_PARTITION'],
  'alter-table-drop-partitions': ['DDL', 'ALTER_TABLE_DROP_PARTITION'],
  'alter-table-rename-partition': ['DDL', 'ALTER_TABLE_RENAME_PARTITION'],
  'alter-table-add-columns': ['DDL', 'ALTER_TABLE_ADD_COLUMN'],
  'alter-table-replace-columns': ['DDL', 'ALTER_TABLE_REPLACE_COLUMN'],
  'alter-table-change-column': ['DDL', 'ALTER_TABLE_CHANGE_COLUMN'],
  'alter-table-drop-column': ['DDL', 'ALTER_TABLE_DROP_COLUMN'],
  'alter-table-rename': ['DDL', 'ALTER_TABLE_RENAME'],
  'alter-table-set-location': ['DDL', 'ALTER_TABLE_SET_LOCATION'],
  'alter-table-set-properties': ['DDL', 'ALTER_TABLE_PROPERTIES'],
  'alter-table-unset-properties': ['DDL', 'ALTER_TABLE_UNSET_TBLPROPERTIES'],
  'msck-repair-table': ['DDL', 'MSCK_REPAIR'],
  'show-databases': ['UTILITY', 'SHOW_DATABASES'],
  'show-tables': ['UTILITY', 'SHOW_TABLES'],
  'show-views': ['UTILITY', 'SHOW_VIEWS'],
  'show-columns': ['UTILITY', 'SHOW_COLUMNS'],
  'show-partitions': ['UTILITY', 'SHOW_PARTITIONS'],
  'show-create-table': ['UTILITY', 'SHOW_CREATE_TABLE'],
  'show-create-view': ['UTILITY', 'SHOW_CREATE_VIEW'],
  'show-properties': ['UTILITY', 'SHOW_TABLE_PROPERTIES'],
  'describe-table': ['UTILITY', 'DESCRIBE_TABLE'],
};

// StatementType and SubstatementType of each statement, as GetQueryExecution answers them.
import type { StatementBody, StatementFacts } from './statement.js';

/**
 * AWS docs: DDL, DML, and UTILITY for what is neither, such as SHOW CREATE TABLE, EXPLAIN, DESCRIBE and SHOW TABLES;
 * CREATE TABLE AS SELECT is DDL in real answers (awswrangler tells by it). The documentation does not list the
 * substatements; those not seen in public answers are the statement's words joined by underscores.
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
  optimize: ['DML', 'OPTIMIZE'],
  vacuum: ['DML', 'VACUUM'],
  execute: ['DML', 'EXECUTE'],
  prepare: ['UTILITY', 'PREPARE'],
  deallocate: ['UTILITY', 'DEALLOCATE'],
  explain: ['UTILITY', 'EXPLAIN'],
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
  'alter-table-add-columns': ['DDL', 'ALTER_TABLE_ADD_COLUMNS'],
  'alter-table-replace-columns': ['DDL', 'ALTER_TABLE_REPLACE_COLUMNS'],
  'alter-table-change-column': ['DDL', 'ALTER_TABLE_CHANGE_COLUMN'],
  'alter-table-drop-column': ['DDL', 'ALTER_TABLE_DROP_COLUMN'],
  'alter-table-rename': ['DDL', 'ALTER_TABLE_RENAME'],
  'alter-table-set-location': ['DDL', 'ALTER_TABLE_SET_LOCATION'],
  'alter-table-set-properties': ['DDL', 'ALTER_TABLE_SET_TBLPROPERTIES'],
  'alter-table-unset-properties': ['DDL', 'ALTER_TABLE_UNSET_TBLPROPERTIES'],
  'msck-repair-table': ['DDL', 'MSCK_REPAIR_TABLE'],
  'show-databases': ['UTILITY', 'SHOW_DATABASES'],
  'show-tables': ['UTILITY', 'SHOW_TABLES'],
  'show-views': ['UTILITY', 'SHOW_VIEWS'],
  'show-columns': ['UTILITY', 'SHOW_COLUMNS'],
  'show-partitions': ['UTILITY', 'SHOW_PARTITIONS'],
  'show-create-table': ['UTILITY', 'SHOW_CREATE_TABLE'],
  'show-create-view': ['UTILITY', 'SHOW_CREATE_VIEW'],
  'show-properties': ['UTILITY', 'SHOW_TBLPROPERTIES'],
  'describe-table': ['UTILITY', 'DESCRIBE_TABLE'],
};

// Carries out DDL, SHOW and DESCRIBE on the catalog.
import type { DdlBody } from '../statement/statement.js';
import { runAlterTable } from './alter-table.js';
import { createTable } from './create-table.js';
import { alterDatabase, createDatabase, dropDatabase } from './database.js';
import { ofRefusal } from './ddl-failure.js';
import type { DdlResult, DdlScope } from './ddl-scope.js';
import { describeTable } from './describe-table.js';
import { dropTable, dropView } from './remove-table.js';
import { repairTable } from './repair-table.js';
import { showCreateTable } from './show-create-table.js';
import { showColumns, showDatabases, showPartitions, showProperties, showTables } from './show-lists.js';
import { createView, showCreateView } from './view.js';

/** What statements that only change something answer. */
const NOTHING: DdlResult = { columns: [], rows: [] };

/**
 * A statement changes all that it says or, when it fails, nothing; but for CASCADE and MSCK REPAIR TABLE, which stop
 * where they fail or are aborted.
 * @throws QueryFailure with Athena's text
 */
export async function runDdl(statement: DdlBody, scope: DdlScope): Promise<DdlResult> {
  try {
    return (await run(statement, scope)) ?? NOTHING;
  } catch (error) {
    throw ofRefusal(error);
  }
}

async function run(statement: DdlBody, scope: DdlScope): Promise<DdlResult | void> {
  switch (statement.kind) {
    case 'create-table':
      return createTable(scope, statement);
    case 'drop-table':
      return dropTable(scope, statement.table, statement.ifExists);
    case 'create-view':
      return createView(scope, statement);
    case 'drop-view':
      return dropView(scope, statement.name, statement.ifExists);
    case 'create-database':
      return createDatabase(scope, statement);
    case 'drop-database':
      return dropDatabase(scope, statement);
    case 'alter-database-set-properties':
      return alterDatabase(scope, statement);
    case 'msck-repair-table':
      return repairTable(scope, statement.table);
    case 'show-databases':
      return showDatabases(scope, statement);
    case 'show-tables':
    case 'show-views':
      return showTables(scope, statement);
    case 'show-columns':
      return showColumns(scope, statement);
    case 'show-partitions':
      return showPartitions(scope, statement);
    case 'show-create-table':
      return showCreateTable(scope, statement.table);
    case 'show-create-view':
      return showCreateView(scope, statement.name);
    case 'show-properties':
      return showProperties(scope, statement);
    case 'describe-table':
      return describeTable(scope, statement);
    default:
      return runAlterTable(scope, statement);
  }
}

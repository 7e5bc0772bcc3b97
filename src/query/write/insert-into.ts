// INSERT INTO: a query's rows as more files of a table, and its new partitions.
import type { Table } from '@aws-sdk/client-glue';
import { analyzed } from '../execution/analyzed-query.js';
import type { Outcome, StatementRun } from '../execution/statement-run.js';
import { inPlace } from '../select/query-text.js';
import type { Expression } from '../select/syntax.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { StatementOf } from '../statement/statement.js';
import { isIceberg } from '../tables/iceberg-scan.js';
import { columnsOf } from '../tables/table-source.js';
import { insertIntoIceberg } from './insert-into-iceberg.js';
import { insertedValues } from './inserted-values.js';
import { formatOfTable } from './output-format.js';
import { named, sessionOf, writeRows } from './write-rows.js';
import { addPartitions, DEFAULT_PARTITION, partitionFolder, withSlash } from './written-partitions.js';

/** @throws as writeRows */
export async function insertInto(
  statement: StatementOf<'insert'>,
  run: StatementRun,
  parameters: readonly Expression[],
): Promise<Outcome> {
  const { database, name, full } = named(statement.table, run);
  const table = run.catalog.findTable(database, name);
  if (!table) throw new QueryFailure(`TABLE_NOT_FOUND: line 1:1: Table '${full}' does not exist`);
  requireNoView(table);
  if (isIceberg(table)) return insertIntoIceberg(table, statement, run, parameters);
  const format = formatOfTable(table);
  const declared = columnsOf(table.StorageDescriptor?.Columns, full);
  const keyed = columnsOf(table.PartitionKeys, full);
  const query = analyzed(inPlace(statement.query, statement.place), sessionOf(run), parameters);
  const wanted =
    statement.columns?.map((column) => column.toLowerCase()) ??
    [...declared, ...keyed].map((column) => column.name);
  const values = insertedValues(wanted, [...declared, ...keyed], query.columns);
  const location = withSlash(table.StorageDescriptor?.Location ?? '');
  const keyNames = keyed.map((column) => column.name);
  const known = (given: readonly (string | null)[]) =>
    run.catalog.findPartition(
      database,
      name,
      given.map((value) => value ?? DEFAULT_PARTITION),
    );
  return writeRows(query, run, {
    columns: values.slice(0, declared.length),
    keys: values.slice(declared.length),
    format,
    folderOf(given) {
      const own = keyNames.length > 0 ? known(given)?.StorageDescriptor?.Location : location;
      return own === undefined ? location + partitionFolder(keyNames, given) : withSlash(own);
    },
    recordInCatalog(files) {
      const added = files.filter((file) => keyNames.length > 0 && !known(file.values));
      addPartitions(added, table.StorageDescriptor ?? {}, keyNames, location, database, name, run);
    },
  });
}

function requireNoView(table: Table): void {
  if (table.TableType === 'VIRTUAL_VIEW')
    throw new QueryFailure(`NOT_SUPPORTED: line 1:1: Inserting into views is not supported`);
}

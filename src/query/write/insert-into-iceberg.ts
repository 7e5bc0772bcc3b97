// INSERT INTO an Iceberg table: a query's rows as data files of its next snapshot.
import type { Table } from '@aws-sdk/client-glue';
import { analyzed } from '../execution/analyzed-query.js';
import type { Outcome, StatementRun } from '../execution/statement-run.js';
import { inPlace } from '../select/query-text.js';
import type { Expression } from '../select/syntax.js';
import type { StatementOf } from '../statement/statement.js';
import { commitChange } from './iceberg-commit.js';
import { dataFilesOf, openIcebergTarget, writtenInto } from './iceberg-target.js';
import { insertedValues } from './inserted-values.js';
import { sessionOf, writeRows } from './write-rows.js';

/** @throws as writeRows */
export async function insertIntoIceberg(
  table: Table,
  statement: StatementOf<'insert'>,
  run: StatementRun,
  parameters: readonly Expression[],
): Promise<Outcome> {
  const target = openIcebergTarget(table, run.storage);
  const { columns } = target;
  const query = analyzed(inPlace(statement.query, statement.place), sessionOf(run), parameters);
  const wanted =
    statement.columns?.map((column) => column.toLowerCase()) ?? columns.map((column) => column.name);
  const values = insertedValues(wanted, columns, query.columns);
  const { partition, ...written } = writtenInto(target, values);
  return writeRows(query, run, {
    ...written,
    async recordInCatalog(files) {
      if (files.length === 0) return;
      await commitChange({ ...target, partition }, { files: await dataFilesOf(files, partition, run) }, run);
    },
  });
}

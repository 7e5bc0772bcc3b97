// UNLOAD: a query's rows as files that no table knows of.
import { analyzed } from '../execution/analyzed-query.js';
import type { Outcome, StatementRun } from '../execution/statement-run.js';
import { inPlace } from '../select/query-text.js';
import type { Expression } from '../select/syntax.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { StatementOf } from '../statement/statement.js';
import { keyColumns, outputColumn, requireDistinct } from './output-columns.js';
import { listProperty, outputFormat } from './output-format.js';
import { requireEmptyFolder } from './publish-files.js';
import { lowerCased, sessionOf, writeRows } from './write-rows.js';
import { partitionFolder } from './written-partitions.js';

/** @throws as writeRows */
export async function unload(
  statement: StatementOf<'unload'>,
  run: StatementRun,
  parameters: readonly Expression[],
): Promise<Outcome> {
  const properties = lowerCased(statement.properties);
  if (properties.format === undefined)
    throw new QueryFailure('INVALID_TABLE_PROPERTY: UNLOAD needs the property format');
  const format = outputFormat(properties, ',');
  const folder = requireEmptyFolder(statement.to, 'UNLOAD', run.storage);
  const query = analyzed(inPlace(statement.query, statement.place), sessionOf(run), parameters);
  const all = query.columns.map((column, index) =>
    outputColumn({ ...column, name: column.name ?? `_col${index}` }, index),
  );
  requireDistinct(all);
  const partitionedBy = listProperty(properties, 'partitioned_by');
  const keys = keyColumns(all, partitionedBy);
  return writeRows(query, run, {
    columns: all.slice(0, all.length - keys.length),
    keys,
    format,
    folderOf: (values) => folder + partitionFolder(partitionedBy, values),
    recordInCatalog: () => {},
  });
}

// Rows of an Iceberg table that other files say are gone. Source: the Iceberg table specification, "Row-level Deletes".
import { duckdbName, duckdbText } from '../../tabular/duckdb-text.js';
import type { IcebergFile } from '../../tabular/iceberg/read-iceberg-files.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { ParquetColumn } from './parquet-footers.js';
import type { ParquetFiles } from './parquet-reader.js';
import type { TableFile } from './table-files.js';

export interface RowDeletes {
  table: string;
  files: readonly (IcebergFile & TableFile)[];
  data: readonly (IcebergFile & TableFile)[];
}

/**
 * The rows of data files that are left, as a relation with the files' columns, `file` and `file_row_number`.
 * @param from `read_parquet(...)` with those two
 * @param inFile the columns of all these files
 * @throws QueryFailure for deletes by columns that are not there or nested
 */
export function remainingRows(
  from: string,
  paths: readonly string[],
  inFile: readonly ParquetColumn[],
  { table, files, data }: RowDeletes,
  parquet: ParquetFiles,
): string {
  const wanted = new Set(paths);
  const read = data.filter(({ path }) => wanted.has(path));
  const oldest = Math.min(...read.map(({ sequenceNumber }) => sequenceNumber));
  const conditions: string[] = [];
  const byPlace = files.filter((file) => file.equalityIds === undefined && file.sequenceNumber >= oldest);
  if (byPlace.length > 0) {
    conditions.push(
      `NOT EXISTS (SELECT 1 FROM ${deleting(byPlace)} WHERE gone.file_path = data_files.location AND gone.pos = rows.file_row_number AND data_files.number <= deletes.number)`,
    );
  }
  for (const [key, group] of byValues(files, oldest, table, parquet)) {
    const pairs = JSON.parse(key) as [id: number, name: string][];
    const equal = pairs.map(([id, name]) => {
      const column = inFile.find(({ fieldId }) => fieldId === id);
      return `${column ? `rows.${duckdbName(column.name)}` : 'NULL'} IS NOT DISTINCT FROM gone.${duckdbName(name)}`;
    });
    conditions.push(
      `NOT EXISTS (SELECT 1 FROM ${deleting(group)} WHERE ${equal.join(' AND ')} AND data_files.number < deletes.number AND (deletes.part IS NULL OR deletes.part = data_files.part))`,
    );
  }
  if (conditions.length === 0) return from;
  const named = `(VALUES ${read.map(valuesOf).join(', ')}) AS data_files(path, location, number, part)`;
  return `(SELECT rows.* FROM ${from} AS rows JOIN ${named} ON data_files.path = rows.file WHERE ${conditions.join(' AND ')})`;
}

const valuesOf = ({ path, location, sequenceNumber, partition }: IcebergFile & TableFile) =>
  `(${duckdbText(path)}, ${duckdbText(location)}, ${sequenceNumber}, ${partition === undefined ? 'CAST(NULL AS VARCHAR)' : duckdbText(partition)})`;

/** The rows of files of deletes as `gone`, each with what is known of its file as `deletes`. */
function deleting(files: RowDeletes['files']): string {
  const paths = files.map(({ path }) => duckdbText(path)).join(', ');
  return (
    `read_parquet([${paths}], hive_partitioning = false, filename = 'deleting_file') AS gone ` +
    `JOIN (VALUES ${files.map(valuesOf).join(', ')}) AS deletes(path, location, number, part) ON deletes.path = gone.deleting_file`
  );
}

/** Files that delete by the same columns, which they have by the same names. */
function byValues(
  files: RowDeletes['files'],
  oldest: number,
  table: string,
  parquet: ParquetFiles,
): Map<string, RowDeletes['files'][number][]> {
  const groups = new Map<string, RowDeletes['files'][number][]>();
  for (const file of files) {
    // A delete by values holds for files of earlier commits alone.
    if (file.equalityIds === undefined || file.sequenceNumber <= oldest) continue;
    const inFile = parquet.columnsOf(file.path);
    const key = JSON.stringify(
      file.equalityIds.map((id) => {
        const column = inFile.find(({ fieldId }) => fieldId === id);
        if (column?.type.kind === 'scalar') return [id, column.name];
        throw new QueryFailure(
          `NOT_SUPPORTED: ${file.location} deletes rows of ${table} by the field ${id}, which is no column of its own there`,
        );
      }),
    );
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return groups;
}

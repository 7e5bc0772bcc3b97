// Parquet files by the names of their columns, whatever their case, order and number.
import { duckdbName, duckdbText } from '../../../tabular/duckdb-text.js';
import type { Duckdb } from '../../../tabular/duckdb.js';
import { fileValue } from './file-value.js';
import type { Scan, SourceColumn } from './relation.js';

/** A table function over Parquet files. `isAlike` says that all have the same columns. */
export function readParquet(paths: readonly string[], isAlike = false): string {
  const options = ['hive_partitioning = false', ...(isAlike ? [] : ['union_by_name = true'])];
  return `read_parquet([${paths.map(duckdbText).join(', ')}], ${options.join(', ')})`;
}

export async function parquetScans(
  columns: readonly SourceColumn[],
  { paths, duckdb, signal }: { paths: readonly string[]; duckdb: Duckdb; signal: AbortSignal },
): Promise<Scan[]> {
  const from = readParquet(paths, paths.length === 1);
  const described = await duckdb.rows(`DESCRIBE SELECT * FROM ${from}`, signal);
  const found = new Map(
    described.map(({ column_name: name, column_type: type }) => [
      (name as string).toLowerCase(),
      { name: name as string, type: type as string },
    ]),
  );
  const values = columns.map((column) => {
    const inFile = found.get(column.name);
    return inFile && fileValue(duckdbName(inFile.name), inFile.type, column);
  });
  return [{ from, values, isParquet: true }];
}

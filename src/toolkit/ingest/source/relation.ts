// A catalog table as DuckDB reads it: each column in the type that the catalog says.
import { duckdbName } from '../../../tabular/duckdb-text.js';

export interface SourceColumn {
  name: string;
  /** In Hive's language. */
  hiveType: string;
  duckdbType: string;
}

/** Rows of files that lie together: what stands behind FROM, and each column's value by its place. */
export interface Scan {
  from: string;
  /** Undefined where the files have no such column. */
  values: readonly (string | undefined)[];
  /** Its rows have places: read_parquet, and nothing around it. */
  isParquet?: boolean;
}

export interface Source {
  columns: readonly SourceColumn[];
  scans: readonly Scan[];
  /** Bytes of its files; undefined when it has none. */
  bytes: number | undefined;
  fileCount: number;
  /** What was not read as it stands, for people. */
  warnings?: readonly string[];
}

/** `SELECT` of all columns, in order, of all scans. */
export function selectSource(source: Source): string {
  const selects = source.scans.map(({ from, values }) => {
    const items = source.columns.map(
      ({ name, duckdbType }, index) =>
        `CAST(${values[index] ?? 'NULL'} AS ${duckdbType}) AS ${duckdbName(name)}`,
    );
    return `SELECT ${items.join(', ')} FROM ${from}`;
  });
  if (selects.length > 0) return selects.join(' UNION ALL ');
  const items = source.columns.map(
    ({ name, duckdbType }) => `CAST(NULL AS ${duckdbType}) AS ${duckdbName(name)}`,
  );
  return `SELECT ${items.join(', ')} WHERE false`;
}

// The fields of Parquet files with their ids, which are what Iceberg goes by.
import { duckdbText } from '../../../tabular/duckdb-text.js';
import type { Duckdb } from '../../../tabular/duckdb.js';

export interface ParquetField {
  name: string;
  id: number | undefined;
  /** As they stand in the file: a list has one that repeats, and its items' field in that. */
  children: ParquetField[];
}

interface SchemaRow {
  name: string;
  field_id: string | number | null;
  num_children: string | number | null;
}

/** The columns of each file, by its path. */
export async function readParquetFields(
  duckdb: Duckdb,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, ParquetField[]>> {
  const query = `SELECT file_name, name, field_id, num_children FROM parquet_schema([${paths.map(duckdbText).join(', ')}])`;
  const rowsOf = new Map<string, SchemaRow[]>();
  for await (const rows of duckdb.chunks(query, signal)) {
    for (const { file_name: path, ...row } of rows) {
      const known = rowsOf.get(path as string);
      if (known) known.push(row as unknown as SchemaRow);
      else rowsOf.set(path as string, [row as unknown as SchemaRow]);
    }
  }
  return new Map([...rowsOf].map(([path, rows]) => [path, takeField(rows, { at: 0 }).children]));
}

/** A footer lists each element, and behind it what is inside of it. */
function takeField(rows: readonly SchemaRow[], position: { at: number }): ParquetField {
  const { name, field_id: id, num_children: count } = rows[position.at++] as SchemaRow;
  const children = Array.from({ length: Number(count ?? 0) }, () => takeField(rows, position));
  return { name, id: id === null ? undefined : Number(id), children };
}

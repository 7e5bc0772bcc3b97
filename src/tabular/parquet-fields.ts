// The fields of Parquet files with their ids, which are what Iceberg goes by.
import { duckdbText } from './duckdb-text.js';
import type { Duckdb } from './duckdb.js';

export interface ParquetField {
  name: string;
  id: number | undefined;
  /** Bytes of which nobody says that they are a text. */
  isBytes: boolean;
  /** As they stand in the file: a list has one that repeats, and its items' field in that. */
  children: ParquetField[];
}

/** A row of DuckDB's parquet_schema, as far as fields are made of it. */
export interface ParquetElement {
  name: string;
  type: string | null;
  converted_type: string | null;
  logical_type: string | null;
  field_id: string | number | null;
  num_children: string | number | null;
}

/** The columns of each file, by its path. */
export async function readParquetFields(
  duckdb: Duckdb,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, ParquetField[]>> {
  const query =
    'SELECT file_name, name, type, converted_type, logical_type, field_id, num_children ' +
    `FROM parquet_schema([${paths.map(duckdbText).join(', ')}])`;
  const elementsOf = new Map<string, ParquetElement[]>();
  for await (const rows of duckdb.chunks(query, signal)) {
    for (const { file_name: path, ...row } of rows) {
      const known = elementsOf.get(path as string);
      if (known) known.push(row as unknown as ParquetElement);
      else elementsOf.set(path as string, [row as unknown as ParquetElement]);
    }
  }
  return new Map([...elementsOf].map(([path, elements]) => [path, parquetFields(elements)]));
}

/** The columns that a footer tells of: it lists each element, and behind it what is inside of it. */
export function parquetFields(elements: readonly ParquetElement[]): ParquetField[] {
  let at = 0;
  const take = (): ParquetField => {
    const element = elements[at++] as ParquetElement;
    const { name, field_id: id, num_children: count, type } = element;
    return {
      name,
      id: id === null ? undefined : Number(id),
      isBytes: type === 'BYTE_ARRAY' && element.converted_type === null && element.logical_type === null,
      children: Array.from({ length: Number(count ?? 0) }, take),
    };
  };
  return take().children;
}

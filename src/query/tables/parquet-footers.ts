// What Parquet files say of themselves: read once a file, for as long as it is the same file.
import { statSync } from 'node:fs';
import type { Duckdb } from '../../tabular/duckdb.js';
import { parseDuckdbType, type DuckdbType } from '../../tabular/duckdb-type.js';
import { duckdbText } from '../../tabular/duckdb-text.js';
import { parquetFields, type ParquetElement, type ParquetField } from '../../tabular/parquet-fields.js';

export interface ParquetColumn {
  name: string;
  type: DuckdbType;
}

/** Files with the same schema have the same columns. */
export interface ParquetSchema {
  key: string;
  columns: readonly ParquetColumn[];
  /** The same columns, with the ids that Iceberg's libraries gave them. */
  fields: readonly ParquetField[];
}

export interface ParquetFooters {
  /** The schemas of these files by their paths: files with the same one are described once. @throws DuckdbError */
  schemasOf(paths: readonly string[], signal: AbortSignal): Promise<Map<string, ParquetSchema>>;
}

/** Files whose footers are remembered; when there are more, all are forgotten and read again. */
const FOOTERS_MAX = 20_000;

/** A footer is read again when its file was replaced or written to since. */
export function openParquetFooters(duckdb: Duckdb): ParquetFooters {
  const footers = new Map<string, { identity: string; schema: ParquetSchema }>();
  /** By what the footers say. */
  const schemas = new Map<string, ParquetSchema>();
  let schemaCount = 0;

  return {
    async schemasOf(paths, signal) {
      const found = new Map<string, ParquetSchema>();
      const unread = new Map<string, string>();
      for (const path of paths) {
        const identity = identityOf(path);
        const footer = footers.get(path);
        if (footer?.identity === identity) found.set(path, footer.schema);
        else unread.set(path, identity);
      }
      if (unread.size === 0) return found;
      if (footers.size + unread.size > FOOTERS_MAX) {
        footers.clear();
        schemas.clear();
      }
      for (const [path, elements] of await elementsOf([...unread.keys()], duckdb, signal)) {
        const said = elements.join();
        let schema = schemas.get(said);
        if (!schema) {
          schema = {
            key: String(schemaCount++),
            columns: await columnsOf(path, duckdb, signal),
            fields: parquetFields(elements.map((element) => JSON.parse(element) as ParquetElement)),
          };
          schemas.set(said, schema);
        }
        footers.set(path, { identity: unread.get(path) as string, schema });
        found.set(path, schema);
      }
      return found;
    },
  };
}

/** An object that is replaced is another file; a file that is written to in place has another time. */
function identityOf(path: string): string {
  const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return [ino, size, mtimeNs, ctimeNs].join(':');
}

/** The elements of each file's schema, by its path. */
async function elementsOf(paths: readonly string[], duckdb: Duckdb, signal: AbortSignal) {
  const query =
    'SELECT file_name, name, type, type_length, num_children, converted_type, scale, "precision", logical_type, repetition_type, field_id ' +
    `FROM parquet_schema([${paths.map(duckdbText).join(', ')}])`;
  const files = new Map<string, string[]>();
  for await (const rows of duckdb.chunks(query, signal)) {
    for (const { file_name: path, ...element } of rows) {
      const elements = files.get(path as string) ?? [];
      elements.push(JSON.stringify(element));
      files.set(path as string, elements);
    }
  }
  return files;
}

async function columnsOf(path: string, duckdb: Duckdb, signal: AbortSignal): Promise<ParquetColumn[]> {
  const rows = await duckdb.rows(
    `DESCRIBE SELECT * FROM read_parquet([${duckdbText(path)}], hive_partitioning = false)`,
    signal,
  );
  return rows.map((row) => ({
    name: row.column_name as string,
    type: parseDuckdbType(row.column_type as string),
  }));
}

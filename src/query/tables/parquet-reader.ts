// Parquet files by the names of their columns, whatever order and number they have.
import type { Duckdb } from '../../tabular/duckdb.js';
import { duckdbName, duckdbText } from '../../tabular/duckdb-text.js';
import { formatType } from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';
import { parseDuckdbType, type DuckdbType } from '../../tabular/duckdb-type.js';
import { fromFile, memberNamed, scalarFromFile } from './file-value.js';
import type { Reader, ReadRequest } from './reader.js';

interface ParquetColumn {
  name: string;
  type: DuckdbType;
  /** Of files that Iceberg's libraries wrote. */
  fieldId?: number;
}

export interface ParquetFiles {
  /** Learns what the files' footers say: files with the same schema are described once. */
  describe(paths: readonly string[]): Promise<void>;
  /** Files with the same key have the same columns. */
  schemaKey(path: string): string;
  columnsOf(path: string): readonly ParquetColumn[];
}

export function openParquetFiles(duckdb: Duckdb, signal: AbortSignal): ParquetFiles {
  const keys = new Map<string, string>();
  const schemas = new Map<string, ParquetColumn[]>();
  return {
    async describe(paths) {
      const unread = paths.filter((path) => !keys.has(path));
      if (unread.length === 0) return;
      const query =
        'SELECT file_name, name, type, type_length, num_children, converted_type, scale, "precision", logical_type, repetition_type, field_id ' +
        `FROM parquet_schema([${unread.map(duckdbText).join(', ')}])`;
      const signatures = new Map<string, string[]>();
      for await (const rows of duckdb.chunks(query, signal)) {
        for (const { file_name: path, ...element } of rows) {
          const elements = signatures.get(path as string) ?? [];
          elements.push(JSON.stringify(element));
          signatures.set(path as string, elements);
        }
      }
      for (const [path, elements] of signatures) {
        const key = elements.join();
        keys.set(path, key);
        if (schemas.has(key)) continue;
        const rows = await duckdb.rows(
          `DESCRIBE SELECT * FROM read_parquet([${duckdbText(path)}], hive_partitioning = false)`,
          signal,
        );
        schemas.set(
          key,
          rows.map((row, index) => ({
            name: row.column_name as string,
            type: parseDuckdbType(row.column_type as string),
            ...fieldIdsOf(elements)[index],
          })),
        );
      }
    },
    schemaKey: (path) => keys.get(path) ?? '',
    columnsOf: (path) => schemas.get(keys.get(path) ?? '') ?? [],
  };
}

/** Of the columns: a footer lists the root and, behind each element, what is inside of it. */
function fieldIdsOf(elements: readonly string[]): { fieldId?: number }[] {
  const ids: { fieldId?: number }[] = [];
  let insideCount = 0;
  for (const text of elements.slice(1)) {
    const element = JSON.parse(text) as { num_children: string | null; field_id: string | null };
    if (insideCount > 0) insideCount -= 1;
    else ids.push(element.field_id === null ? {} : { fieldId: Number(element.field_id) });
    insideCount += Number(element.num_children ?? 0);
  }
  return ids;
}

/** @throws QueryFailure for a file that does not say which column is which */
function withFieldId(inFile: readonly ParquetColumn[], id: number, uri: string): ParquetColumn | undefined {
  if (inFile.some(({ fieldId }) => fieldId !== undefined))
    return inFile.find(({ fieldId }) => fieldId === id);
  throw new QueryFailure(
    `NOT_SUPPORTED: ${uri} has no field ids, as it was not written by Iceberg, which queries cannot read in an Iceberg table here`,
  );
}

export function parquetReader(
  files: ParquetFiles,
  request: ReadRequest,
  uriOf: (path: string) => string,
): Reader {
  const { columns, isWanted, paths, wantsFile, fieldIds } = request;
  const [first = ''] = paths;
  const inFile = files.columnsOf(first);
  const values = columns.map(({ name, type }, index) => {
    if (!isWanted(index)) return undefined;
    const id = fieldIds?.[index];
    const found = id === undefined ? memberNamed(inFile, name) : withFieldId(inFile, id, uriOf(first));
    if (!found) return undefined;
    const sql = fromFile(`reader.${duckdbName(found.name)}`, found.type, type, scalarFromFile);
    if (sql !== undefined) return sql;
    throw new QueryFailure(
      `HIVE_BAD_DATA: Field ${name}'s type ${found.type.text} in parquet file ${uriOf(first)} is incompatible with type ${formatType(type)} defined in table schema`,
    );
  });
  const options = [
    `[${paths.map(duckdbText).join(', ')}]`,
    'hive_partitioning = false',
    ...(wantsFile ? [`filename = 'file'`] : []),
  ];
  return { values, from: `read_parquet(${options.join(', ')}) AS reader` };
}

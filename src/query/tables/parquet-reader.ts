// Parquet files by the names of their columns, whatever order and number they have.
import { duckdbName, duckdbText } from '../../tabular/duckdb-text.js';
import { FILE_COLUMN } from '../../tabular/file-column.js';
import { formatType } from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';
import { fromFile, memberNamed, scalarFromFile } from './file-value.js';
import type { ParquetFooters, ParquetSchema } from './parquet-footers.js';
import type { Reader, ReadRequest } from './reader.js';

/** The schemas of one query's files. */
export interface ParquetFiles {
  describe(paths: readonly string[]): Promise<void>;
  /** Files with the same key have the same columns. */
  schemaKey(path: string): string;
  schemaOf(path: string): ParquetSchema | undefined;
}

export function openParquetFiles(footers: ParquetFooters, signal: AbortSignal): ParquetFiles {
  const schemas = new Map<string, ParquetSchema>();
  return {
    async describe(paths) {
      const unread = paths.filter((path) => !schemas.has(path));
      for (const [path, schema] of await footers.schemasOf(unread, signal)) schemas.set(path, schema);
    },
    schemaKey: (path) => schemas.get(path)?.key ?? '',
    schemaOf: (path) => schemas.get(path),
  };
}

export function parquetReader(
  files: ParquetFiles,
  request: ReadRequest,
  uriOf: (path: string) => string,
): Reader {
  const { columns, isWanted, paths, wantsFile } = request;
  const [first = ''] = paths;
  const inFile = files.schemaOf(first)?.columns ?? [];
  const values = columns.map(({ name, type }, index) => {
    if (!isWanted(index)) return undefined;
    const found = memberNamed(inFile, name);
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
    ...(wantsFile ? [`filename = '${FILE_COLUMN}'`] : []),
  ];
  return { values, from: `read_parquet(${options.join(', ')}) AS reader` };
}

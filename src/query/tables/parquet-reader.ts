// Parquet files by the names of their columns, whatever order and number they have.
import { duckdbName, duckdbText } from '../../tabular/duckdb-text.js';
import { formatType } from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';
import { fromFile, memberNamed, scalarFromFile } from './file-value.js';
import type { ParquetColumn, ParquetFooters, ParquetSchema } from './parquet-footers.js';
import type { Reader, ReadRequest } from './reader.js';
import { remainingRows } from './row-deletes.js';

/** The schemas of one query's files. */
export interface ParquetFiles {
  describe(paths: readonly string[]): Promise<void>;
  /** Files with the same key have the same columns. */
  schemaKey(path: string): string;
  columnsOf(path: string): readonly ParquetColumn[];
}

export function openParquetFiles(footers: ParquetFooters, signal: AbortSignal): ParquetFiles {
  const schemas = new Map<string, ParquetSchema>();
  return {
    async describe(paths) {
      const unread = paths.filter((path) => !schemas.has(path));
      for (const [path, schema] of await footers.schemasOf(unread, signal)) schemas.set(path, schema);
    },
    schemaKey: (path) => schemas.get(path)?.key ?? '',
    columnsOf: (path) => schemas.get(path)?.columns ?? [],
  };
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
  const { columns, isWanted, paths, wantsFile, fieldIds, deletes } = request;
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
    ...(wantsFile || deletes ? [`filename = 'file'`] : []),
    ...(deletes ? ['file_row_number = true'] : []),
  ];
  const all = `read_parquet(${options.join(', ')})`;
  const left = deletes ? remainingRows(all, paths, inFile, deletes, files) : all;
  return { values, from: `${left} AS reader` };
}

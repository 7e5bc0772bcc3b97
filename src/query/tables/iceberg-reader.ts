// Parquet files of an Iceberg table: columns by their ids, less the rows that its deletes name.
import { parseDuckdbType } from '../../tabular/duckdb-type.js';
import { icebergDuckdbType } from '../../tabular/iceberg/iceberg-duckdb-type.js';
import { fieldsWithIds, icebergRows } from '../../tabular/iceberg/iceberg-rows.js';
import { openRowDeletes, type PlacedFile, type RowDeletes } from '../../tabular/iceberg/row-deletes.js';
import { formatType } from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';
import { fromFile, scalarFromFile } from './file-value.js';
import { readingIceberg, type IcebergScan } from './iceberg-scan.js';
import type { ParquetFiles } from './parquet-reader.js';
import type { Reader, ReadRequest } from './reader.js';

/** A table whose files are open to reading. */
export interface OpenedIceberg extends IcebergScan {
  table: string;
  rowDeletes: RowDeletes | undefined;
}

/** @param leftovers learns of the file that vectors of deletes are written to. @throws QueryFailure */
export async function openIceberg(
  table: string,
  scan: IcebergScan,
  parquet: ParquetFiles,
  { temporaryPath, leftovers, signal }: { temporaryPath(): string; leftovers: string[]; signal: AbortSignal },
): Promise<OpenedIceberg> {
  const rowDeletes = await readingIceberg(table, () =>
    openRowDeletes(scan.deletes, {
      async fieldsOf(paths) {
        await parquet.describe(paths);
        return new Map(paths.map((path) => [path, parquet.schemaOf(path)?.fields ?? []]));
      },
      temporaryPath() {
        const path = temporaryPath();
        leftovers.push(path);
        return path;
      },
      signal,
    }),
  );
  return { ...scan, table, rowDeletes };
}

/** @throws QueryFailure for a file that does not say which column is which, and for types that cannot be read */
export function icebergReader(
  iceberg: OpenedIceberg,
  parquet: ParquetFiles,
  { columns, isWanted, paths, wantsFile }: ReadRequest,
): Promise<Reader> {
  return readingIceberg(iceberg.table, () => {
    const data = paths.map((path) => iceberg.data.get(path) as PlacedFile);
    const [first] = data as [PlacedFile];
    const inFile = fieldsWithIds(parquet.schemaOf(first.path)?.fields ?? [], iceberg, first.location);
    const { from, valueOf } = icebergRows({
      data,
      inFile,
      fields: iceberg.tableFields,
      deletes: iceberg.rowDeletes,
      alias: 'reader',
      wantsFile,
    });
    const values = columns.map(({ name, type }, index) => {
      const field = iceberg.fields[index];
      if (!isWanted(index) || !field) return undefined;
      const own = icebergDuckdbType(field.type);
      const sql = fromFile(`CAST(${valueOf(field)} AS ${own})`, parseDuckdbType(own), type, scalarFromFile);
      if (sql !== undefined) return sql;
      throw new QueryFailure(
        `ICEBERG_BAD_DATA: Column ${name} of ${iceberg.table} is of type ${formatType(type)} in the catalog, and ${own} in its metadata`,
      );
    });
    return { values, from: `${from} AS reader` };
  });
}

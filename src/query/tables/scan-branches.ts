// A table's files by what one call of a table function can read: of one format, compression and schema.
import type { StorageDescriptor, Table } from '@aws-sdk/client-glue';
import type { TableColumn } from '../select/analysis.js';
import { type FileCompression, fileCompression } from './file-compression.js';
import type { ParquetFiles } from './parquet-reader.js';
import type { Catalog } from '../../catalog/catalog.js';
import type { ObjectStorage } from '../../storage/object-storage.js';
import type { Duckdb } from '../../tabular/duckdb.js';
import type { ParquetFooters } from './parquet-footers.js';
import type { StagedFiles } from './staged-reader.js';
import type { FileGroup, TableFile } from './table-files.js';
import { type TableFormat, tableFormat } from './table-format.js';
import { columnsOf } from './table-source.js';

export interface ScanResources {
  catalog: Catalog;
  storage: ObjectStorage;
  duckdb: Duckdb;
  footers: ParquetFooters;
}

export interface Opening extends ScanResources {
  signal: AbortSignal;
  parquet: ParquetFiles;
  avro: StagedFiles;
  orc: StagedFiles;
  /** Objects by the paths of their files. */
  uris: Map<string, string>;
  uriOf(path: string): string;
  leftovers: string[];
  dataScannedBytes: number;
}

/** Files that one call of a table function reads. */
export interface Branch {
  format: TableFormat;
  compression: FileCompression;
  /** Columns as the files have them: a partition's own may differ from the table's. */
  columns: readonly TableColumn[];
  files: { file: TableFile; values: readonly (string | null)[] }[];
}

export async function branchesOf(
  table: Table,
  groups: readonly FileGroup[],
  isJoined: boolean,
  opening: Opening,
): Promise<Branch[]> {
  const branches = new Map<string, Branch>();
  const described = new Map<string, { format: TableFormat; columns: readonly TableColumn[] }>();
  await describeFiles(table, groups, described, opening);
  for (const { descriptor, values, files } of groups) {
    const { format, columns } = describe(table, descriptor, described);
    const schemas = hasSchemas(format) ? opening[format.kind] : undefined;
    for (const file of files) {
      const compression = schemas ? 'uncompressed' : await fileCompression(file, opening.signal);
      const schema = schemas?.schemaKey(file.path) ?? '';
      const key = JSON.stringify([format, compression, columns, schema, isJoined ? '' : values]);
      const branch = branches.get(key) ?? { format, compression, columns, files: [] };
      branch.files.push({ file, values });
      branches.set(key, branch);
    }
  }
  return [...branches.values()];
}

/** Reads what the files of all groups say of themselves, many at once. */
async function describeFiles(
  table: Table,
  groups: readonly FileGroup[],
  described: Parameters<typeof describe>[2],
  opening: Opening,
): Promise<void> {
  const paths = { parquet: [] as string[], avro: [] as string[], orc: [] as string[] };
  for (const { descriptor, files } of groups) {
    const { format } = describe(table, descriptor, described);
    if (hasSchemas(format)) paths[format.kind].push(...files.map(({ path }) => path));
  }
  for (const kind of ['parquet', 'avro', 'orc'] as const) await opening[kind].describe(paths[kind]);
}

/** Files that say themselves what their columns are, and how they are compressed. */
const hasSchemas = (
  format: TableFormat,
): format is Extract<TableFormat, { kind: 'parquet' | 'avro' | 'orc' }> =>
  format.kind === 'parquet' || format.kind === 'avro' || format.kind === 'orc';

function describe(
  table: Table,
  descriptor: StorageDescriptor,
  known: Map<string, { format: TableFormat; columns: readonly TableColumn[] }>,
) {
  const key = JSON.stringify([descriptor.SerdeInfo, descriptor.Columns]);
  let found = known.get(key);
  if (!found) {
    const columns = columnsOf(descriptor.Columns ?? table.StorageDescriptor?.Columns, table.Name ?? '');
    known.set(key, (found = { format: tableFormat(table, descriptor), columns }));
  }
  return found;
}

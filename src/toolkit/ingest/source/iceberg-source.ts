// An Iceberg table: the files of the snapshot that the catalog points to, less the rows that its deletes name.
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { Table } from '@aws-sdk/client-glue';
import { asGluepotError } from '../../../aws/aws-failure.js';
import { GluepotError, messageOf } from '../../../base/errors.js';
import { tableFormatOf } from '../../../change/index.js';
import { AvroError } from '../../../tabular/avro/avro-container.js';
import { duckdbName, duckdbText } from '../../../tabular/duckdb-text.js';
import type { IcebergField } from '../../../tabular/iceberg/iceberg-schema.js';
import {
  IcebergError,
  readIcebergFiles,
  readIcebergTotals,
  type IcebergFile,
  type IcebergFiles,
} from '../../../tabular/iceberg/read-iceberg-files.js';
import { placeOf } from '../s3-place.js';
import { mayHoldWanted } from './iceberg-bounds.js';
import { icebergValue } from './iceberg-value.js';
import { readParquetFields, type ParquetField } from './parquet-fields.js';
import { readParquet } from './parquet.js';
import type { Scan, Source, SourceColumn } from './relation.js';
import { sourceColumns } from './source-columns.js';
import type { ReadTools, SourceKind, WantedRows } from './source-kind.js';

/** Assumed, not measured: as Parquet without a table format. */
const BYTES_A_SECOND = 100_000_000;

export const icebergSource: SourceKind = {
  reads: (table) => tableFormatOf(table) === 'iceberg',
  async survey(table, { s3, signal }) {
    const location = metadataLocationOf(table);
    const { bucket: Bucket, key: Key } = placeAt(location);
    const stored = await s3
      .send(new GetObjectCommand({ Bucket, Key }), { abortSignal: signal })
      .then(({ Body }) => Body?.transformToByteArray())
      .catch((error: unknown) => {
        throw asGluepotError(error);
      });
    const { rowCount, bytes, fileCount } = await reading(table, async () =>
      Promise.resolve(readIcebergTotals(stored ?? new Uint8Array(), location)),
    );
    return {
      ...(rowCount === undefined ? {} : { rows: rowCount }),
      ...(bytes === undefined ? {} : { bytes }),
      ...(fileCount === undefined ? {} : { fileCount }),
      bytesASecond: BYTES_A_SECOND,
    };
  },
  open: openIceberg,
};

async function openIceberg(table: Table, tools: ReadTools, wanted: WantedRows | undefined): Promise<Source> {
  const { files: local } = tools;
  const fetchAll = (locations: readonly string[]) => local.fetch(locations.map(placeAt));
  const files = await reading(table, () =>
    readIcebergFiles(
      metadataLocationOf(table),
      async (location) => (await fetchAll([location]))[0] as string,
    ),
  );
  requireReadable(table, files);
  const columns = sourceColumns(table);
  const fields = columns.map((column) => fieldOf(table, files.fields, column));
  const cursor = wanted && fields[columns.findIndex(({ name }) => name === wanted.column)];
  const data = files.data.filter((file) => !wanted || !cursor || mayHoldWanted(file, cursor, wanted));
  const paths = await fetchAll(data.map(({ location }) => location));
  const deletePaths = await fetchAll(files.deletes.map(({ location }) => location));
  const inFiles = paths.length === 0 ? new Map() : await readParquetFields(tools.duckdb, paths, tools.signal);
  const alike = new Map<string, { path: string; file: IcebergFile }[]>();
  for (const [index, file] of data.entries()) {
    const path = paths[index] as string;
    const key = JSON.stringify(inFiles.get(path));
    alike.set(key, [...(alike.get(key) ?? []), { path, file }]);
  }
  const scans = [...alike].map(([key, group]): Scan => {
    const inFile = withIds(table, JSON.parse(key) as ParquetField[], files, group[0]?.file.location ?? '');
    const from = readParquet(
      group.map(({ path }) => path),
      true,
    );
    const values = fields.map((field) => {
      const found = inFile.find(({ id }) => id === field.id);
      return found && icebergValue(duckdbName(found.name), field.type, found);
    });
    if (deletePaths.length === 0) return { from, values, isParquet: true };
    return {
      from: withoutDeleted(
        from,
        group.map(({ file }) => file.location),
        deletePaths,
      ),
      values,
    };
  });
  const bytes = files.data.reduce((sum, { size }) => sum + size, 0);
  return { columns, scans, bytes, fileCount: files.data.length };
}

/** Rows whose file and place no file of deletes names. */
function withoutDeleted(from: string, locations: readonly string[], deletePaths: readonly string[]): string {
  const deleted =
    `SELECT list_position([${locations.map(duckdbText).join(', ')}], file_path) - 1 AS file, pos ` +
    `FROM ${readParquet(deletePaths)}`;
  return (
    `(SELECT r.* FROM ${from} AS r ANTI JOIN (${deleted}) AS d ` +
    'ON CAST(r.file_index AS BIGINT) = d.file AND CAST(r.file_row_number AS BIGINT) = d.pos)'
  );
}

/** @throws GluepotError `unsupported` for files of other formats, and for deletes by value */
function requireReadable({ DatabaseName, Name }: Table, { data, deletes }: IcebergFiles): void {
  const name = `${DatabaseName}.${Name}`;
  const byValue = deletes.find((file) => file.deletes === 'values');
  if (byValue) {
    throw new GluepotError(
      'unsupported',
      `${name} has deletes by value (${byValue.location}), as Flink writes them, which are not read yet. Rewrite its data files, ` +
        'by which they are applied: OPTIMIZE in Athena, rewrite_data_files in Spark.',
    );
  }
  const other = [...data, ...deletes].find(({ format }) => format !== 'PARQUET');
  if (!other) return;
  throw new GluepotError(
    'unsupported',
    `${other.location} of ${name} is of the format ${other.format}. Iceberg tables of Parquet can be ingested; rewrite its data files.`,
  );
}

function fieldOf(
  { DatabaseName, Name }: Table,
  fields: readonly IcebergField[],
  column: SourceColumn,
): IcebergField {
  const field = fields.find(({ name }) => name.toLowerCase() === column.name);
  if (field) return field;
  throw new GluepotError(
    'failed',
    `${DatabaseName}.${Name} has the column ${column.name} in the catalog, and its Iceberg metadata has not. It has: ` +
      `${fields.map(({ name }) => name).join(', ')}.`,
  );
}

/** Files that were added to a table and not written by Iceberg have names alone. @throws GluepotError `unsupported` */
function withIds(
  { DatabaseName, Name }: Table,
  inFile: readonly ParquetField[],
  { idsByName }: IcebergFiles,
  location: string,
): readonly ParquetField[] {
  if (inFile.some(({ id }) => id !== undefined)) return inFile;
  if (idsByName.size === 0) {
    throw new GluepotError(
      'unsupported',
      `${location} of ${DatabaseName}.${Name} was not written by Iceberg: it has no field ids, and the table has no ` +
        'schema.name-mapping.default that says which column is which. Set it, or rewrite the data files.',
    );
  }
  return inFile.map((field) => ({ ...field, id: idsByName.get(field.name.toLowerCase()) }));
}

function metadataLocationOf({ DatabaseName, Name, Parameters }: Table): string {
  const location = Parameters?.metadata_location;
  if (location !== undefined) return location;
  throw new GluepotError(
    'failed',
    `${DatabaseName}.${Name} is an Iceberg table without the parameter metadata_location, so nobody can tell where its rows are.`,
  );
}

function placeAt(location: string): { bucket: string; key: string } {
  if (/^s3[an]?:\/\/[^/]+\/./.test(location)) return placeOf(location.replace(/^s3[an]:/, 's3:'));
  throw new IcebergError(`the location '${location}' is no S3 path`);
}

async function reading<T>({ DatabaseName, Name }: Table, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof IcebergError) && !(error instanceof AvroError)) throw error;
    throw new GluepotError('failed', `${DatabaseName}.${Name} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

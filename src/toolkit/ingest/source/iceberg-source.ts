// An Iceberg table: the files of the snapshot that the catalog points to, less the rows that its deletes name.
import { join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { Table } from '@aws-sdk/client-glue';
import { asGluepotError } from '../../../aws/aws-failure.js';
import { GluepotError, messageOf } from '../../../base/errors.js';
import { tableFormatOf } from '../../../change/index.js';
import { AvroError } from '../../../tabular/avro/avro-container.js';
import { IcebergError } from '../../../tabular/iceberg/iceberg-error.js';
import { fieldsWithIds, icebergRows } from '../../../tabular/iceberg/iceberg-rows.js';
import type { IcebergField } from '../../../tabular/iceberg/iceberg-schema.js';
import {
  readIcebergFiles,
  type IcebergFile,
  type IcebergFiles,
} from '../../../tabular/iceberg/read-iceberg-files.js';
import { openRowDeletes, type PlacedFile } from '../../../tabular/iceberg/row-deletes.js';
import { readIcebergTotals } from '../../../tabular/iceberg/table-metadata.js';
import { readParquetFields, type ParquetField } from '../../../tabular/parquet-fields.js';
import { placeOf } from '../s3-place.js';
import { atCurrentMetadata } from './current-metadata.js';
import { wantedFiles } from './iceberg-bounds.js';
import type { Scan, Source, SourceColumn } from './relation.js';
import { sourceColumns } from './source-columns.js';
import type { ReadTools, SourceKind, Survey, SurveyTools, WantedRows } from './source-kind.js';

/** As Parquet without a table format: in one run the same file took no longer as an Iceberg table. */
const BYTES_A_SECOND = 100_000_000;

export const icebergSource: SourceKind = {
  reads: (table) => tableFormatOf(table) === 'iceberg',
  survey: (table, tools) => atCurrentMetadata(table, tools, (current) => surveyIceberg(current, tools)),
  open: (table, tools, wanted) =>
    atCurrentMetadata(table, tools, (current) => openIceberg(current, tools, wanted)),
};

async function surveyIceberg(table: Table, { s3, signal }: SurveyTools): Promise<Survey> {
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
}

async function openIceberg(table: Table, tools: ReadTools, wanted: WantedRows | undefined): Promise<Source> {
  const fetchAll = (locations: readonly string[]) => tools.files.fetch(locations.map(placeAt));
  return reading(table, async () => {
    const files = await readIcebergFiles(metadataLocationOf(table), fetchAll);
    const columns = sourceColumns(table);
    const fields = columns.map((column) => fieldOf(table, files.fields, column));
    const cursor = wanted && fields[columns.findIndex(({ name }) => name === wanted.column)];
    const data = wanted && cursor ? wantedFiles(files.data, cursor, wanted) : files.data;
    const placed = async (some: readonly IcebergFile[]): Promise<PlacedFile[]> => {
      const paths = await fetchAll(some.map(({ location }) => location));
      return some.map((file, index) => ({ ...file, path: paths[index] as string }));
    };
    const scans = await scansOf(await placed(data), await placed(files.deletes), { files, fields }, tools);
    const bytes = files.data.reduce((sum, { size }) => sum + size, 0);
    return { columns, scans, bytes, fileCount: files.data.length };
  });
}

/** @param fields of the columns, in their order */
async function scansOf(
  data: readonly PlacedFile[],
  deleting: readonly PlacedFile[],
  { files, fields }: { files: IcebergFiles; fields: readonly IcebergField[] },
  { duckdb, signal, files: local }: ReadTools,
): Promise<Scan[]> {
  const fieldsOf = async (paths: readonly string[]) =>
    paths.length === 0 ? new Map<string, ParquetField[]>() : readParquetFields(duckdb, paths, signal);
  const deletes = await openRowDeletes(deleting, {
    fieldsOf,
    temporaryPath: () => join(local.folder, 'vectors.txt'),
    signal,
  });
  const inFiles = await fieldsOf(data.map(({ path }) => path));
  const groups = new Map<string, PlacedFile[]>();
  for (const file of data) {
    const key = JSON.stringify(inFiles.get(file.path));
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  return [...groups.values()].map((group): Scan => {
    const [first] = group as [PlacedFile];
    const inFile = fieldsWithIds(inFiles.get(first.path) ?? [], files, first.location);
    const { from, valueOf } = icebergRows({ data: group, inFile, fields: files.fields, deletes });
    return { from, values: fields.map(valueOf), ...(deletes ? {} : { isParquet: true }) };
  });
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
    const kind = error instanceof IcebergError && error.isUnsupported ? 'unsupported' : 'failed';
    throw new GluepotError(kind, `${DatabaseName}.${Name} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

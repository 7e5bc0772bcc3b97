// Iceberg tables: the files of the snapshot that the catalog points to, and columns by their ids.
import type { Table } from '@aws-sdk/client-glue';
import { statSync } from 'node:fs';
import { messageOf } from '../../base/errors.js';
import { parseS3Uri, type ObjectStorage } from '../../storage/object-storage.js';
import { AvroError } from '../../tabular/avro/avro-container.js';
import { IcebergError } from '../../tabular/iceberg/iceberg-error.js';
import type { IcebergField } from '../../tabular/iceberg/iceberg-schema.js';
import {
  readIcebergFiles,
  type IcebergFile,
  type IcebergFiles,
} from '../../tabular/iceberg/read-iceberg-files.js';
import type { PlacedFile } from '../../tabular/iceberg/row-deletes.js';
import { AwsError } from '../../wire/aws-error.js';
import type { TableColumn } from '../select/analysis.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { FileGroup, TableFile } from './table-files.js';
import { PARQUET_SERDE } from './table-format.js';

export const isIceberg = (table: Table): boolean => /^iceberg$/i.test(table.Parameters?.table_type ?? '');

/** What reading an Iceberg table's Parquet files takes. */
export interface IcebergScan extends Pick<IcebergFiles, 'idsByName'> {
  /** Of the whole table. */
  tableFields: readonly IcebergField[];
  /** By the places of the scan's columns: a column keeps its id when it is renamed. */
  fields: readonly IcebergField[];
  groups: FileGroup[];
  /** By the paths of their files on this disk. */
  data: ReadonlyMap<string, PlacedFile>;
  deletes: readonly (PlacedFile & TableFile)[];
}

/** @throws QueryFailure for metadata that cannot be read, and files that are not Parquet */
export async function icebergScan(
  table: Table,
  columns: readonly TableColumn[],
  storage: ObjectStorage,
): Promise<IcebergScan> {
  const name = `${table.DatabaseName}.${table.Name}`;
  const metadataLocation = table.Parameters?.metadata_location;
  if (metadataLocation === undefined)
    throw new QueryFailure(`ICEBERG_INVALID_METADATA: Table ${name} has no parameter metadata_location`);
  return readingIceberg(name, async () => {
    const files = await readIcebergFiles(metadataLocation, (locations) =>
      Promise.resolve(locations.map((location) => fileAt(location, storage).path)),
    );
    const fields = columns.map((column) => {
      const field = files.fields.find((each) => each.name.toLowerCase() === column.name);
      if (field) return field;
      throw new QueryFailure(
        `ICEBERG_INVALID_METADATA: the column ${column.name} of ${name} is not in the schema of ${metadataLocation}`,
      );
    });
    const descriptor = { ...table.StorageDescriptor, SerdeInfo: { SerializationLibrary: PARQUET_SERDE } };
    const data = files.data.map((file) => placed(file, storage));
    return {
      tableFields: files.fields,
      fields,
      idsByName: files.idsByName,
      groups: [{ descriptor, values: [], files: data }],
      data: new Map(data.map((file) => [file.path, file])),
      deletes: files.deletes.map((file) => placed(file, storage)),
    };
  });
}

/** Runs `work`, and tells of what it says of the table in Athena's words. @throws QueryFailure */
export async function readingIceberg<T>(table: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof IcebergError) && !(error instanceof AvroError)) throw error;
    const isUnsupported = error instanceof IcebergError && error.isUnsupported;
    throw new QueryFailure(
      `${isUnsupported ? 'NOT_SUPPORTED' : 'ICEBERG_INVALID_METADATA'}: Table ${table} cannot be read: ${messageOf(error)}`,
      'execution',
      2,
      1000,
      { cause: error },
    );
  }
}

/** @throws IcebergError for what is not there */
function fileAt(location: string, storage: ObjectStorage) {
  const place = parseS3Uri(location);
  if (!place) throw new IcebergError(`the location '${location}' is not an S3 path`);
  try {
    return { ...place, path: storage.path(place.bucket, place.key) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new IcebergError(`${location} cannot be opened: ${error.message}`, { cause: error });
  }
}

function placed(file: IcebergFile, storage: ObjectStorage): PlacedFile & TableFile {
  const place = fileAt(file.location, storage);
  const { size, mtime } = statSync(place.path);
  return { ...file, ...place, size, lastModified: mtime };
}

// Iceberg tables: the files of the snapshot that the catalog points to, and columns by their ids.
import type { Table } from '@aws-sdk/client-glue';
import { statSync } from 'node:fs';
import { messageOf } from '../../base/errors.js';
import { parseS3Uri, type ObjectStorage } from '../../storage/object-storage.js';
import { AvroError } from '../../tabular/avro/avro-container.js';
import {
  IcebergError,
  readIcebergFiles,
  type IcebergFile,
} from '../../tabular/iceberg/read-iceberg-files.js';
import { AwsError } from '../../wire/aws-error.js';
import type { TableColumn } from '../select/analysis.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { RowDeletes } from './row-deletes.js';
import type { FileGroup, TableFile } from './table-files.js';
import { PARQUET_SERDE } from './table-format.js';

export const isIceberg = (table: Table): boolean => /^iceberg$/i.test(table.Parameters?.table_type ?? '');

export interface IcebergScan {
  groups: FileGroup[];
  /** Ids by the places of the scan's columns: a column keeps its id when it is renamed. */
  fieldIds: number[];
  deletes?: RowDeletes;
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
  const { fields, data, deletes } = await reading(
    name,
    readIcebergFiles(metadataLocation, (location) => fileAt(location, storage).path),
  );
  const other = [...data, ...deletes].find(({ format }) => format !== 'PARQUET');
  if (other) {
    throw new QueryFailure(
      `NOT_SUPPORTED: ${other.location} of ${name} is of the format ${other.format}, which queries cannot read in an Iceberg table here; Parquet can be read`,
    );
  }
  const fieldIds = columns.map((column) => {
    const field = fields.find((each) => each.name.toLowerCase() === column.name);
    if (field) return field.id;
    throw new QueryFailure(
      `ICEBERG_INVALID_METADATA: the column ${column.name} of ${name} is not in the schema of ${metadataLocation}`,
    );
  });
  const descriptor = {
    ...table.StorageDescriptor,
    SerdeInfo: { SerializationLibrary: PARQUET_SERDE },
  };
  const files = await reading(
    name,
    Promise.resolve().then(() => data.map((file) => tableFile(file, storage))),
  );
  const groups = [{ descriptor, values: [], files }];
  if (deletes.length === 0) return { groups, fieldIds };
  const placed = <File extends IcebergFile>(each: readonly File[]) =>
    each.map((file) => ({ ...file, ...tableFile(file, storage) }));
  const [deletingFiles, dataFiles] = await reading(
    name,
    Promise.resolve().then(() => [placed(deletes), placed(data)] as const),
  );
  return { groups, fieldIds, deletes: { table: name, files: deletingFiles, data: dataFiles } };
}

async function reading<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof IcebergError) && !(error instanceof AvroError)) throw error;
    throw new QueryFailure(
      `ICEBERG_INVALID_METADATA: Table ${name} cannot be read: ${messageOf(error)}`,
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

function tableFile({ location }: IcebergFile, storage: ObjectStorage): TableFile {
  const place = fileAt(location, storage);
  const { size, mtime } = statSync(place.path);
  return { ...place, size, lastModified: mtime };
}

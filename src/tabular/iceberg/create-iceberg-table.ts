// CreateTable with an open table format: the table's metadata is written beside its data, the catalog points to it.
import type { IcebergInput, TableInput } from '@aws-sdk/client-glue';
import type { Clock } from '../../base/clock.js';
import type { Ids } from '../../base/ids.js';
import type { Catalog } from '../../catalog/catalog.js';
import { parseS3Uri, type ObjectStorage } from '../../storage/object-storage.js';
import { AwsError } from '../../wire/aws-error.js';
import {
  icebergMetadata,
  type IcebergPartitionField,
  icebergPartitionFields,
  type IcebergTransform,
} from './iceberg-metadata.js';
import { icebergFields, type IcebergField } from './iceberg-schema.js';

export interface IcebergParts {
  catalog: Pick<Catalog, 'createTable' | 'findTable' | 'getDatabase'>;
  storage: ObjectStorage;
  clock: Clock;
  ids: Ids;
}

/**
 * Either the table exists with its metadata, or neither does.
 * @throws AwsError InvalidInputException for what cannot be made, AlreadyExistsException, EntityNotFoundException
 */
export async function createIcebergTable(
  { catalog, storage, clock, ids }: IcebergParts,
  database: string,
  table: TableInput,
  iceberg: IcebergInput,
  createdBy: string,
  transforms: readonly IcebergTransform[] = [],
): Promise<void> {
  const formatVersion = formatVersionOf(iceberg);
  if (table.PartitionKeys?.length) {
    throw new AwsError('InvalidInputException', 'An Iceberg table has no PartitionKeys: leave them out.');
  }
  const columns = (table.StorageDescriptor?.Columns ?? []).map((column) => ({
    ...column,
    Name: column.Name as string,
  }));
  const { fields, lastColumnId } = icebergFields(columns);
  const partitionFields = partitionFieldsOf(transforms, fields);
  const place = placeOf(table, storage);
  catalog.getDatabase(database);
  if (catalog.findTable(database, table.Name as string)) {
    throw new AwsError('AlreadyExistsException', 'Table already exists.');
  }
  const uuid = ids.uuid();
  const key = `${place.key}metadata/00000-${ids.uuid()}.metadata.json`;
  const metadata = icebergMetadata({
    formatVersion,
    uuid,
    location: place.location,
    fields,
    lastColumnId,
    partitionFields,
    properties: table.Parameters ?? {},
    createdAt: clock.now(),
  });
  await storage.put(place.bucket, key, Buffer.from(JSON.stringify(metadata)), {
    contentType: 'application/json',
  });
  // AWS keeps the columns and the location as given: the tests of Terraform's provider find no change after CREATE.
  const input: TableInput = {
    ...table,
    TableType: table.TableType ?? 'EXTERNAL_TABLE',
    Parameters: {
      ...table.Parameters,
      table_type: 'ICEBERG',
      metadata_location: `s3://${place.bucket}/${key}`,
    },
  };
  try {
    catalog.createTable(database, input, { createdBy });
  } catch (error) {
    storage.delete(place.bucket, key);
    throw error;
  }
}

function partitionFieldsOf(
  transforms: readonly IcebergTransform[],
  fields: readonly IcebergField[],
): IcebergPartitionField[] {
  try {
    return icebergPartitionFields(transforms, fields);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AwsError('InvalidInputException', error.message, { cause: error });
  }
}

function formatVersionOf({ MetadataOperation, Version = '2', CreateIcebergTableInput }: IcebergInput): 1 | 2 {
  if (MetadataOperation !== 'CREATE') {
    throw new AwsError(
      'InvalidInputException',
      `MetadataOperation is ${MetadataOperation}: only CREATE is allowed.`,
    );
  }
  if (CreateIcebergTableInput) {
    throw new AwsError(
      'InvalidInputException',
      'CreateIcebergTableInput is not supported here: describe the table by TableInput, with its columns and location.',
    );
  }
  if (Version === '1' || Version === '2') return Version === '1' ? 1 : 2;
  throw new AwsError(
    'InvalidInputException',
    `Iceberg Version ${Version} is not supported: allowed are 1 and 2.`,
  );
}

function placeOf(
  table: TableInput,
  storage: ObjectStorage,
): { bucket: string; key: string; location: string } {
  const location = (table.StorageDescriptor?.Location ?? '').replace(/\/+$/, '');
  const uri = parseS3Uri(location);
  if (!uri) {
    throw new AwsError(
      'InvalidInputException',
      `StorageDescriptor.Location of an Iceberg table must be an S3 path, s3://BUCKET/PREFIX, not '${location}'.`,
    );
  }
  if (!storage.hasBucket(uri.bucket)) {
    throw new AwsError('InvalidInputException', `The bucket of ${location} does not exist.`);
  }
  return { bucket: uri.bucket, key: uri.key === '' ? '' : `${uri.key}/`, location };
}

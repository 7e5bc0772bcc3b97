// CREATE TABLE: what Athena writes into the catalog for it.
import type { Column, IcebergInput, TableInput } from '@aws-sdk/client-glue';
import { parseS3Uri } from '../../storage/object-storage.js';
import { createIcebergTable } from '../../tabular/iceberg/create-iceberg-table.js';
import { icebergGlueColumns } from '../../tabular/iceberg/iceberg-columns.js';
import { icebergFields } from '../../tabular/iceberg/iceberg-schema.js';
import type { ColumnDefinition, CreateTable } from '../statement/statement.js';
import type { DdlScope } from './ddl-scope.js';
import { notSupported, semanticFailure, taskFailure } from './ddl-failure.js';
import { placeOf, requireDatabase, requireName, written } from './named-object.js';
import { hivePath } from './partition-path.js';
import { formatDescriptor } from './storage-format.js';

/** @throws QueryFailure for what cannot be made, and for a table that is there already */
export async function createTable(scope: DdlScope, statement: CreateTable): Promise<void> {
  const { catalog, clock, callerArn } = scope;
  const { database, name } = placeOf(statement.table, scope);
  requireName('Table', name);
  requireDatabase(scope, database);
  if (catalog.findTable(database, name)) {
    if (statement.ifNotExists) return;
    throw alreadyExists(written(statement.table));
  }
  if (isIcebergStatement(statement)) {
    await createIceberg(scope, statement);
    return;
  }
  catalog.createTable(database, tableInput(scope, statement, clock.now()), { createdBy: callerArn });
}

const alreadyExists = (name: string) =>
  taskFailure(`AlreadyExistsException(message:Table ${name} already exists)`);

/**
 * The table as Athena's own look in GetTable: owned by `hadoop`, EXTERNAL and the time of the last DDL among the
 * parameters, -1 buckets for none, the comment as a parameter (AWS docs, CREATE TABLE).
 */
function tableInput(scope: DdlScope, statement: CreateTable, now: Date): TableInput {
  const { table, columns, partitionKeys, comment, buckets, properties } = statement;
  if (!statement.isExternal) {
    // Trino's grammar, which such a statement falls through to in Athena, has no table without a query either.
    throw notSupported(
      `CREATE TABLE ${written(table)} without EXTERNAL makes Iceberg tables only: write CREATE EXTERNAL TABLE, or ` +
        `'table_type'='ICEBERG' in TBLPROPERTIES`,
    );
  }
  if (statement.partitionTransforms.length > 0) {
    throw semanticFailure('Partition columns need a type: only Iceberg tables are partitioned by transforms');
  }
  requireDistinct(columns, partitionKeys);
  requireBucketColumns(statement);
  return {
    Name: table.name.toLowerCase(),
    Owner: 'hadoop',
    Retention: 0,
    TableType: 'EXTERNAL_TABLE',
    PartitionKeys: partitionKeys.map(columnOf),
    Parameters: {
      EXTERNAL: 'TRUE',
      ...(comment === undefined ? {} : { comment }),
      transient_lastDdlTime: secondsText(now),
      ...properties,
    },
    StorageDescriptor: {
      Columns: columns.map(columnOf),
      Location: tableLocation(scope, statement.location),
      ...formatDescriptor(statement),
      Compressed: false,
      NumberOfBuckets: buckets?.count ?? -1,
      BucketColumns: buckets?.columns ?? [],
      SortColumns: (buckets?.sortedBy ?? []).map(({ column, isDescending }) => ({
        Column: column,
        SortOrder: isDescending ? 0 : 1,
      })),
      Parameters: {},
      SkewedInfo: { SkewedColumnNames: [], SkewedColumnValues: [], SkewedColumnValueLocationMaps: {} },
      StoredAsSubDirectories: false,
    },
  };
}

/** Seconds since 1970, as Hive writes times into parameters. */
export const secondsText = (now: Date): string => String(Math.floor(now.getTime() / 1000));

export const columnOf = ({ name, type, comment }: ColumnDefinition): Column => ({
  Name: name,
  Type: type,
  ...(comment === undefined ? {} : { Comment: comment }),
});

/** @throws QueryFailure for a name that comes twice, or is a column's and a key's */
export function requireDistinct(
  columns: readonly ColumnDefinition[],
  keys: readonly ColumnDefinition[],
): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    requireName('Column', name);
    if (seen.has(name)) throw semanticFailure(`[Error 10036]: Duplicate column name: ${name}`);
    seen.add(name);
  }
  for (const { name } of keys) {
    requireName('Column', name);
    if (seen.has(name)) throw semanticFailure('[Error 10035]: Column repeated in partitioning columns');
    seen.add(name);
  }
}

function requireBucketColumns({ buckets, columns }: CreateTable): void {
  if (!buckets) return;
  const names = [...buckets.columns, ...buckets.sortedBy.map(({ column }) => column)];
  const unknown = names.find((name) => !columns.some((column) => column.name === name));
  if (unknown !== undefined) throw semanticFailure(`[Error 10002]: Invalid column reference ${unknown}`);
  if (buckets.count < 1) {
    throw semanticFailure('[Error 10031]: Bucketized tables must have at least one bucket');
  }
}

/** The location as the catalog keeps it. @throws QueryFailure for one that cannot be */
export function tableLocation(scope: Pick<DdlScope, 'storage'>, location: string): string {
  if (location === '') throw taskFailure('Can not create a Path from an empty string');
  const uri = parseS3Uri(location);
  if (!uri) {
    throw semanticFailure(`Location '${location}' is not in S3: it must be s3://BUCKET/FOLDER/`);
  }
  if (!scope.storage.hasBucket(uri.bucket)) {
    throw taskFailure(
      'MetaException(message:Got exception: com.amazonaws.services.s3.model.AmazonS3Exception The specified bucket ' +
        `does not exist (Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket): ${uri.bucket})`,
    );
  }
  return hivePath(location);
}

const isIcebergStatement = ({ properties }: CreateTable) =>
  Object.entries(properties).some(
    ([name, value]) => name.toLowerCase() === 'table_type' && value.toUpperCase() === 'ICEBERG',
  );

const icebergColumnsOf = (columns: readonly ColumnDefinition[]): Column[] =>
  icebergGlueColumns(
    icebergFields(columns.map(({ name, type, comment }) => ({ Name: name, Type: type, Comment: comment })))
      .fields,
  );

// AWS docs, Creating Iceberg tables: version 2, no EXTERNAL, no Hive format.
async function createIceberg(scope: DdlScope, statement: CreateTable): Promise<void> {
  const { columns, comment, partitionKeys, partitionTransforms, rowFormat, storedAs, buckets } = statement;
  if (statement.isExternal) throw semanticFailure('External keyword not supported for table type ICEBERG');
  if (rowFormat ?? storedAs ?? buckets) {
    throw semanticFailure('ROW FORMAT, STORED AS and CLUSTERED BY are not supported for table type ICEBERG');
  }
  if (partitionKeys.length > 0) {
    throw semanticFailure('Partition columns of table type ICEBERG are columns of the table, without a type');
  }
  requireDistinct(columns, []);
  const { database, name } = placeOf(statement.table, scope);
  const location = tableLocation(scope, statement.location);
  const properties = Object.fromEntries(
    Object.entries(statement.properties).filter(([key]) => key.toLowerCase() !== 'table_type'),
  );
  const input: TableInput = {
    Name: name,
    StorageDescriptor: { Columns: icebergColumnsOf(columns), Location: location },
    Parameters: { ...properties, ...(comment === undefined ? {} : { comment }) },
  };
  const iceberg: IcebergInput = { MetadataOperation: 'CREATE', Version: '2' };
  await createIcebergTable(scope, database, input, iceberg, scope.callerArn, partitionTransforms);
}

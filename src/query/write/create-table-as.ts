// CREATE TABLE AS: a query's rows as the files of a new table.
import type { StorageDescriptor } from '@aws-sdk/client-glue';
import { analyzed } from '../execution/analyzed-query.js';
import type { Outcome, StatementRun } from '../execution/statement-run.js';
import { inPlace } from '../select/query-text.js';
import type { Expression } from '../select/syntax.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { StatementOf } from '../statement/statement.js';
import { createIcebergTableAs } from './create-iceberg-as.js';
import { catalogColumn, keyColumns, outputColumn, requireDistinct } from './output-columns.js';
import { descriptorOf, listProperty, outputFormat, textProperty } from './output-format.js';
import { requireEmptyFolder } from './publish-files.js';
import { lowerCased, named, sessionOf, unwritten, writeRows } from './write-rows.js';
import { addPartitions, partitionFolder } from './written-partitions.js';

/** @throws as writeRows */
export async function createTableAs(
  statement: StatementOf<'create-table-as'>,
  run: StatementRun,
  parameters: readonly Expression[],
): Promise<Outcome> {
  const { database, name, full } = named(statement.table, run);
  requireDatabase(database, run);
  if (run.catalog.findTable(database, name)) {
    if (statement.ifNotExists) return unwritten(run);
    throw new QueryFailure(`TABLE_ALREADY_EXISTS: line 1:1: Table '${full}' already exists`);
  }
  const properties = lowerCased(statement.properties);
  if (/^iceberg$/i.test(textProperty(properties, 'table_type') ?? ''))
    return createIcebergTableAs({ database, name }, properties, statement, run, parameters);
  refuseProperties(properties);
  const format = outputFormat(properties, '\u0001');
  const external = textProperty(properties, 'external_location');
  const folder = requireEmptyFolder(
    external ?? `${run.record.outputLocation}/`,
    `table '${database}.${name}'`,
    run.storage,
  );
  const query = analyzed(inPlace(statement.query, statement.place), sessionOf(run), parameters);
  const all = query.columns.map((column, index) => outputColumn(column, index));
  requireDistinct(all);
  const partitionedBy = listProperty(properties, 'partitioned_by');
  const keys = keyColumns(all, partitionedBy);
  const columns = all.slice(0, all.length - keys.length);
  return writeRows(
    statement.withData ? query : { ...query, sql: `SELECT * FROM (${query.sql}) AS q LIMIT 0` },
    run,
    {
      columns,
      keys,
      format,
      folderOf: (values) => folder + partitionFolder(partitionedBy, values),
      recordInCatalog(files) {
        const descriptor: StorageDescriptor = {
          ...descriptorOf(format),
          Columns: columns.map(catalogColumn),
          Location: folder,
          Compressed: false,
          NumberOfBuckets: -1,
          StoredAsSubDirectories: false,
        };
        run.catalog.createTable(
          database,
          {
            Name: name,
            TableType: 'EXTERNAL_TABLE',
            Parameters: {
              EXTERNAL: 'TRUE',
              has_encrypted_data: 'false',
              presto_query_id: run.record.id,
              ...(format.kind === 'parquet' && { 'parquet.compression': format.compression.toUpperCase() }),
            },
            PartitionKeys: keys.map(catalogColumn),
            StorageDescriptor: descriptor,
          },
          { createdBy: run.record.callerArn },
        );
        addPartitions(files, descriptor, partitionedBy, folder, database, name, run);
      },
    },
  );
}

function requireDatabase(database: string, run: StatementRun): void {
  const isThere = run.catalog.listDatabases().items.some(({ Name }) => Name === database);
  if (!isThere) throw new QueryFailure(`SCHEMA_NOT_FOUND: line 1:1: Schema '${database}' does not exist`);
}

const CREATE_PROPERTIES = new Set([
  'format',
  'external_location',
  'partitioned_by',
  'write_compression',
  'parquet_compression',
  'orc_compression',
  'field_delimiter',
  'is_external',
  'table_type',
]);

function refuseProperties(properties: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'table_type' && String(value).toUpperCase() !== 'HIVE') {
      throw new QueryFailure(`NOT_SUPPORTED: tables of type ${String(value)} cannot be written here`);
    }
    if (!CREATE_PROPERTIES.has(name))
      throw new QueryFailure(`NOT_SUPPORTED: the table property '${name}' is not supported here`);
  }
}

// Opens the Data Catalog of an account: the parts, put together, behind typed and text doors.
import type { Database, Partition, Table, TableVersion } from '@aws-sdk/client-glue';
import { tellNobody } from '../events/event.js';
import { AwsError } from '../wire/aws-error.js';
import type { Catalog, Page } from './catalog.js';
import type { CatalogContext } from './catalog-context.js';
import { type AccountSettings, openAccountSettings } from './account-settings.js';
import { type ColumnStatisticsTable, openColumnStatistics } from './column-statistics.js';
import { type Connections, openConnections } from './connection.js';
import { type Databases, openDatabases } from './database.js';
import { parseDocument, reviveTimes } from './document-text.js';
import { mapPage } from './page.js';
import { type Partitions, openPartitions, partitionNotFound } from './partition.js';
import { openPartitionRows } from './partition-rows.js';
import { type PartitionIndexes, openPartitionIndexes } from './partition-index.js';
import { type TableSearch, searchTables } from './search-tables.js';
import { type Tables, openTables } from './table.js';
import { type TableVersions, openTableVersions } from './table-version.js';
import { type Tags, openTags } from './tag.js';
import { type ResourcePolicies, openResourcePolicies } from './resource-policy.js';
import { type UserDefinedFunctions, openUserDefinedFunctions } from './user-defined-function.js';

/** The catalog with what the AWS service needs beyond what crawlers and jobs do. */
export interface OpenCatalog extends Catalog {
  /** The same resources as JSON text in wire form, for answers that need no parsing. */
  texts: { databases: Databases; tables: Tables; tableVersions: TableVersions; partitions: Partitions };
  partitionIndexes: PartitionIndexes;
  searchTables(search: TableSearch): Page<string>;
  columnStatistics: ColumnStatisticsTable;
  functions: UserDefinedFunctions;
  connections: Connections;
  resourcePolicies: ResourcePolicies;
  settings: AccountSettings;
  tags: Tags;
}

export function openCatalog(
  state: CatalogContext['state'],
  settings: Omit<CatalogContext, 'state' | 'columnsOf' | 'emit'> &
    Partial<Pick<CatalogContext, 'columnsOf' | 'emit'>>,
): OpenCatalog {
  const context: CatalogContext = { state, columnsOf: withoutRegistry, emit: tellNobody, ...settings };
  const tags = openTags(state, settings);
  const partitionRows = openPartitionRows(state);
  const tables = openTables(context, partitionRows, tags);
  const functions = openUserDefinedFunctions(context, tags);
  const databases = openDatabases(context, tables, functions, tags);
  const tableVersions = openTableVersions(context, tables);
  const partitions = openPartitions(context, tables, partitionRows);
  const partitionIndexes = openPartitionIndexes(context, tables);
  const columnStatistics = openColumnStatistics(state, tables, partitions);
  const connections = openConnections(context, tags);

  tags.registerKind('database', (name) => databases.has(name));
  tags.registerKind('table', (path) => {
    const [database = '', ...name] = path.split('/');
    return tables.find(database, name.join('/')) !== undefined;
  });

  const catalog: Catalog = {
    createDatabase: (input) => databases.create(input),
    getDatabase: (name) => databaseOf(databases.get(name)),
    updateDatabase: (name, input) => databases.update(name, input),
    deleteDatabase: (name) => databases.delete(name),
    listDatabases: (options) => mapPage(databases.list(options), databaseOf),

    createTable: (database, input, { createdBy, partitionIndexes: indexes = [] }) =>
      state.transaction(() => {
        partitionIndexes.createAll(tables.create(database, input, createdBy), indexes);
      }),
    getTable: (database, name) => tableOf(tables.require(database, name).document),
    findTable(database, name) {
      const row = tables.find(database, name);
      return row && tableOf(row.document);
    },
    updateTable: (database, input, options) => tables.update(database, input, options),
    deleteTable: (database, name) => tables.delete(database, name),
    listTables: (database, options) => mapPage(tables.list(database, options), tableOf),
    listTableVersions: (database, name, options) =>
      mapPage(tableVersions.list(database, name, options), tableVersionOf),
    getTableVersion: (database, name, versionId) =>
      tableVersionOf(tableVersions.get(database, name, versionId)),

    createPartitions: (database, table, inputs) => partitions.create(database, table, inputs),
    getPartition(database, table, values) {
      const text = partitions.find(database, table, values);
      if (text === undefined) throw partitionNotFound();
      return partitionOf(text);
    },
    findPartition(database, table, values) {
      const text = partitions.find(database, table, values);
      return text === undefined ? undefined : partitionOf(text);
    },
    updatePartitions: (database, table, entries) => partitions.update(database, table, entries),
    deletePartitions: (database, table, valuesList) => partitions.delete(database, table, valuesList),
    listPartitions: (database, table, options) =>
      mapPage(partitions.list(database, table, options), partitionOf),
  };
  return {
    ...catalog,
    texts: { databases, tables, tableVersions, partitions },
    partitionIndexes,
    searchTables: (search) => searchTables(state, search),
    columnStatistics,
    functions,
    connections,
    resourcePolicies: openResourcePolicies(context),
    settings: openAccountSettings(context),
    tags,
  };
}

function withoutRegistry(): never {
  throw new AwsError(
    'EntityNotFoundException',
    'There is no schema registry that a SchemaReference could point to.',
  );
}

const TABLE_TIMES = ['CreateTime', 'UpdateTime', 'LastAccessTime', 'LastAnalyzedTime'] as const;

const databaseOf = (text: string): Database => parseDocument<Database>(text, ['CreateTime']);
const tableOf = (text: string): Table => parseDocument<Table>(text, TABLE_TIMES);
const partitionOf = (text: string): Partition =>
  parseDocument<Partition>(text, ['CreationTime', 'LastAccessTime', 'LastAnalyzedTime']);

function tableVersionOf(text: string): TableVersion {
  const version = JSON.parse(text) as TableVersion;
  if (version.Table) reviveTimes(version.Table, TABLE_TIMES);
  return version;
}

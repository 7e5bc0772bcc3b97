// SHOW DATABASES, TABLES, VIEWS, COLUMNS, PARTITIONS and TBLPROPERTIES.
import { everyItem } from '../../catalog/page.js';
import type { ShowBody } from '../statement/statement.js';
import { databaseOf } from './alter-partitions.js';
import { viewColumnRows } from './describe-table.js';
import { databasesLike, tablesLike } from './name-pattern.js';
import { COLUMN_WIDTH } from './padded-row.js';
import type { DdlResult, DdlScope } from './ddl-scope.js';
import { databaseNotFound, taskFailure } from './ddl-failure.js';
import { hasDatabase, isIceberg, isView, keysOf, requireKeys, requireTable } from './named-object.js';
import { partitionName } from './partition-path.js';

type Show<K> = Extract<ShowBody, { kind: K }>;

const oneColumn = (name: string, texts: readonly string[]): DdlResult => ({
  columns: [{ name, type: 'string' }],
  rows: texts.map((text) => [text]),
});

export function showDatabases({ catalog }: DdlScope, { pattern }: Show<'show-databases'>): DdlResult {
  const matches = databasesLike(pattern);
  const databases = [...everyItem(catalog.listDatabases)].map(({ Name = '' }) => Name);
  return oneColumn('database_name', databases.filter(matches));
}

/** Tables and views, or views alone, by their names. */
export function showTables(
  scope: DdlScope,
  { kind, database = scope.database, pattern }: Show<'show-tables'> | Show<'show-views'>,
): DdlResult {
  if (!hasDatabase(scope, database)) throw databaseNotFound(database);
  const matches = tablesLike(pattern);
  const names: string[] = [];
  for (const table of everyItem((page) => scope.catalog.listTables(database, page))) {
    if (kind === 'show-tables' || isView(table)) names.push(table.Name ?? '');
  }
  const answer = oneColumn(kind === 'show-tables' ? 'tab_name' : 'views', names.filter(matches));
  return kind === 'show-tables' ? answer : { ...answer, columns: [{ name: 'views', type: 'varchar' }] };
}

export function showColumns(scope: DdlScope, { table: name }: Show<'show-columns'>): DdlResult {
  const table = requireTable(scope, name);
  if (isView(table)) return viewColumnRows(table);
  // Columns of Iceberg tables are not padded.
  const width = isIceberg(table) ? 0 : COLUMN_WIDTH;
  const columns = [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])];
  return oneColumn(
    'field',
    columns.map(({ Name = '' }) => Name.padEnd(width)),
  );
}

/** Those in the catalog: AWS docs, projected partitions are not listed. */
export function showPartitions(
  scope: DdlScope,
  { table: name, partition: spec = [] }: Show<'show-partitions'>,
): DdlResult {
  const table = requireTable(scope, name);
  const keys = keysOf(table);
  if (keys.length === 0) throw taskFailure(`Table ${table.Name} is not a partitioned table`);
  if (spec.length > 0) requireKeys(table, spec);
  const wanted = spec.map(({ key, value }) => ({
    index: keys.findIndex(({ Name }) => Name.toLowerCase() === key),
    value,
  }));
  const list = scope.catalog.listPartitions;
  const all = everyItem((page) =>
    list(databaseOf(table), table.Name as string, { ...page, withoutColumns: true }),
  );
  const names: string[] = [];
  for (const { Values = [] } of all) {
    if (wanted.every(({ index, value }) => Values[index] === value)) names.push(partitionName(keys, Values));
  }
  return oneColumn('partition', names);
}

export function showProperties(
  scope: DdlScope,
  { table: name, property }: Show<'show-properties'>,
): DdlResult {
  const table = requireTable(scope, name);
  const parameters = table.Parameters ?? {};
  const columns = [
    { name: 'prpt_name', type: 'string' },
    { name: 'prpt_value', type: 'string' },
  ];
  if (property === undefined) {
    const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
    return { columns, rows: sorted.map((pair) => [pair.join('\t')]) };
  }
  // Hive answers, and does not fail, when there is no such property.
  const missing = `Table ${table.DatabaseName}.${table.Name} does not have property: ${property}`;
  return {
    columns,
    rows: [[Object.hasOwn(parameters, property) ? (parameters[property] as string) : missing]],
  };
}

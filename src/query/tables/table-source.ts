// The Data Catalog as queries see it: tables, views, and the information schema.
import type { Column, Table } from '@aws-sdk/client-glue';
import type { Catalog } from '../../catalog/catalog.js';
import { everyItem } from '../../catalog/page.js';
import { parseHiveType } from '../../tabular/hive-type.js';
import { parseType } from '../select/parse-type.js';
import type { FoundRelation, TableColumn, TableSource } from '../select/analysis.js';
import { fromHiveType, ICEBERG_TIMESTAMP_PRECISION, TIMESTAMP_PRECISION } from '../select/hive-columns.js';
import { formatType, integer, varchar } from '../select/trino-type.js';
import { storedView } from '../ddl/view.js';
import { QueryFailure } from '../statement/query-failure.js';
import { isIceberg } from './iceberg-scan.js';

const CATALOG = 'awsdatacatalog';

export function openTableSource(catalog: Catalog): TableSource {
  const hasDatabase = (database: string) => {
    for (const { Name } of everyItem((options) => catalog.listDatabases(options)))
      if (Name === database) return true;
    return false;
  };
  return {
    hasDatabase: (database) => database === 'information_schema' || hasDatabase(database),
    find(database, name) {
      if (database === 'information_schema') return informationSchema(catalog, name);
      const table = hasDatabase(database) ? catalog.findTable(database, name) : undefined;
      return table && relationOf(table);
    },
  };
}

function relationOf(table: Table): FoundRelation {
  const name = `${table.DatabaseName}.${table.Name}`;
  if (table.TableType === 'VIRTUAL_VIEW') return viewOf(table, name);
  const format = table.Parameters?.table_type ?? table.Parameters?.['spark.sql.sources.provider'];
  if (format !== undefined && /^(delta|hudi)$/i.test(format)) {
    throw new QueryFailure(
      `NOT_SUPPORTED: ${name} is a table of type ${format}, which queries cannot read here`,
    );
  }
  const keys = columnsOf(table.PartitionKeys, name);
  const precision = isIceberg(table) ? ICEBERG_TIMESTAMP_PRECISION : TIMESTAMP_PRECISION;
  const columns = columnsOf(currentColumns(table), name, precision);
  const isNumbered = isIceberg(table);
  return { kind: 'table', columns: [...columns, ...keys], keyCount: keys.length, isNumbered };
}

/** Iceberg's libraries keep columns of older schemas in the catalog, marked. */
function currentColumns(table: Table): Column[] {
  const columns = table.StorageDescriptor?.Columns ?? [];
  return columns.filter(({ Parameters }) => Parameters?.['iceberg.field.current'] !== 'false');
}

export function columnsOf(
  columns: readonly Column[] | undefined,
  table: string,
  timestampPrecision = TIMESTAMP_PRECISION,
): TableColumn[] {
  return (columns ?? []).map(({ Name = '', Type = 'string' }) => {
    const type = typeOf(Type, timestampPrecision);
    if (!type) {
      throw new QueryFailure(
        `HIVE_INVALID_METADATA: Glue table '${table}' column '${Name}' has invalid data type: ${Type}`,
      );
    }
    return { name: Name.toLowerCase(), type };
  });
}

function typeOf(text: string, timestampPrecision = TIMESTAMP_PRECISION) {
  try {
    return fromHiveType(parseHiveType(text), timestampPrecision);
  } catch {
    // parseHiveType throws for what is no type; the caller says which column it was.
    return undefined;
  }
}

function viewOf(table: Table, name: string): FoundRelation {
  const view = storedView(table);
  if (!view) {
    throw new QueryFailure(
      `HIVE_VIEW_TRANSLATION_ERROR: ${name} is a view of Hive's, which queries cannot read here; make it again with CREATE VIEW in Athena`,
    );
  }
  const columns = view.columns.map((column) => {
    const type = parseType(column.type);
    if (!type)
      throw new QueryFailure(
        `INVALID_VIEW: ${name} has a column of the type ${column.type}, which is not supported`,
      );
    return { name: column.name, type };
  });
  return {
    kind: 'view',
    text: view.originalSql,
    catalog: view.catalog.toLowerCase(),
    database: view.schema,
    columns,
  };
}

type Rows = Extract<FoundRelation, { kind: 'rows' }>['rows'];

/** `schemata`, `tables`, `columns` and `views` of information_schema. */
function informationSchema(catalog: Catalog, name: string): FoundRelation | undefined {
  const of = (names: string, rows: Rows): FoundRelation => ({
    kind: 'rows',
    columns: names
      .split(' ')
      .map((each) => ({ name: each, type: each === 'ordinal_position' ? integer : varchar })),
    rows,
  });
  const databases = () =>
    [...everyItem((options) => catalog.listDatabases(options))].map(({ Name = '' }) => Name);
  const tables = () =>
    databases().flatMap((database) =>
      [...everyItem((options) => catalog.listTables(database, options))].map((table) => ({
        database,
        table,
      })),
    );
  switch (name) {
    case 'schemata':
      return of(
        'catalog_name schema_name',
        [...databases(), 'information_schema'].map((database) => [CATALOG, database]),
      );
    case 'tables':
      return of(
        'table_catalog table_schema table_name table_type',
        tables().map(({ database, table }) => [
          CATALOG,
          database,
          table.Name ?? '',
          table.TableType === 'VIRTUAL_VIEW' ? 'VIEW' : 'BASE TABLE',
        ]),
      );
    case 'views':
      return of(
        'table_catalog table_schema table_name view_definition',
        tables()
          .filter(({ table }) => table.TableType === 'VIRTUAL_VIEW')
          .map(({ database, table }) => [CATALOG, database, table.Name ?? '', definitionOf(table)]),
      );
    case 'columns':
      return of(
        'table_catalog table_schema table_name column_name ordinal_position column_default is_nullable data_type comment extra_info',
        tables().flatMap(({ database, table }) => columnRows(database, table)),
      );
    default:
      return undefined;
  }
}

function definitionOf(table: Table): string {
  return storedView(table)?.originalSql ?? table.ViewOriginalText ?? '';
}

function columnRows(database: string, table: Table): Rows {
  const keys = table.PartitionKeys ?? [];
  return [...(table.StorageDescriptor?.Columns ?? []), ...keys].map((column, index) => {
    const type = typeOf(column.Type ?? 'string');
    const shown = type ? formatType(type) : (column.Type ?? '');
    const extra = keys.includes(column) ? 'partition key' : null;
    return [
      CATALOG,
      database,
      table.Name ?? '',
      column.Name ?? '',
      index + 1,
      null,
      'YES',
      shown,
      column.Comment ?? null,
      extra,
    ];
  });
}

// Athena's operations on databases and tables: the Data Catalog in Athena's words.
import type { Database, TableMetadata } from '@aws-sdk/client-athena';
import type { Column, Table } from '@aws-sdk/client-glue';
import { RE2JS } from 're2js';
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import { everyItem } from '../../catalog/page.js';
import { invalidRequest } from '../../query/execution/invalid-request.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Operations } from '../../wire/service.js';
import { OWN_CATALOG } from './data-catalogs.js';
import { pageOf } from './page.js';

/** AWS's model: as many at once. */
const PAGE_MAX = 50;

export function catalogMetadataOperations({ catalog }: { catalog: OpenCatalog }) {
  return {
    GetDatabase({ CatalogName, DatabaseName }) {
      requireOwn(CatalogName);
      return { Database: toDatabase(translated(() => catalog.getDatabase(DatabaseName))) };
    },
    ListDatabases(input) {
      requireOwn(input.CatalogName);
      const [page, token] = pageOf(
        input,
        PAGE_MAX,
        (after, count) => catalog.listDatabases({ count, ...(after !== undefined && { after }) }).items,
        ({ Name = '' }) => Name,
      );
      return { DatabaseList: page.map(toDatabase), ...token };
    },
    GetTableMetadata({ CatalogName, DatabaseName, TableName }) {
      requireOwn(CatalogName);
      return { TableMetadata: toTableMetadata(translated(() => catalog.getTable(DatabaseName, TableName))) };
    },
    ListTableMetadata(input) {
      requireOwn(input.CatalogName);
      const isWanted = nameTest(input.Expression);
      const [page, token] = pageOf(
        input,
        PAGE_MAX,
        (after, count) => translated(() => tablesOf(catalog, input.DatabaseName, isWanted, after, count)),
        ({ Name = '' }) => Name,
      );
      return { TableMetadataList: page.map(toTableMetadata), ...token };
    },
  } satisfies Operations<typeof import('@aws-sdk/client-athena')>;
}

function* namesAfter(catalog: OpenCatalog, database: string, after: string | undefined): Generator<Table> {
  for (const table of everyItem((options) => catalog.listTables(database, options))) {
    if (after === undefined || (table.Name as string) > after) yield table;
  }
}

function tablesOf(
  catalog: OpenCatalog,
  database: string,
  isWanted: (name: string) => boolean,
  after: string | undefined,
  count: number,
): Table[] {
  const found: Table[] = [];
  for (const table of namesAfter(catalog, database, after)) {
    if (!isWanted(table.Name as string)) continue;
    found.push(table);
    if (found.length === count) break;
  }
  return found;
}

/** AWS docs, ListTableMetadata: a regular expression against table names; `*` alone stands for any text, as in SHOW TABLES. */
function nameTest(expression: string | undefined): (name: string) => boolean {
  if (expression === undefined || expression === '') return () => true;
  try {
    const pattern = RE2JS.compile(expression.replace(/(?<![.\])])\*/g, '.*'), RE2JS.CASE_INSENSITIVE);
    return (name) => pattern.matches(name);
  } catch (cause) {
    throw invalidRequest(
      `The Expression '${expression}' is not a regular expression.`,
      'INVALID_INPUT',
      cause,
    );
  }
}

function requireOwn(name: string): void {
  if (name.toLowerCase() === OWN_CATALOG.toLowerCase()) return;
  throw invalidRequest(`DataCatalog ${name} cannot be read here: only ${OWN_CATALOG} can.`);
}

/** What Glue does not find is a MetadataException in Athena. */
function translated<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AwsError) || error.name !== 'EntityNotFoundException') throw error;
    throw new AwsError('MetadataException', error.message, { cause: error });
  }
}

function toDatabase({
  Name,
  Description,
  Parameters,
}: {
  Name?: string | undefined;
  Description?: string | undefined;
  Parameters?: Record<string, string> | undefined;
}): Database {
  return { Name, Description, Parameters };
}

const toColumns = (columns: readonly Column[] | undefined) =>
  (columns ?? []).map(({ Name, Type, Comment }) => ({ Name, Type, Comment }));

function toTableMetadata(table: Table): TableMetadata {
  const descriptor = table.StorageDescriptor;
  const serde = descriptor?.SerdeInfo;
  const fromDescriptor: Record<string, string | undefined> = {
    location: descriptor?.Location,
    inputformat: descriptor?.InputFormat,
    outputformat: descriptor?.OutputFormat,
    'serde.serialization.lib': serde?.SerializationLibrary,
    ...Object.fromEntries(
      Object.entries(serde?.Parameters ?? {}).map(([name, value]) => [`serde.param.${name}`, value]),
    ),
  };
  const known = Object.entries(fromDescriptor).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    Name: table.Name,
    CreateTime: table.CreateTime,
    LastAccessTime: table.LastAccessTime,
    TableType: table.TableType,
    Columns: toColumns(descriptor?.Columns),
    PartitionKeys: toColumns(table.PartitionKeys),
    Parameters: { ...table.Parameters, ...Object.fromEntries(known) },
  };
}

// Decide: the table that a crawler writes for a table of a database.
//
// No table that AWS's crawlers made of one is published: names of parameters are from AWS's documentation, what stands
// where is a guess. It has no formats, as nothing reads it as files.
import type { Column } from '@aws-sdk/client-glue';
import type { DatabaseColumn, DatabaseTable } from '../../databases/database.js';
import { tableLocation } from '../../databases/table-path.js';
import type { ListedTable } from '../observe/list-database-tables.js';
import type { JdbcTarget } from '../targets/jdbc-target.js';
import type { Discovery } from './discovery.js';
import { filelessTable } from './fileless-table-input.js';
import { identityParameters, type CrawledTable, type CrawlIdentity } from './table-input.js';

/** A table that two targets cover is found by the first. */
export function discoveredDatabaseTables(
  listed: readonly ListedTable[],
  identity: CrawlIdentity,
): Discovery[] {
  const found = new Map<string, Discovery>();
  for (const one of listed) {
    const location = tableLocation(one.table);
    if (found.has(location)) continue;
    found.set(location, {
      location,
      // A name is made of what stands behind the last slash.
      ...(location.includes('/') ? { namedAfter: location.replaceAll('/', '|') } : {}),
      describe: (name) => crawledDatabaseTable(one, name, location, identity),
    });
  }
  return [...found.values()];
}

function crawledDatabaseTable(
  { target, classification, table }: ListedTable,
  name: string,
  location: string,
  identity: CrawlIdentity,
): CrawledTable {
  const parameters: Record<string, string> = {
    ...identityParameters(identity),
    classification,
    compressionType: 'none',
    connectionName: target.connectionName,
    typeOfData: table.kind,
    ...sizes(table),
    ...(target.hasComments && table.comment !== undefined ? { comment: table.comment } : {}),
  };
  return filelessTable({
    name,
    columns: columnsOf(table, target),
    location,
    parameters,
    reason: `Connection ${target.connectionName} has the ${table.kind} ${location}.`,
  });
}

/** By the database's own estimates; those that it has not made yet are left out. */
function sizes({ rowCount, bytes }: DatabaseTable): Record<string, string> {
  return {
    ...(rowCount === undefined ? {} : { recordCount: String(rowCount) }),
    ...(bytes === undefined ? {} : { sizeKey: String(bytes), objectCount: '1' }),
    ...(rowCount === undefined || bytes === undefined
      ? {}
      : { averageRecordSize: String(rowCount === 0 ? 0 : Math.floor(bytes / rowCount)) }),
  };
}

/** Columns whose names differ only in case cannot both be in the catalog: the first is. */
function columnsOf({ columns }: DatabaseTable, target: JdbcTarget): Column[] {
  const made = new Map<string, Column>();
  for (const column of columns) {
    const name = catalogText(column.name.toLowerCase(), '_');
    if (!made.has(name)) made.set(name, catalogColumn(name, column, target));
  }
  return [...made.values()];
}

/** In which member of a column RAWTYPES shows is not documented: its parameters are a guess. */
function catalogColumn(
  name: string,
  { hiveType, nativeType, comment }: DatabaseColumn,
  target: JdbcTarget,
): Column {
  return {
    Name: name,
    Type: hiveType,
    ...(target.hasComments && comment !== undefined ? { Comment: catalogText(comment, ' ') } : {}),
    ...(target.hasRawTypes ? { Parameters: { rawType: nativeType } } : {}),
  };
}

const TEXT_LENGTH_MAX = 255;

/** The catalog takes one line of up to 255 characters as a name or a comment; the cut is a guess. */
function catalogText(text: string, instead: string): string {
  return text.replace(/\p{Cc}/gu, instead).slice(0, TEXT_LENGTH_MAX);
}

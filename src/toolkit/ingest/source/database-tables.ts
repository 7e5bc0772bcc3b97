// Tables of the database that a spec names a connection to, as a crawl of it would catalogue them.
import type { Table } from '@aws-sdk/client-glue';
import { GluepotError } from '../../../base/errors.js';
import { tableLocation, tablePattern } from '../../../databases/table-path.js';
import { withDatabase } from './database-source.js';
import type { SurveyTools } from './source-kind.js';

/** Where the primary key stands in what stands in for a catalog table: AWS's crawlers have no place for it. */
const PRIMARY_KEY = 'gluepot.primaryKey';

/** Tables, and no views: who wants one names it. @throws GluepotError when the database cannot be read, or two tables have one name */
export async function databaseTables(
  connectionName: string,
  database: string,
  tools: SurveyTools,
): Promise<Table[]> {
  const { engine, found } = await withDatabase(connectionName, tools, async (opened, settings) => ({
    engine: opened.engine,
    found: await opened.tables(tablePattern(`${database}/%`, settings)),
  }));
  const tables = new Map<string, Table>();
  for (const table of found) {
    if (table.kind === 'view') continue;
    const location = tableLocation(table);
    // The name that a crawler gives it.
    const Name = location.toLowerCase().replace(/[^a-z0-9_]/gu, '_');
    const other = tables.get(Name)?.StorageDescriptor?.Location;
    if (other !== undefined) {
      throw new GluepotError(
        'unsupported',
        `${other} and ${location} would both be called ${Name}. Crawl the database, which tells them apart, and ingest the catalog's tables.`,
      );
    }
    tables.set(Name, {
      Name,
      DatabaseName: database,
      TableType: 'EXTERNAL_TABLE',
      StorageDescriptor: {
        Location: location,
        Columns: table.columns.map(({ name, hiveType }) => ({ Name: name.toLowerCase(), Type: hiveType })),
      },
      Parameters: {
        classification: engine,
        connectionName,
        typeOfData: table.kind,
        ...(table.primaryKey.length > 0 ? { [PRIMARY_KEY]: JSON.stringify(table.primaryKey) } : {}),
      },
    });
  }
  return [...tables.values()];
}

/** Columns of the primary key that the database declares, where it does. */
export function primaryKeyOf({ Parameters }: Table): string[] | undefined {
  const key = Parameters?.[PRIMARY_KEY];
  return key === undefined ? undefined : (JSON.parse(key) as string[]);
}

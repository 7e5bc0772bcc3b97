// A table of PostgreSQL or MySQL behind a Glue connection: one reading of its rows, of the wanted range only.
import { GetConnectionCommand, type Table } from '@aws-sdk/client-glue';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { asGluepotError } from '../../../aws/aws-failure.js';
import { GluepotError } from '../../../base/errors.js';
import { connectionSettings, type ConnectionSettings } from '../../../databases/connection-settings.js';
import type { Database, DatabaseColumn, DatabaseTable, RowRange } from '../../../databases/database.js';
import { CONNECT_TIMEOUT_MS, openDatabase } from '../../../databases/open-database.js';
import { tableLocation } from '../../../databases/table-path.js';
import { duckdbName } from '../../../tabular/duckdb-text.js';
import { parseHiveType } from '../../../tabular/hive-type.js';
import { duckdbTypeOf } from '../duckdb-type.js';
import { placeOf } from '../s3-place.js';
import { readParquet } from './parquet.js';
import type { Source } from './relation.js';
import type { ReadTools, SourceKind, SurveyTools, WantedRows } from './source-kind.js';
import { FILLER, stageRows, type StagedColumn } from './stage-rows.js';

/**
 * Of the table as the server stores it, a second: the processor time of a load of 400,000 rows of 6 columns from a server on the
 * same machine, rounded down. A driver of MySQL makes a value of each field, PostgreSQL's COPY is handed on as it comes.
 */
const BYTES_A_SECOND: Readonly<Record<Database['engine'], number>> = {
  postgresql: 30_000_000,
  mysql: 7_000_000,
};

export const databaseSource: SourceKind = {
  reads: ({ Parameters }) =>
    Parameters?.connectionName !== undefined && /^(postgresql|mysql)$/.test(Parameters.classification ?? ''),
  survey: (table, tools) =>
    withTable(table, tools, ({ database, found: { rowCount, bytes } }) =>
      Promise.resolve({
        ...(rowCount === undefined ? {} : { rows: rowCount }),
        ...(bytes === undefined ? {} : { bytes }),
        bytesASecond: BYTES_A_SECOND[database.engine],
      }),
    ),
  open: (table, tools, wanted) =>
    withTable(table, tools, (opened) => readTable(table, opened, tools, wanted)),
};

interface OpenedTable {
  database: Database;
  settings: ConnectionSettings;
  found: DatabaseTable;
}

/** Runs `act` in one state of the database that the table's connection leads to. */
async function withTable<T>(
  table: Table,
  tools: SurveyTools,
  act: (opened: OpenedTable) => Promise<T>,
): Promise<T> {
  const location = table.StorageDescriptor?.Location ?? '';
  return withDatabase(table.Parameters?.connectionName as string, tools, (database, settings) =>
    database.snapshot(async () => {
      const found = await findTable(database, settings, location);
      if (found) return act({ database, settings, found });
      throw new GluepotError(
        'usage',
        `${table.Name} is at ${location}, and there is no such table behind connection ${settings.name}. Crawl it again, or exclude it.`,
      );
    }),
  );
}

/** Opens the database behind a connection for as long as `act` runs. */
export async function withDatabase<T>(
  connectionName: string,
  { glue, s3, signal }: SurveyTools,
  act: (database: Database, settings: ConnectionSettings) => Promise<T>,
): Promise<T> {
  const { Connection = {} } = await glue
    .send(new GetConnectionCommand({ Name: connectionName }), { abortSignal: signal })
    .catch((error: unknown) => {
      throw asGluepotError(error);
    });
  const settings = connectionSettings(Connection);
  const database = await openDatabase(settings, {
    signal,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    async readCertificate(uri) {
      const { bucket: Bucket, key: Key } = placeOf(uri.replace(/^s3[an]:/, 's3:'));
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }), { abortSignal: signal });
      return Body?.transformToString() ?? '';
    },
  });
  try {
    return await act(database, settings);
  } finally {
    await database.close();
  }
}

/** Names may have dots: every way to take the location apart is tried. */
async function findTable(
  database: Database,
  settings: ConnectionSettings,
  location: string,
): Promise<DatabaseTable | undefined> {
  const start = `${settings.database}.`;
  if (!location.startsWith(start)) return undefined;
  const rest = location.slice(start.length);
  const dots = [...rest.matchAll(/\./g)].map(({ index }) => index);
  const patterns =
    settings.engine === 'mysql'
      ? [{ schema: undefined, table: rest }]
      : dots.map((at) => ({ schema: rest.slice(0, at), table: rest.slice(at + 1) }));
  for (const pattern of patterns) {
    const found = (await database.tables(pattern)).find((table) => tableLocation(table) === location);
    if (found) return found;
  }
  return undefined;
}

async function readTable(
  table: Table,
  { database, settings, found }: OpenedTable,
  tools: ReadTools,
  wanted: WantedRows | undefined,
): Promise<Source> {
  const name = table.Name as string;
  const columns = stagedColumns(name, found);
  const policy = tools.settings.oddDates ?? settings.zeroDates ?? 'fail';
  const selects = found.columns.map((column) => {
    const quoted = database.quote(column.name);
    const select = (policy === 'null' ? column.selectDateOrNull : undefined) ?? column.select;
    return select(quoted);
  });
  if (selects.length === 1) selects.push(`'x'`);
  const range = wanted && rowRange(database, found, wanted);
  const paths = await stageRows(tools, name, columns, (take) =>
    database.rows({ table: found, selects, range }, take),
  );
  return {
    columns,
    scans:
      paths.length === 0
        ? []
        : [
            {
              from: readParquet(paths, true),
              values: columns.map((column) => duckdbName(column.name)),
              isParquet: true,
            },
          ],
    bytes: found.bytes,
    fileCount: paths.length,
  };
}

/** @throws GluepotError `unsupported` when there are none, or names that only their case tells apart */
function stagedColumns(table: string, { columns }: DatabaseTable): StagedColumn[] {
  const names = new Map<string, string>([[FILLER, FILLER]]);
  if (columns.length === 0) throw new GluepotError('unsupported', `${table} has no columns.`);
  return columns.map(({ name, hiveType, encoding }) => {
    const lower = name.toLowerCase();
    const other = names.get(lower);
    if (other !== undefined) {
      throw new GluepotError(
        'unsupported',
        `${table} has the columns ${other} and ${name}, which are one to the catalog. Rename one, or read a view that does.`,
      );
    }
    names.set(lower, name);
    return { name: lower, hiveType, duckdbType: duckdbTypeOf(parseHiveType(hiveType)), encoding };
  });
}

/** Which types of columns a cursor's positions can be compared with in the database. */
const COMPARABLE: Readonly<Record<'timestamp' | 'date' | 'integer', RegExp>> = {
  timestamp: /^timestamp$/,
  date: /^date$/,
  integer: /^(tinyint|smallint|int|bigint|decimal\(\d+,0\))$/,
};

/** The range in the database's own words; undefined where it has none for it, and all rows are read. */
function rowRange(
  database: Database,
  { columns, primaryKey }: DatabaseTable,
  wanted: WantedRows,
): RowRange | undefined {
  const find = (wantedName: string) => columns.find(({ name }) => name.toLowerCase() === wantedName);
  const column = find(wanted.column);
  const { kind, lower, upper, withNulls, wholeKey = [] } = wanted;
  if (!column || !isComparable(kind, column)) return undefined;
  const key = wholeKey.flatMap((name) => find(name)?.name ?? []);
  // Where the database has one row a key at most, none can say anything about another.
  const isUnique = primaryKey.length > 0 && primaryKey.every((name) => key.includes(name));
  return {
    column: column.name,
    lower: database.literal(column, kind, lower),
    upper: upper === undefined ? undefined : database.literal(column, kind, upper),
    withNulls,
    ...(key.length === 0 || isUnique ? {} : { wholeKey: key }),
  };
}

function isComparable(kind: string, { hiveType }: DatabaseColumn): kind is keyof typeof COMPARABLE {
  return kind in COMPARABLE && COMPARABLE[kind as keyof typeof COMPARABLE].test(hiveType);
}

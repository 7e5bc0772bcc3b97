// CREATE VIEW and SHOW CREATE VIEW: a view is a table in the catalog whose text holds the query.
import type { Table } from '@aws-sdk/client-glue';
import type { ObjectName, ViewBody } from '../statement/statement.js';
import { tableInputOf } from '../../catalog/stored-definition.js';
import { secondsText } from './create-table.js';
import type { DdlResult, DdlScope, ViewColumn } from './ddl-scope.js';
import { notSupported, trinoFailure } from './ddl-failure.js';
import { CATALOG, findTable, isView, placeOf, requireDatabase, requireName } from './named-object.js';
import { requireView } from './remove-table.js';

/** What Trino's Hive connector keeps of a view, as JSON in base 64 in ViewOriginalText. */
export interface StoredView {
  originalSql: string;
  catalog: string;
  /** Where names without a database are looked up. */
  schema: string;
  columns: { name: string; type: string }[];
}

const PREFIX = '/* Presto View: ';
const SUFFIX = ' */';

/** @throws QueryFailure when a table is in the way, or a view without OR REPLACE, or the query cannot be analysed */
export async function createView(
  scope: DdlScope,
  statement: Extract<ViewBody, { kind: 'create-view' }>,
): Promise<void> {
  const { database, name } = placeOf(statement.name, scope);
  requireName('View', name);
  requireDatabase(scope, database);
  const full = `${CATALOG}.${database}.${name}`;
  const requireFree = () => {
    const stored = scope.catalog.findTable(database, name);
    if (stored && !isView(stored))
      throw trinoFailure('TABLE_ALREADY_EXISTS', `Table already exists: '${full}'`);
    if (stored && !statement.orReplace)
      throw trinoFailure('ALREADY_EXISTS', `View already exists: '${full}'`);
    return stored;
  };
  requireFree();
  const columns = namedColumns(await scope.viewColumns(statement, scope.database), statement.columns);
  const view: StoredView = {
    originalSql: statement.query,
    catalog: CATALOG,
    schema: scope.database,
    columns: columns.map(({ name: column, type }) => ({ name: column, type })),
  };
  const input = {
    Name: name,
    TableType: 'VIRTUAL_VIEW',
    Owner: 'hadoop',
    Retention: 0,
    PartitionKeys: [],
    ViewOriginalText: `${PREFIX}${Buffer.from(JSON.stringify(view)).toString('base64')}${SUFFIX}`,
    ViewExpandedText: '/* Presto View */',
    Parameters: {
      presto_view: 'true',
      comment: 'Presto View',
      transient_lastDdlTime: secondsText(scope.clock.now()),
    },
    StorageDescriptor: {
      Columns: columns.map((column) => ({ Name: column.name, Type: hiveTypeOf(column) })),
      Location: '',
      SerdeInfo: {},
    },
  };
  // The query was analysed meanwhile: somebody else may have come first.
  const stored = requireFree();
  if (stored) scope.catalog.updateTable(database, { ...tableInputOf(stored), ...input });
  else scope.catalog.createTable(database, input, { createdBy: scope.callerArn });
}

function namedColumns(columns: ViewColumn[], names: readonly string[] | undefined): ViewColumn[] {
  if (!names) return columns;
  if (names.length !== columns.length) {
    throw trinoFailure(
      'MISMATCHED_COLUMN_ALIASES',
      `Column alias list has ${names.length} entries but relation has ${columns.length} columns`,
    );
  }
  return columns.map((column, index) => ({ ...column, name: (names[index] as string).toLowerCase() }));
}

function hiveTypeOf({ name, type, hiveType }: ViewColumn): string {
  if (hiveType !== undefined) return hiveType;
  throw notSupported(
    `Unsupported Hive type: ${type}, of column ${name}: CAST it to a type that a Hive table can have`,
  );
}

/** What a view's text holds; undefined for a table that no view of Trino's is. */
export function storedView({ ViewOriginalText: text = '' }: Table): StoredView | undefined {
  if (!text.startsWith(PREFIX) || !text.endsWith(SUFFIX)) return undefined;
  const json = Buffer.from(text.slice(PREFIX.length, -SUFFIX.length), 'base64').toString();
  return JSON.parse(json) as StoredView;
}

/** The statement as Trino writes it, the query as it was given; how Athena breaks its lines is not known. */
export function showCreateView(scope: DdlScope, name: ObjectName): DdlResult {
  const table = findTable(scope, name);
  requireView(scope, name, table);
  const view = storedView(table);
  if (!view) throw notSupported(`The text of view ${name.name} is not one that Athena writes`);
  const quoted = [CATALOG, table.DatabaseName as string, table.Name as string].map(quote).join('.');
  const text = `CREATE VIEW ${quoted} AS\n${view.originalSql}`;
  return {
    columns: [{ name: 'create view', type: 'varchar' }],
    rows: text.split('\n').map((line) => [line]),
  };
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

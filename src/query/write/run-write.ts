// CREATE TABLE AS, INSERT INTO and UNLOAD: a query's rows as files, and what the catalog learns of them.
import type { Column, PartitionInput, StorageDescriptor, Table } from '@aws-sdk/client-glue';
import { rmSync } from 'node:fs';
import { DuckdbError } from '../../tabular/duckdb.js';
import { partitionName } from '../ddl/partition-path.js';
import type { Expression } from '../select/syntax.js';
import { coerce } from '../select/convert.js';
import { formatType, isSimple, type TrinoType } from '../select/trino-type.js';
import { isCoercible } from '../select/common-type.js';
import { toHiveType } from '../select/hive-columns.js';
import { inPlace } from '../select/query-text.js';
import { nullOf } from '../select/typed-sql.js';
import type { ObjectName, Statement } from '../statement/statement.js';
import { QueryFailure } from '../statement/query-failure.js';
import { openScans } from '../tables/open-scans.js';
import { columnsOf } from '../tables/table-source.js';
import { analyzed, CATALOG } from '../execution/analyzed-query.js';
import { requireWithin } from '../execution/cutoff.js';
import type { Outcome, StatementRun } from '../execution/statement-run.js';
import { plainColumnInfo } from '../results/column-info.js';
import { writeMetadata } from '../results/result-files.js';
import {
  descriptorOf,
  formatOfTable,
  listProperty,
  outputFormat,
  textProperty,
  type OutputFormat,
} from './output-format.js';
import { publishFiles, requireEmptyFolder } from './publish-files.js';
import { stageFiles, type OutputColumn, type StagedFile } from './stage-files.js';

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

interface Target {
  columns: readonly OutputColumn[];
  keys: readonly OutputColumn[];
  format: OutputFormat;
  folderOf(values: readonly (string | null)[]): string;
  /** Called when all files are objects. */
  recordInCatalog(files: readonly StagedFile[]): void;
}

const CREATED_PARTITIONS_A_CALL = 100;
const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__';

/** @throws QueryFailure, DuckdbError, the signal's reason: then nothing was written */
export async function createTableAs(
  statement: Of<'create-table-as'>,
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
  return write(
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

/** @throws as createTableAs */
export async function insertInto(
  statement: Of<'insert'>,
  run: StatementRun,
  parameters: readonly Expression[],
): Promise<Outcome> {
  const { database, name, full } = named(statement.table, run);
  const table = run.catalog.findTable(database, name);
  if (!table) throw new QueryFailure(`TABLE_NOT_FOUND: line 1:1: Table '${full}' does not exist`);
  requireWritable(table, full);
  const format = formatOfTable(table);
  const declared = columnsOf(table.StorageDescriptor?.Columns, full);
  const keyed = columnsOf(table.PartitionKeys, full);
  const query = analyzed(inPlace(statement.query, statement.place), sessionOf(run), parameters);
  const wanted =
    statement.columns?.map((column) => column.toLowerCase()) ??
    [...declared, ...keyed].map((column) => column.name);
  const values = insertedValues(wanted, [...declared, ...keyed], query.columns);
  const location = withSlash(table.StorageDescriptor?.Location ?? '');
  const keyNames = keyed.map((column) => column.name);
  const known = (given: readonly (string | null)[]) =>
    run.catalog.findPartition(
      database,
      name,
      given.map((value) => value ?? DEFAULT_PARTITION),
    );
  return write(query, run, {
    columns: values.slice(0, declared.length),
    keys: values.slice(declared.length),
    format,
    folderOf(given) {
      const own = keyNames.length > 0 ? known(given)?.StorageDescriptor?.Location : location;
      return own === undefined ? location + partitionFolder(keyNames, given) : withSlash(own);
    },
    recordInCatalog(files) {
      const added = files.filter((file) => keyNames.length > 0 && !known(file.values));
      addPartitions(added, table.StorageDescriptor ?? {}, keyNames, location, database, name, run);
    },
  });
}

/** @throws as createTableAs */
export async function unload(
  statement: Of<'unload'>,
  run: StatementRun,
  parameters: readonly Expression[],
): Promise<Outcome> {
  const properties = lowerCased(statement.properties);
  if (properties.format === undefined)
    throw new QueryFailure('INVALID_TABLE_PROPERTY: UNLOAD needs the property format');
  const format = outputFormat(properties, ',');
  const folder = requireEmptyFolder(statement.to, 'UNLOAD', run.storage);
  const query = analyzed(inPlace(statement.query, statement.place), sessionOf(run), parameters);
  const all = query.columns.map((column, index) =>
    outputColumn({ ...column, name: column.name ?? `_col${index}` }, index),
  );
  requireDistinct(all);
  const partitionedBy = listProperty(properties, 'partitioned_by');
  const keys = keyColumns(all, partitionedBy);
  return write(query, run, {
    columns: all.slice(0, all.length - keys.length),
    keys,
    format,
    folderOf: (values) => folder + partitionFolder(partitionedBy, values),
    recordInCatalog: () => {},
  });
}

async function write(
  query: ReturnType<typeof analyzed>,
  run: StatementRun,
  target: Target,
): Promise<Outcome> {
  const { duckdb, storage, signal, record, clock } = run;
  const began = clock.now().getTime();
  const scans = await openScans(query.scans, query.sql, run, signal);
  const leftovers: string[] = [];
  try {
    requireWithin(scans.dataScannedBytes, run);
    const planningMs = clock.now().getTime() - began;
    const from = { withClause: scans.withClause, sql: query.sql };
    const { files, rowCount } = await stageFiles(
      from,
      target.columns,
      target.keys,
      target.format,
      { duckdb, storage, signal },
      leftovers,
    );
    signal.throwIfAborted();
    const columns = [plainColumnInfo('rows', { Type: 'bigint', Precision: 19 })];
    const published = await publishFiles(
      files,
      target.format,
      (values) => target.folderOf(values),
      run,
      () => target.recordInCatalog(files),
    );
    await writeMetadata(columns, run);
    return {
      outputLocation: record.outputLocation,
      planningMs,
      dataScannedBytes: scans.dataScannedBytes,
      inputFileCount: scans.fileCount,
      rowCount,
      ...published,
      result: { columns, form: 'none', updateCount: rowCount },
    };
  } catch (error) {
    throw error instanceof DuckdbError ? scans.explain(error) : error;
  } finally {
    scans.close();
    for (const path of leftovers) rmSync(path, { recursive: true, force: true });
  }
}

function unwritten({ record }: StatementRun): Outcome {
  return {
    outputLocation: record.outputLocation,
    rowCount: 0,
    result: {
      columns: [plainColumnInfo('rows', { Type: 'bigint', Precision: 19 })],
      form: 'none',
      updateCount: 0,
    },
  };
}

const sessionOf = (run: StatementRun) => ({ ...run, database: run.record.database ?? 'default' });

function named(table: ObjectName, run: StatementRun): { database: string; name: string; full: string } {
  const database = (table.database ?? run.record.database ?? 'default').toLowerCase();
  const name = table.name.toLowerCase();
  return { database, name, full: `${CATALOG}.${database}.${name}` };
}

function requireDatabase(database: string, run: StatementRun): void {
  const isThere = run.catalog.listDatabases().items.some(({ Name }) => Name === database);
  if (!isThere) throw new QueryFailure(`SCHEMA_NOT_FOUND: line 1:1: Schema '${database}' does not exist`);
}

function requireWritable(table: Table, full: string): void {
  if (table.TableType === 'VIRTUAL_VIEW')
    throw new QueryFailure(`NOT_SUPPORTED: line 1:1: Inserting into views is not supported`);
  if (/^iceberg$/i.test(table.Parameters?.table_type ?? ''))
    throw new QueryFailure(`NOT_SUPPORTED: ${full} is an Iceberg table, which queries cannot write here`);
}

const lowerCased = <T>(properties: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(properties).map(([name, value]) => [name.toLowerCase(), value]));

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

function outputColumn({ name, type }: { name?: string; type: TrinoType }, index: number): OutputColumn {
  if (name === undefined)
    throw new QueryFailure(
      `COLUMN_NAME_NOT_SPECIFIED: line 1:1: Column name not specified at position ${index + 1}`,
    );
  if (isSimple(type, 'unknown'))
    throw new QueryFailure(`COLUMN_TYPE_UNKNOWN: line 1:1: Column type is unknown at position ${index + 1}`);
  if (toHiveType(type) === undefined)
    throw new QueryFailure(`NOT_SUPPORTED: Unsupported Hive type: ${formatType(type)}`);
  return { name: name.toLowerCase(), type, sql: `q.c${index}` };
}

function requireDistinct(columns: readonly OutputColumn[]): void {
  const again = columns.find(
    ({ name }, index) => columns.findIndex((other) => other.name === name) !== index,
  );
  if (again)
    throw new QueryFailure(
      `DUPLICATE_COLUMN_NAME: line 1:1: Column name '${again.name}' specified more than once`,
    );
}

/** The last columns, which must be those that the property names. */
function keyColumns(columns: readonly OutputColumn[], names: readonly string[]): OutputColumn[] {
  if (names.length === 0) return [];
  const last = columns.slice(columns.length - names.length);
  if (columns.length <= names.length || names.some((name, index) => last[index]?.name !== name)) {
    throw new QueryFailure(
      `HIVE_COLUMN_ORDER_MISMATCH: Partition keys must be the last columns in the table and in the same order as the table properties: [${names.join(', ')}]`,
    );
  }
  return last;
}

function catalogColumn({ name, type }: OutputColumn): Column {
  return { Name: name, Type: toHiveType(type) };
}

function partitionFolder(names: readonly string[], values: readonly (string | null)[]): string {
  if (names.length === 0) return '';
  return `${partitionName(
    names.map((Name) => ({ Name })),
    values.map((value) => value ?? DEFAULT_PARTITION),
  )}/`;
}

const withSlash = (location: string) => (location.endsWith('/') ? location : `${location}/`);

function addPartitions(
  files: readonly StagedFile[],
  descriptor: StorageDescriptor,
  keyNames: readonly string[],
  folder: string,
  database: string,
  name: string,
  { catalog }: StatementRun,
): void {
  if (keyNames.length === 0) return;
  const inputs = new Map<string, PartitionInput>();
  for (const { values } of files) {
    const Location = folder + partitionFolder(keyNames, values);
    inputs.set(Location, {
      Values: values.map((value) => value ?? DEFAULT_PARTITION),
      StorageDescriptor: { ...descriptor, Location },
    });
  }
  const all = [...inputs.values()];
  for (let at = 0; at < all.length; at += CREATED_PARTITIONS_A_CALL) {
    const [first] = catalog.createPartitions(database, name, all.slice(at, at + CREATED_PARTITIONS_A_CALL));
    if (first && first.ErrorDetail?.ErrorCode !== 'AlreadyExistsException') {
      throw new QueryFailure(
        `HIVE_METASTORE_ERROR: ${first.ErrorDetail?.ErrorMessage ?? 'a partition could not be recorded'}`,
      );
    }
  }
}

/** The query's columns as the table's, by the names that were given; what was not named is null. */
function insertedValues(
  names: readonly string[],
  columns: readonly { name: string; type: TrinoType }[],
  given: readonly { type: TrinoType }[],
): OutputColumn[] {
  const unknown = names.find((name) => !columns.some((column) => column.name === name));
  if (unknown !== undefined)
    throw new QueryFailure(
      `COLUMN_NOT_FOUND: line 1:1: Insert column name does not exist in target table: ${unknown}`,
    );
  const wanted = names.map(
    (name) => columns.find((column) => column.name === name) as { name: string; type: TrinoType },
  );
  const fits =
    wanted.length === given.length &&
    wanted.every(({ type }, index) => isInsertable((given[index] as { type: TrinoType }).type, type));
  if (!fits) {
    const shown = (types: readonly { type: TrinoType }[]) =>
      types.map(({ type }) => formatType(type)).join(', ');
    throw new QueryFailure(
      `TYPE_MISMATCH: line 1:1: Insert query has mismatched column types: Table: [${shown(wanted)}], Query: [${shown(given)}]`,
    );
  }
  return columns.map(({ name, type }) => {
    const index = names.indexOf(name);
    if (index < 0) return { name, type, sql: nullOf(type) };
    return {
      name,
      type,
      sql: coerce({ sql: `q.c${index}`, type: (given[index] as { type: TrinoType }).type }, type).sql,
    };
  });
}

/** A longer text may be given for a shorter one as long as it fits; that is seen when it is written. */
function isInsertable(from: TrinoType, to: TrinoType): boolean {
  return isCoercible(from, to) || (from.kind === 'varchar' && (to.kind === 'varchar' || to.kind === 'char'));
}

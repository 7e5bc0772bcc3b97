// A run over all tables of a database: several at a time, none stopping another, and a report that says it all.
import {
  CreateDatabaseCommand,
  GetDatabaseCommand,
  paginateGetTables,
  type Table,
} from '@aws-sdk/client-glue';
import { asGluepotError, isAwsError } from '../../aws/aws-failure.js';
import { EXIT_CODES, GluepotError } from '../../base/errors.js';
import { compileGlob } from '../../base/glob.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { unlessAbsent } from '../../change/catalog-access.js';
import { withIngestScope, type IngestClients, type IngestOptions, type IngestScope } from './ingest-scope.js';
import { ingestTable, type TableReport } from './ingest-table.js';
import { readKeyFile } from './key-files.js';
import { outputDatabaseOf } from './output-database.js';
import { requireOutputBucket } from './require-bucket.js';
import { databaseTables, primaryKeyOf } from './source/database-tables.js';
import { settingsOf, type IngestSpec, type TableSettings } from './spec.js';
import type { Stage, TableProgress } from './table-progress.js';

export interface IngestReport {
  database: string;
  outputDatabase: string;
  tables: TableReport[];
}

/** How far a run is. */
export interface IngestProgress extends Omit<TableProgress, 'stage'> {
  table: string;
  /** What is being done with the table, or what became of it: then rows and bytes are those of its output. */
  detail: Stage | TableReport['status'];
  /** Tables that are over, of all. */
  done: number;
  all: number;
}

export interface RunOptions extends IngestOptions {
  /** Only these tables, by name. */
  only?: readonly string[];
  backfill?: { from: string; to: string };
  onProgress?: (event: IngestProgress) => void;
}

const PARALLEL_TABLES = 4;

/** Failures of tables are in the report. @throws GluepotError for what concerns all of them */
export async function runIngest(
  spec: IngestSpec,
  clients: IngestClients,
  options: RunOptions = {},
): Promise<IngestReport> {
  const tables = await chooseTables(spec, clients, options.only);
  await requireOutputBucket(spec, clients);
  await ensureDatabase(clients, outputDatabaseOf(spec), spec.database);
  const keys = await keysOf(spec, clients);
  return withIngestScope(spec, clients, options, async (scope) => {
    let done = 0;
    const all = tables.length;
    const reports = await mapConcurrently(tables, spec.parallelTables ?? PARALLEL_TABLES, async (table) => {
      const name = table.Name as string;
      const tell = (detail: IngestProgress['detail'], counts: Omit<TableProgress, 'stage'> = {}) =>
        options.onProgress?.({ table: name, detail, ...counts, done, all });
      const settings = settingsOf(spec, name, keys.get(name.toLowerCase()) ?? primaryKeyOf(table));
      const report = await reportTable(scope, table, settings, options, ({ stage, ...counts }) =>
        tell(stage, counts),
      );
      done++;
      tell(report.status, countsOf(report));
      return report;
    });
    return { database: spec.database, outputDatabase: scope.outputDatabase, tables: reports };
  });
}

function countsOf({ rows, bytes }: TableReport): Omit<TableProgress, 'stage'> {
  return { ...(rows === undefined ? {} : { rows }), ...(bytes === undefined ? {} : { bytes }) };
}

async function reportTable(
  scope: IngestScope,
  table: Table,
  settings: TableSettings,
  options: RunOptions,
  onProgress: (progress: TableProgress) => void,
): Promise<TableReport> {
  const startMs = performance.now();
  const finish = (result: Omit<TableReport, 'table' | 'durationMs'>): TableReport => ({
    table: table.Name as string,
    ...result,
    durationMs: Math.round(performance.now() - startMs),
  });
  if (table.TableType === 'VIRTUAL_VIEW') {
    return finish({ status: 'skipped', reason: 'it is a view', warnings: [] });
  }
  try {
    const load = options.backfill ? 'incremental' : (scope.spec.load ?? 'incremental');
    return finish(
      await ingestTable(scope, { table, settings, load, backfill: options.backfill, onProgress }),
    );
  } catch (error) {
    scope.signal.throwIfAborted();
    const { kind, message } = asGluepotError(error);
    return finish({ status: 'failed', kind, reason: message, warnings: [] });
  }
}

/** Tables of the database that the spec wants, by name. @throws GluepotError `usage` when the database, or one of `only`, is not there */
export async function chooseTables(
  spec: IngestSpec,
  clients: IngestClients,
  only?: readonly string[],
): Promise<Table[]> {
  const { signal } = new AbortController();
  const tables =
    spec.connection === undefined
      ? await catalogTables(spec.database, clients)
      : await databaseTables(spec.connection, spec.database, { ...clients, signal });
  const names = tables.map(({ Name = '' }) => Name);
  for (const name of [...(only ?? []), ...Object.keys(spec.tables ?? {})]) {
    if (names.some((each) => each.toLowerCase() === name.toLowerCase())) continue;
    throw new GluepotError(
      'usage',
      `There is no table ${name} in ${spec.database}. It has: ${names.join(', ') || 'none'}.`,
    );
  }
  const matches = (patterns: readonly string[], name: string) =>
    patterns.some((pattern) => compileGlob(pattern.toLowerCase()).test(name.toLowerCase()));
  return tables
    .filter(({ Name = '' }) => matches(spec.include ?? ['*'], Name) && !matches(spec.exclude ?? [], Name))
    .filter(({ Name = '' }) => !only || only.some((name) => name.toLowerCase() === Name.toLowerCase()))
    .sort((one, other) => ((one.Name as string) < (other.Name as string) ? -1 : 1));
}

async function catalogTables(DatabaseName: string, { glue }: Pick<IngestClients, 'glue'>): Promise<Table[]> {
  const tables: Table[] = [];
  try {
    for await (const { TableList = [] } of paginateGetTables({ client: glue }, { DatabaseName })) {
      tables.push(...TableList);
    }
  } catch (error) {
    if (!isAwsError(error, 'EntityNotFoundException')) throw asGluepotError(error);
    throw new GluepotError('usage', `There is no database ${DatabaseName}.`, { cause: error });
  }
  return tables;
}

export async function keysOf(
  spec: IngestSpec,
  { s3 }: Pick<IngestClients, 's3'>,
): Promise<Map<string, string[]>> {
  return spec.keysPath === undefined ? new Map<string, string[]>() : readKeyFile(s3, spec.keysPath);
}

async function ensureDatabase({ glue }: IngestClients, Name: string, source: string): Promise<void> {
  if (Name === source) {
    throw new GluepotError(
      'usage',
      `The output cannot be registered in ${source}, where the sources are. Choose another outputDatabase.`,
    );
  }
  if (await unlessAbsent(glue.send(new GetDatabaseCommand({ Name })))) return;
  try {
    await glue.send(
      new CreateDatabaseCommand({ DatabaseInput: { Name, Description: `Ingested from ${source}` } }),
    );
  } catch (error) {
    if (!isAwsError(error, 'AlreadyExistsException')) throw asGluepotError(error);
  }
}

/** 0 when every table that was to be loaded is, else that of the gravest failure. */
export function exitCodeOf({ tables }: IngestReport): number {
  const failed = tables.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return 0;
  const kinds = new Set(failed.map(({ kind }) => kind ?? 'failed'));
  const [only] = kinds;
  if (
    failed.length < tables.length &&
    !tables.every(({ status }) => status === 'failed' || status === 'skipped')
  ) {
    return EXIT_CODES['partial-apply'];
  }
  return kinds.size === 1 && only ? EXIT_CODES[only] : EXIT_CODES.failed;
}

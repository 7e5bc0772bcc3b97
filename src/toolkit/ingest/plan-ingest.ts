// What a run would do, table by table, before anything is read: load, rows, bytes and about how long.
import type { Table } from '@aws-sdk/client-glue';
import { asGluepotError } from '../../aws/aws-failure.js';
import { mapConcurrently } from '../../base/map-concurrently.js';
import { decideLoad } from './decide-load.js';
import { storeOf, type IngestClients, type IngestOptions } from './ingest-scope.js';
import { outputDatabaseOf } from './output-database.js';
import { watermarkOf } from './ingest-table.js';
import { chooseTables, keysOf } from './run-ingest.js';
import { primaryKeyOf } from './source/database-tables.js';
import { requireApart } from './require-apart.js';
import { requireOutputBucket } from './require-bucket.js';
import { findSource } from './source/find-source.js';
import { sourceColumns } from './source/source-columns.js';
import { settingsOf, type IngestSpec } from './spec.js';
import { readTracker } from './tracker.js';

export interface TablePlan {
  table: string;
  action: 'full' | 'incremental' | 'skip' | 'fail';
  disposition?: 'replace' | 'append' | 'merge';
  reason: string;
  key?: string[];
  /** Rows of the source by the catalog's statistics; undefined when it has none. */
  rows?: number;
  /** Of all source files: an increment writes less, and reads what the cursor does not rule out. */
  bytes?: number;
  files?: number;
  /** Where an increment goes on from. */
  watermark?: string;
  /** At most, on a machine like the one the figure below was measured on. */
  seconds?: number;
  warnings: string[];
}

export interface IngestPlan {
  database: string;
  outputDatabase: string;
  tables: TablePlan[];
}

const TABLES_AT_ONCE = 8;

/** Nothing is changed, and no row is read. @throws GluepotError for what concerns all tables */
export async function planIngest(
  spec: IngestSpec,
  clients: IngestClients,
  options: IngestOptions & { only?: readonly string[] } = {},
): Promise<IngestPlan> {
  const tables = await chooseTables(spec, clients, options.only);
  await requireOutputBucket(spec, clients);
  const keys = await keysOf(spec, clients);
  const plans = await mapConcurrently(tables, TABLES_AT_ONCE, async (table) => {
    const name = table.Name as string;
    try {
      return await planTable(spec, clients, options, table, keys.get(name.toLowerCase()));
    } catch (error) {
      return { table: name, action: 'fail' as const, reason: asGluepotError(error).message, warnings: [] };
    }
  });
  return { database: spec.database, outputDatabase: outputDatabaseOf(spec), tables: plans };
}

async function planTable(
  spec: IngestSpec,
  clients: IngestClients,
  options: IngestOptions,
  table: Table,
  csvKey: string[] | undefined,
): Promise<TablePlan> {
  const name = table.Name as string;
  if (table.TableType === 'VIRTUAL_VIEW') {
    return { table: name, action: 'skip', reason: 'it is a view', warnings: [] };
  }
  const settings = settingsOf(spec, name, csvKey ?? primaryKeyOf(table));
  const { generation } = await readTracker(storeOf(spec, clients, options), name);
  const load = spec.load ?? 'incremental';
  const { warnings, ...decision } = decideLoad({ load, settings, columns: sourceColumns(table), generation });
  if (decision.action === 'skip' || decision.action === 'fail') return { table: name, ...decision, warnings };
  requireApart(table, spec);
  const signal = options.signal ?? new AbortController().signal;
  const survey = await findSource(table).survey(table, { ...clients, signal });
  const { bytesASecond, fileCount: files, ...known } = survey;
  return {
    table: name,
    ...decision,
    ...(settings.key ? { key: settings.key } : {}),
    ...known,
    ...(files === undefined ? {} : { files }),
    ...(generation && decision.action === 'incremental' ? watermarkOf(generation) : {}),
    ...(survey.bytes === undefined ? {} : { seconds: Math.max(1, Math.ceil(survey.bytes / bytesASecond)) }),
    warnings,
  };
}

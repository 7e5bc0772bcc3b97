// Writes a query's rows as files of a table or an export: all of them or none, then their result.
import { rmSync } from 'node:fs';
import { DuckdbError } from '../../tabular/duckdb.js';
import { CATALOG } from '../execution/analyzed-query.js';
import { requireWithin } from '../execution/cutoff.js';
import type { Outcome, StatementRun } from '../execution/statement-run.js';
import { plainColumnInfo } from '../results/column-info.js';
import { writeMetadata } from '../results/result-files.js';
import type { TranslatedQuery } from '../select/analyze-query.js';
import type { ObjectName } from '../statement/statement.js';
import { openScans } from '../tables/open-scans.js';
import type { OutputFormat } from './output-format.js';
import { publishFiles, type PublishedFile } from './publish-files.js';
import { type OutputColumn, stageFiles } from './stage-files.js';

interface Target {
  columns: readonly OutputColumn[];
  keys: readonly OutputColumn[];
  format: OutputFormat;
  folderOf(values: readonly (string | null)[]): string;
  /** Called when all files are objects; when it throws, none stays. */
  recordInCatalog(files: readonly PublishedFile[]): Promise<void> | void;
}

/** @throws QueryFailure, DuckdbError, the signal's reason: then nothing was written */
export async function writeRows(query: TranslatedQuery, run: StatementRun, target: Target): Promise<Outcome> {
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
    const published = await publishFiles(
      files,
      target.format,
      (values) => target.folderOf(values),
      run,
      (published) => target.recordInCatalog(published),
    );
    await writeMetadata(COUNT_COLUMNS, run);
    return {
      outputLocation: record.outputLocation,
      planningMs,
      dataScannedBytes: scans.dataScannedBytes,
      inputFileCount: scans.fileCount,
      rowCount,
      ...published,
      result: countOf(rowCount),
    };
  } catch (error) {
    throw error instanceof DuckdbError ? scans.explain(error) : error;
  } finally {
    scans.close();
    for (const path of leftovers) rmSync(path, { recursive: true, force: true });
  }
}

/** What statements that write rows answer with. */
export const COUNT_COLUMNS = [plainColumnInfo('rows', { Type: 'bigint', Precision: 19 })];

export const countOf = (updateCount: number) =>
  ({ columns: COUNT_COLUMNS, form: 'none', updateCount }) as const;

export function unwritten({ record }: StatementRun): Outcome {
  return {
    outputLocation: record.outputLocation,
    rowCount: 0,
    result: countOf(0),
  };
}

export const sessionOf = (run: StatementRun) => ({ ...run, database: run.record.database ?? 'default' });

export function named(
  table: ObjectName,
  run: StatementRun,
): { database: string; name: string; full: string } {
  const database = (table.database ?? run.record.database ?? 'default').toLowerCase();
  const name = table.name.toLowerCase();
  return { database, name, full: `${CATALOG}.${database}.${name}` };
}

export const lowerCased = <T>(properties: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(properties).map(([name, value]) => [name.toLowerCase(), value]));

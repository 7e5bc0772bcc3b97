// Runs a SELECT: its rows go from DuckDB into the CSV file of the result without passing through here.
import { DuckdbError } from '../../tabular/duckdb.js';
import { duckdbText } from '../../tabular/duckdb-text.js';
import { columnInfo } from '../results/column-info.js';
import { adoptResult, csvHeader, writeMetadata } from '../results/result-files.js';
import { csvValue } from '../results/value-text.js';
import type { Expression } from '../select/syntax.js';
import { openScans } from '../tables/open-scans.js';
import { analyzed } from './analyzed-query.js';
import { requireWithin } from './cutoff.js';
import type { Outcome, StatementRun } from './statement-run.js';
import { rmSync, writeFileSync } from 'node:fs';

export async function runSelect(
  text: string,
  run: StatementRun,
  parameters: readonly Expression[],
): Promise<Outcome> {
  const { record, storage, duckdb, signal, clock } = run;
  const began = clock.now().getTime();
  const query = analyzed(text, { ...run, database: record.database ?? 'default' }, parameters);
  const scans = await openScans(query.scans, query.sql, run, signal);
  const path = storage.temporaryPath();
  try {
    requireWithin(scans.dataScannedBytes, run);
    const planningMs = clock.now().getTime() - began;
    const columns = query.columns.map(columnInfo);
    const header = csvHeader(columns);
    const list = query.columns.map(({ type }, index) => `${csvValue(`q.c${index}`, type)} AS c${index}`);
    const options = `FORMAT csv, HEADER false, FORCE_QUOTE *, NULLSTR '', PREFIX ${duckdbText(header)}, SUFFIX ${duckdbText('\n')}`;
    const statement = `COPY (${scans.withClause}SELECT ${list.join(', ')} FROM (${query.sql}) AS q) TO ${duckdbText(path)} (${options})`;
    const rowCount = await duckdb.run(statement, signal);
    // DuckDB would leave an empty line behind the header.
    if (rowCount === 0) writeFileSync(path, header);
    signal.throwIfAborted();
    const [outputBytes] = await Promise.all([adoptResult(path, run), writeMetadata(columns, run)]);
    return {
      outputLocation: record.outputLocation,
      planningMs,
      rowCount,
      outputBytes,
      dataScannedBytes: scans.dataScannedBytes,
      inputFileCount: scans.fileCount,
      result: { columns, form: 'header' },
    };
  } catch (error) {
    throw error instanceof DuckdbError ? scans.explain(error) : error;
  } finally {
    scans.close();
    rmSync(path, { force: true });
  }
}

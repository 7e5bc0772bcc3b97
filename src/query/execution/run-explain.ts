// EXPLAIN and EXPLAIN ANALYZE: the plan of the engine that runs queries here, with objects in place of files.
import { DuckdbError } from '../../tabular/duckdb.js';
import { plainColumnInfo } from '../results/column-info.js';
import { writeLines } from '../results/result-files.js';
import { inPlace } from '../select/query-text.js';
import type { Expression } from '../select/syntax.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { Statement, StatementOf } from '../statement/statement.js';
import { openScans } from '../tables/open-scans.js';
import { analyzed } from './analyzed-query.js';
import { requireWithin } from './cutoff.js';
import type { Outcome, StatementRun } from './statement-run.js';

type Explain = StatementOf<'explain'>;

/**
 * The plan is DuckDB's, not Trino's: what it shows is what happens here. TYPE VALIDATE answers `true` for a query whose
 * names and types are right.
 * @throws QueryFailure as the query itself, and for what is explained by neither
 */
export async function runExplain(
  { statement, options, isAnalyze }: Explain,
  run: StatementRun,
  parameters: readonly Expression[],
): Promise<Outcome> {
  const query = analyzed(
    explainedQuery(statement, isAnalyze),
    { ...run, database: run.record.database ?? 'default' },
    parameters,
  );
  if (options.type === 'VALIDATE') return answer({ name: 'Valid', type: 'boolean' }, ['true'], run);
  if (options.type === 'IO') throw new QueryFailure('NOT_SUPPORTED: EXPLAIN (TYPE IO) is not supported here');
  const scans = await openScans(query.scans, query.sql, run, run.signal);
  try {
    if (isAnalyze) requireWithin(scans.dataScannedBytes, run);
    const words = [...(isAnalyze ? ['ANALYZE'] : []), `FORMAT ${options.format ?? 'TEXT'}`];
    const rows = await run.duckdb.rows(
      `EXPLAIN (${words.join(', ')}) ${scans.withClause}${query.sql}`,
      run.signal,
    );
    const text = rows.map((row) => row.explain_value as string).join('\n');
    const outcome = await answer(
      { name: 'Query Plan', type: 'varchar' },
      scans.withObjects(text).split('\n'),
      run,
    );
    return isAnalyze
      ? { ...outcome, dataScannedBytes: scans.dataScannedBytes, inputFileCount: scans.fileCount }
      : outcome;
  } catch (error) {
    throw error instanceof DuckdbError ? scans.explain(error) : error;
  } finally {
    scans.close();
  }
}

/** What a statement's rows come from. */
function explainedQuery(statement: Statement, isAnalyze: boolean): string {
  if (statement.kind === 'select') return inPlace(statement.text, statement.place);
  if (!isAnalyze && 'query' in statement) return inPlace(statement.query, statement.place);
  throw new QueryFailure(
    isAnalyze
      ? `NOT_SUPPORTED: EXPLAIN ANALYZE of ${statement.substatement} is not supported here: only of SELECT`
      : `NOT_SUPPORTED: EXPLAIN of ${statement.substatement} is not supported here`,
  );
}

async function answer(
  { name, type }: { name: string; type: string },
  lines: readonly string[],
  run: StatementRun,
): Promise<Outcome> {
  return {
    outputLocation: run.record.outputLocation,
    outputBytes: await writeLines(lines, run),
    rowCount: lines.length,
    result: { columns: [plainColumnInfo(name, { Type: type })], form: 'lines' },
  };
}

// Runs a statement over CSV files strictly and, only when some of their records are irregular, leniently.
import { DuckdbError } from '../../../tabular/duckdb.js';
import type { Relation } from '../../plan/plan.js';
import type { CsvLeniency } from './scan-sql.js';
import { scansOf } from './scans-of.js';

/**
 * Too few or too many fields; line ends of two kinds, or text after a closing quote. A quote that is never closed is not
 * among them: read leniently, it would swallow the records after it.
 */
const IRREGULAR = /Expected Number of Columns|state machine reached an invalid state/;

/**
 * Strict reading is parallel whatever is quoted, so it goes first. A record with too few fields has nulls for the rest,
 * one with too many loses the surplus, as in Hive; `onIrregular` is told that there was one.
 */
export async function withLeniency<Result>(
  relation: Relation,
  onIrregular: () => void,
  run: (csvLeniency: CsvLeniency) => Promise<Result>,
): Promise<Result> {
  const readsCsv = scansOf(relation).some((scan) => scan.format.kind === 'csv');
  try {
    return await run('strict');
  } catch (error) {
    if (!readsCsv || !isAbout(error, IRREGULAR)) throw error;
  }
  onIrregular();
  try {
    return await run('padded');
  } catch (error) {
    if (!isAbout(error, /parallel scanner does not support/)) throw error;
  }
  return run('padded-serial');
}

function isAbout(error: unknown, pattern: RegExp): boolean {
  return error instanceof DuckdbError && pattern.test(error.message);
}

// Runs a statement over CSV files in the fastest way first, and more leniently only when what they hold asks for it.
import { DuckdbError } from '../../../tabular/duckdb.js';
import type { Relation } from '../../plan/plan.js';
import type { CsvLeniency } from './scan-sql.js';
import { scansOf } from './scans-of.js';

/**
 * Too few or too many fields; line ends of two kinds, or text after a closing quote. A quote that is never closed is not
 * among them: read leniently, it would swallow the records after it.
 */
const IRREGULAR = /Expected Number of Columns|state machine reached an invalid state/;

const UNFIT = /Error when converting column/;

const SERIAL_ONLY = /parallel scanner does not support/;

/**
 * Reads numbers as such, which is fastest and fails when a text is none; then everything as texts; and only when records
 * have too few fields or too many, with nulls for what is missing and without the surplus, as Hive does: `onIrregular` is told.
 */
export async function withLeniency<Result>(
  relation: Relation,
  onIrregular: () => void,
  run: (csvLeniency: CsvLeniency) => Promise<Result>,
): Promise<Result> {
  const readsCsv = scansOf(relation).some((scan) => scan.format.kind === 'csv');
  for (let csvLeniency: CsvLeniency = 'typed'; ;) {
    try {
      return await run(csvLeniency);
    } catch (error) {
      const next: CsvLeniency | undefined =
        readsCsv && error instanceof DuckdbError ? nextAfter(csvLeniency, error) : undefined;
      if (next === undefined) throw error;
      if (next === 'padded') onIrregular();
      csvLeniency = next;
    }
  }
}

function nextAfter(csvLeniency: CsvLeniency, { message }: DuckdbError): CsvLeniency | undefined {
  switch (csvLeniency) {
    case 'typed':
      if (UNFIT.test(message)) return 'strict';
      return IRREGULAR.test(message) ? 'padded' : undefined;
    case 'strict':
      return IRREGULAR.test(message) ? 'padded' : undefined;
    case 'padded':
      return SERIAL_ONLY.test(message) ? 'padded-serial' : undefined;
    case 'padded-serial':
      return undefined;
  }
}

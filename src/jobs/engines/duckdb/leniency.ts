// Runs a statement over files in the fastest way first, and more leniently only when what they hold asks for it.
import { DuckdbError } from '../../../tabular/duckdb.js';
import type { Relation } from '../../plan/plan.js';
import type { Leniency } from './scan-sql.js';
import { scansOf } from './scans-of.js';

/**
 * Too few or too many fields; line ends of two kinds, or text after a closing quote. A quote that is never closed is not
 * among them: read leniently, it would swallow the records after it.
 */
const IRREGULAR = /Expected Number of Columns|state machine reached an invalid state/;

const UNFIT = /Error when converting column/;

const SERIAL_ONLY = /parallel scanner does not support/;

/**
 * Reads in the fastest way first. Where a value is not of its type, everything again so that it is null; where a CSV record
 * has too few fields or too many, again with nulls for what is missing and without the surplus: `onIrregular` is told.
 */
export async function withLeniency<Result>(
  relation: Relation,
  onIrregular: () => void,
  run: (leniency: Leniency) => Promise<Result>,
): Promise<Result> {
  const formats = new Set(scansOf(relation).map((scan) => scan.format.kind));
  for (let leniency: Leniency = 'typed'; ;) {
    try {
      return await run(leniency);
    } catch (error) {
      const next: Leniency | undefined =
        error instanceof DuckdbError ? nextAfter(leniency, error, formats) : undefined;
      if (next === undefined) throw error;
      if (next === 'padded') onIrregular();
      leniency = next;
    }
  }
}

function nextAfter(
  leniency: Leniency,
  { message }: DuckdbError,
  formats: ReadonlySet<string>,
): Leniency | undefined {
  const isIrregular = formats.has('csv') && IRREGULAR.test(message);
  switch (leniency) {
    case 'typed':
      if (isIrregular) return 'padded';
      // Strict reading of JSON fails in words of its own, if it does.
      return formats.has('json') || (formats.has('csv') && UNFIT.test(message)) ? 'strict' : undefined;
    case 'strict':
      return isIrregular ? 'padded' : undefined;
    case 'padded':
      return SERIAL_ONLY.test(message) ? 'padded-serial' : undefined;
    case 'padded-serial':
      return undefined;
  }
}

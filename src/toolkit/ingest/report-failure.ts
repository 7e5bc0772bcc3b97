// What is wrong with a run whose report has failed tables, as one error: for callers that know success and failure only.
import { GluepotError } from '../../base/errors.js';
import type { IngestReport } from './run-ingest.js';

/** Undefined when no table failed. Tables that were loaded stay so. */
export function failureOf({ tables, database }: IngestReport): GluepotError | undefined {
  const failed = tables.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return undefined;
  const kind = failed.length < tables.length ? 'partial-apply' : (failed[0]?.kind ?? 'failed');
  const why = failed.map(({ table, reason }) => `${table}: ${reason}`).join('; ');
  return new GluepotError(kind, `${failed.length} of ${tables.length} tables of ${database} failed. ${why}`);
}

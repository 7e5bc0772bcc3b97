// Ingest a catalog database to Parquet, fully or incrementally, exactly once.
export {
  readIngestSpec,
  parseIngestSpec,
  specOfFormerParameters,
  type FormerParameters,
} from './read-spec.js';
export type { IngestSpec } from './spec.js';
export type { IngestClients, IngestOptions } from './ingest-scope.js';
export { planIngest, type IngestPlan, type TablePlan } from './plan-ingest.js';
export {
  exitCodeOf,
  runIngest,
  type IngestProgress,
  type IngestReport,
  type RunOptions,
} from './run-ingest.js';
export type { TableReport } from './ingest-table.js';
export type { Generation } from './tracker.js';
export { compactTables, resetTables, verifyTables } from './each-table.js';
export type { CompactReport } from './compact-table.js';
export type { ResetReport } from './reset-table.js';
export type { VerifyReport } from './verify-table.js';
export { ingestStatus, type TableStatus } from './table-status.js';
export { makeSpec } from './make-spec.js';
export { ingestPolicy, type IngestPolicyPlace } from './ingest-policy.js';
export { ingestPlaces } from './ingest-places.js';
export { readStoredSpec, requireStoredTrackers } from './stored-spec.js';
export { failureOf } from './report-failure.js';

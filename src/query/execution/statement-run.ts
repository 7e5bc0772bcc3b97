// What a statement is run with, and what is known when it has run.
import type { Clock } from '../../base/clock.js';
import type { Ids } from '../../base/ids.js';
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import type { ObjectStorage } from '../../storage/object-storage.js';
import type { Duckdb } from '../../tabular/duckdb.js';
import type { ParquetFooters } from '../tables/parquet-footers.js';
import type { PreparedStatements } from './prepared-statements.js';
import type { QueryRecord } from './query-record.js';

export interface StatementRun {
  record: QueryRecord;
  catalog: OpenCatalog;
  storage: ObjectStorage;
  duckdb: Duckdb;
  footers: ParquetFooters;
  prepared: PreparedStatements;
  clock: Clock;
  ids: Ids;
  signal: AbortSignal;
  /** Bytes that the query may read. */
  cutoffBytes?: number;
}

/** What a statement changes in its record. */
export type Outcome = Pick<
  QueryRecord,
  | 'dataScannedBytes'
  | 'inputFileCount'
  | 'manifestLocation'
  | 'outputBytes'
  | 'outputLocation'
  | 'planningMs'
  | 'result'
  | 'rowCount'
>;

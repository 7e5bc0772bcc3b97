// What a DDL statement is run with, and what comes out of it.
import type { Clock } from '../../base/clock.js';
import type { Ids } from '../../base/ids.js';
import type { OpenCatalog } from '../../catalog/open-catalog.js';
import type { ObjectStorage } from '../../storage/object-storage.js';
import type { HeldQuery } from '../statement/statement.js';

export interface ViewColumn {
  name: string;
  /** In Trino's spelling. */
  type: string;
  /** What the catalog calls it; absent for types that no Hive table has. */
  hiveType?: string;
}

export interface DdlScope {
  catalog: OpenCatalog;
  storage: ObjectStorage;
  /** Where names without a database are looked up. */
  database: string;
  clock: Clock;
  ids: Ids;
  /** ARN of who runs the query. */
  callerArn: string;
  /** The columns that a view's query would answer with. @throws QueryFailure */
  viewColumns(view: HeldQuery, database: string): Promise<ViewColumn[]>;
  signal?: AbortSignal;
}

/**
 * Rows as GetQueryResults shows them: most of Athena's DDL answers have several columns in their metadata but one
 * text in each row, with tabs in it (seen in answers of DESCRIBE). The `.txt` result is the rows' texts, one a line.
 */
export interface DdlResult {
  /** Type names as ResultSetMetadata has them. */
  columns: { name: string; type: string }[];
  rows: string[][];
}

// What an ingest asks of a kind of source: whether a table is of it, what is known beforehand, and its rows.
import type { GlueClient, Table } from '@aws-sdk/client-glue';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Duckdb } from '../../../tabular/duckdb.js';
import type { CursorKind } from '../cursor.js';
import type { LocalFiles } from '../local-files.js';
import type { TableSettings } from '../spec.js';
import type { ProgressTeller } from '../table-progress.js';
import type { Source } from './relation.js';

export interface SurveyTools {
  glue: GlueClient;
  s3: S3Client;
  signal: AbortSignal;
}

export interface ReadTools extends SurveyTools {
  /** A folder of this table's run, emptied behind it; DuckDB may read and write there. */
  files: LocalFiles;
  duckdb: Duckdb;
  settings: Pick<TableSettings, 'oddDates'>;
  progress: ProgressTeller;
}

/** What can be told of a table before a row is read. */
export interface Survey {
  /** Undefined where nobody keeps count. */
  rows?: number;
  bytes?: number;
  fileCount?: number;
  /** Bytes that are read in a second, for the plan's estimate. */
  bytesASecond: number;
}

/**
 * The rows that an increment or a backfill takes, in the cursor's unit, both ends included. A source may give more than
 * these, since they are chosen again from what it gave; it must not give fewer.
 */
export interface WantedRows {
  /** The cursor's column, in lower case. */
  column: string;
  kind: CursorKind;
  lower: bigint;
  /** Of a backfill only. */
  upper?: bigint;
  /** Rows without a cursor are wanted too. */
  withNulls: boolean;
  /**
   * Columns of the key, where a row out of the range can say that one within is deleted: then all rows are wanted of the keys
   * that have a row without a cursor; of a backfill, that have a row within the range.
   */
  wholeKey?: readonly string[];
}

export interface SourceKind {
  reads(table: Table): boolean;
  /** Nothing is read. @throws GluepotError `unsupported` for a table of this kind that cannot be read */
  survey(table: Table, tools: SurveyTools): Promise<Survey>;
  /**
   * The rows as one state of the table: they do not change between two readings of what is returned.
   * @param wanted undefined when all are
   */
  open(table: Table, tools: ReadTools, wanted: WantedRows | undefined): Promise<Source>;
}

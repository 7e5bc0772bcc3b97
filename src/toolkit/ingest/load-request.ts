// What loading a table's rows needs, and what comes of it.
import type { Duckdb } from '../../tabular/duckdb.js';
import type { Source, SourceColumn } from './source/relation.js';
import type { TableSettings } from './spec.js';
import type { ProgressTeller } from './table-progress.js';
import type { Generation } from './tracker.js';

export interface WrittenFile {
  path: string;
  rows: number;
}

export type Counts = Generation['counts'];

export interface LoadedRows {
  written: WrittenFile[];
  /** Numbers of the stored files that the written ones take the place of. */
  rewritten: ReadonlySet<number>;
  counts: Counts;
  cursor: Generation['cursor'];
  range: Generation['range'];
  warnings: string[];
}

export interface LoadRequest {
  table: string;
  source: Source;
  /** Of the output, after the schema contract. */
  columns: readonly SourceColumn[];
  settings: TableSettings;
  disposition: Generation['disposition'];
  /** Undefined for a full load. */
  stored: { generation: Generation; paths: readonly string[]; needsRewrite: boolean } | undefined;
  /** Only rows of this range, ends included; the high-water mark stays. */
  backfill: { lower: bigint; upper: bigint } | undefined;
  startedMs: number;
  duckdb: Duckdb;
  folder: string;
  /** For tables of DuckDB: letters, digits and _. */
  unique: string;
  fileBytes: number;
  progress?: ProgressTeller;
  /** Told which stored files will go, before what takes their place is written; not by every load. */
  onRewritten?: (numbers: ReadonlySet<number>) => void;
  signal: AbortSignal;
}

// A job's graph as relations and writes, in no engine's language: what an engine is given to carry out.
import type { HiveType } from '../../tabular/hive-type.js';
import type { AggregateFunction, Expression } from './expression.js';
import type { FileFormat, OutputFormat } from './file-format.js';

export interface Column {
  name: string;
  type: HiveType;
}

/** An object to be read. */
export interface ScanFile {
  bucket: string;
  key: string;
  /** Bytes. */
  size: number;
  lastModifiedMs: number;
  etag: string;
  /** Values of the scan's partition columns, null for Hive's default partition. */
  partitionValues: (string | null)[];
  /** CSV: the column that each field of a record is, where they are not the columns in order. */
  fieldColumns?: number[];
}

interface RelationBase {
  /** Name of the node that asked for it, for messages. */
  node: string;
  columns: Column[];
}

export interface Scan extends RelationBase {
  kind: 'scan';
  format: FileFormat;
  /** Files in groups: one group becomes one output file unless a later step brings rows together. */
  groups: ScanFile[][];
  /** How many of the columns, at the end, are not in the files but in `partitionValues`. */
  partitionColumnCount: number;
}

export interface Project extends RelationBase {
  kind: 'project';
  input: Relation;
  /** One for each column. */
  values: Expression[];
}

export interface Filter extends RelationBase {
  kind: 'filter';
  input: Relation;
  /** Rows are kept where it is true. */
  condition: Expression;
}

export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'left-semi' | 'left-anti';

export interface Join extends RelationBase {
  kind: 'join';
  type: JoinType;
  left: Relation;
  right: Relation;
  /** Pairs that must be equal; the left one reads the left input, the right one the right input. */
  on: { left: Expression; right: Expression }[];
}

export interface Aggregate extends RelationBase {
  kind: 'aggregate';
  input: Relation;
  groups: Expression[];
  aggregates: { function: AggregateFunction; value: Expression; type: HiveType }[];
}

/** Columns are matched by position. */
export interface Union extends RelationBase {
  kind: 'union';
  inputs: Relation[];
}

/** One row of those that agree in `by`, or in all columns. Which one is the first that the engine meets. */
export interface Distinct extends RelationBase {
  kind: 'distinct';
  input: Relation;
  by?: Expression[];
}

/** A query in Spark's SQL over named inputs. */
export interface SparkQuery extends RelationBase {
  kind: 'spark-query';
  text: string;
  inputs: { alias: string; relation: Relation }[];
  /** Whether each row of the result comes from one row of the only input, so that files can be taken one by one. */
  isPerRow: boolean;
}

/** A query of which only the text and its inputs are known. */
export type QueryText = Pick<SparkQuery, 'node' | 'text' | 'inputs'>;

/** No rows, and nothing is known of the columns: a source without files that describe themselves. */
export interface Nothing extends RelationBase {
  kind: 'nothing';
}

export type Relation = Scan | Project | Filter | Join | Aggregate | Union | Distinct | SparkQuery | Nothing;

/** What the Data Catalog is told after a write. */
export interface CatalogUpdate {
  database: string;
  table: string;
  /** Whether an existing table's columns follow the data. New partitions are recorded in either case. */
  updatesSchema: boolean;
}

export interface Write {
  node: string;
  input: Relation;
  bucket: string;
  /** Key prefix of the output, '' or ending in '/'. */
  prefix: string;
  format: OutputFormat;
  /** Indexes of the input's columns that become `name=value/` folders, in order. */
  partitionColumns: number[];
  /** As many files, whatever the input's. */
  fileCount?: number;
  catalogUpdate?: CatalogUpdate;
}

/** Names of the columns that become folders. */
export function partitionNames(write: Write): string[] {
  return write.partitionColumns.map((index) => (write.input.columns[index] as Column).name);
}

export interface Plan {
  writes: Write[];
}

// What the analysis of a query carries along: its text, its tables, and how it fails.
import { QueryFailure } from '../statement/query-failure.js';
import { placeOf } from './query-text.js';
import type { PartitionPredicate } from './partition-predicate.js';
import type { Scope } from './scope.js';
import type { Expression, Query } from './syntax.js';
import type { TrinoType } from './trino-type.js';

export interface OutputColumn {
  /** Absent for an expression without an alias. */
  name?: string;
  type: TrinoType;
}

export interface TableColumn {
  name: string;
  type: TrinoType;
}

/** A table's place in a query: each one is read by itself. */
export interface TableScan {
  database: string;
  table: string;
  /** What the query's SQL calls it. */
  alias: string;
  /** Those of the files, then the partition keys; `c0`, `c1`, ... of the scan, in this order. */
  columns: readonly TableColumn[];
  keyCount: number;
  /** What the query asks of partition keys: all of it holds for every row that it needs. */
  predicates: PartitionPredicate[];
}

/** Behind the columns of a scan. */
export const HIDDEN_COLUMNS: readonly TableColumn[] = [
  { name: '$path', type: { kind: 'varchar' } },
  { name: '$file_size', type: { kind: 'simple', name: 'bigint' } },
  { name: '$file_modified_time', type: { kind: 'timestamp-tz', precision: 3, zone: 'UTC' } },
];

/** The place of a row in its file, from 0, by which statements change rows: not a column, so that nobody can ask for it. */
export const ROW_NUMBER: TableColumn = { name: '$row\u0000number', type: { kind: 'simple', name: 'bigint' } };

export type FoundRelation =
  | {
      kind: 'table';
      columns: readonly TableColumn[];
      keyCount: number;
      /** Whether its rows have ROW_NUMBER. */
      isNumbered: boolean;
    }
  | { kind: 'view'; text: string; catalog: string; database: string; columns: readonly TableColumn[] }
  /** Rows that are known already: texts, or null. */
  | { kind: 'rows'; columns: readonly TableColumn[]; rows: readonly (readonly (string | number | null)[])[] };

export interface TableSource {
  hasDatabase(database: string): boolean;
  /** Names lower-cased; undefined when there is no such table. @throws QueryFailure for tables that cannot be read */
  find(database: string, name: string): FoundRelation | undefined;
}

export interface Session {
  catalog: string;
  /** Where names without a database are looked up. */
  database: string;
  /** When the query began. */
  now: Date;
}

export interface CommonTable {
  query: Query;
  columns?: readonly string[];
  /** Names that were there where it was defined. */
  environment: Environment;
}

export interface AnalyzedQuery {
  /** Its columns are `c0`, `c1`, ... */
  sql: string;
  columns: (OutputColumn & { origin?: { scan: number; key: string } })[];
}

/** What holds for a whole query: shared by its subqueries and views. */
export interface Shared {
  tables: TableSource;
  scans: TableScan[];
  nextNumber(): number;
  analyzeQuery(query: Query, environment: Environment, outer?: Scope): AnalyzedQuery;
}

export interface Environment {
  shared: Shared;
  session: Session;
  /** Of the query, or of the view that is being expanded: where messages' places are counted in. */
  text: string;
  commonTables: ReadonlyMap<string, CommonTable>;
  /** Values for `?`. */
  parameters: readonly Expression[];
  /** Views that are being expanded, outermost first. */
  views: readonly string[];
}

/** Fails the query as Trino's analyzer does: `COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved ...`. */
export function failAt(environment: Environment, at: number, errorName: string, message: string): never {
  throw new QueryFailure(`${errorName}: ${placeOf(environment.text, at)}: ${message}`);
}

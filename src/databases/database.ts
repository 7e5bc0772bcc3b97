// A database behind a Glue connection, as crawls and ingests see it: tables with their types, and rows as text.
import type { Engine } from './jdbc-url.js';
import type { TablePattern } from './table-path.js';

/**
 * How a value stands in the text that rows() gives. `text`: as the database prints it; `hex`: bytes, two digits each;
 * `json`: an array, its items as the database prints them, in JSON text.
 */
export type ValueEncoding = 'text' | 'hex' | 'json';

export interface ColumnType {
  /** A type of the Data Catalog that holds every value of the column. */
  hiveType: string;
  encoding: ValueEncoding;
  /** SQL of the value to select, from the SQL of the column. */
  select(column: string): string;
  /** SQL of the same with null for dates that are none; only for types that have such. */
  selectDateOrNull?: (column: string) => string;
}

export interface DatabaseColumn extends ColumnType {
  /** As the database spells it. */
  name: string;
  /** As the database declares it, e.g. `numeric(10,2)`. */
  nativeType: string;
  comment: string | undefined;
}

export interface DatabaseTable {
  database: string;
  /** Undefined where the database has no schemas below it. */
  schema: string | undefined;
  name: string;
  kind: 'table' | 'view';
  comment: string | undefined;
  columns: DatabaseColumn[];
  primaryKey: string[];
  /** What the database estimates; undefined before it has looked. */
  rowCount: number | undefined;
  bytes: number | undefined;
}

/** Rows between two positions of a column, both ends included. */
export interface RowRange {
  /** As the database spells it. */
  column: string;
  /** SQL literals of the column's own type. */
  lower: string | undefined;
  upper: string | undefined;
  withNulls: boolean;
  /**
   * Columns as the database spells them: beside the range all rows whose values in these a row has that is in the range, if it
   * has an upper end, or that has null in its column.
   */
  wholeKey?: readonly string[];
}

export interface RowQuery {
  table: DatabaseTable;
  /** SQL of each field. */
  selects: readonly string[];
  range: RowRange | undefined;
}

/** Everything throws GluepotError, its message naming the connection and the address, for what the database refuses. */
export interface Database {
  readonly engine: Engine;
  /** Tables and views that match, with what they are made of, in the order of their names. */
  tables(pattern: TablePattern): Promise<DatabaseTable[]>;
  /**
   * Hands rows to `take` in the order in which they come, as lines of PostgreSQL's COPY text format: fields between tabs,
   * `\N` for null, backslashes before what would end a field or a line. Chunks end anywhere; the next one comes when
   * `take` is done. Answers how many rows there were, by the server's count where it gives one.
   */
  rows(query: RowQuery, take: (chunk: Buffer) => Promise<void>): Promise<number>;
  /**
   * Runs `act` in one transaction that sees one state of the database; the table's definition cannot change meanwhile
   * once rows() has begun.
   */
  snapshot<T>(act: () => Promise<T>): Promise<T>;
  /** A literal for the position of a cursor; undefined for one that the database cannot hold. */
  literal(column: DatabaseColumn, kind: PositionKind, position: bigint): string | undefined;
  /** The name as an identifier in its SQL. */
  quote(name: string): string;
  close(): Promise<void>;
}

/** timestamp: microseconds since 1970 in UTC; date: days since 1970; integer: itself. */
export type PositionKind = 'timestamp' | 'date' | 'integer';

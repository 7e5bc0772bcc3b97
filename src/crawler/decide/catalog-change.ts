// What a crawl decides to do to the catalog: one change an object, with what was there and why.
import type { Partition, PartitionInput, Table, TableInput } from '@aws-sdk/client-glue';

export interface TableChange {
  kind: 'table';
  action: 'create' | 'update' | 'delete';
  table: string;
  /** As it was when the crawl looked; absent for create. */
  before?: Table;
  /** Absent for delete. */
  after?: TableInput;
  /** create: make an index over all partition keys. */
  isPartitionIndexed?: boolean;
  reason: string;
}

export interface PartitionChange {
  kind: 'partition';
  action: 'create' | 'update' | 'delete';
  table: string;
  values: string[];
  before?: Partition;
  after?: PartitionInput;
  reason: string;
}

export type CatalogChange = TableChange | PartitionChange;

export interface LogLine {
  level: 'INFO' | 'WARN';
  text: string;
}

/** All that a crawl does to one table. */
export interface TableDecision {
  table: string;
  /** In the order in which they must be made. */
  changes: CatalogChange[];
  /** For the crawl's log, once the changes are made. */
  lines: LogLine[];
  /** Why the table is what it is, for people. */
  reasons: string[];
}

/** What the catalog holds, as far as a crawl asks. */
export interface CatalogView {
  /** Tables of the crawler's database by name. */
  tables: ReadonlyMap<string, Table>;
  partitionsOf(table: string): readonly Partition[];
}

// The Data Catalog as the rest of the embedded AWS uses it. Names are looked up lower-cased, as AWS stores them.
import type {
  BatchUpdatePartitionFailureEntry,
  Database,
  DatabaseInput,
  Partition,
  PartitionError,
  PartitionIndex,
  PartitionInput,
  Table,
  TableInput,
  TableVersion,
} from '@aws-sdk/client-glue';

/** A page of a list; `next` goes into the next call's `after` and is absent at the end. */
export interface Page<T> {
  items: T[];
  next?: string;
}

export interface PageOptions {
  after?: string;
  count?: number;
}

/** @throws AwsError EntityNotFoundException, AlreadyExistsException, InvalidInputException, ConcurrentModificationException */
export interface Catalog {
  createDatabase(input: DatabaseInput): void;
  getDatabase(name: string): Database;
  updateDatabase(name: string, input: DatabaseInput): void;
  deleteDatabase(name: string): void;
  listDatabases(options?: PageOptions): Page<Database>;

  createTable(
    database: string,
    input: TableInput,
    options: { createdBy: string; partitionIndexes?: PartitionIndex[] },
  ): void;
  getTable(database: string, name: string): Table;
  findTable(database: string, name: string): Table | undefined;
  /** `versionId` must equal the current one when given; `skipArchive` drops the old version instead of keeping it. */
  updateTable(
    database: string,
    input: TableInput,
    options?: { versionId?: string; skipArchive?: boolean },
  ): void;
  deleteTable(database: string, name: string): void;
  /** `expression` is a regular expression tested against the whole name. */
  listTables(database: string, options?: PageOptions & { expression?: string }): Page<Table>;
  listTableVersions(database: string, name: string, options?: PageOptions): Page<TableVersion>;
  getTableVersion(database: string, name: string, versionId?: string): TableVersion;

  createPartitions(database: string, table: string, inputs: PartitionInput[]): PartitionError[];
  getPartition(database: string, table: string, values: string[]): Partition;
  findPartition(database: string, table: string, values: string[]): Partition | undefined;
  updatePartitions(
    database: string,
    table: string,
    entries: { values: string[]; input: PartitionInput }[],
  ): BatchUpdatePartitionFailureEntry[];
  deletePartitions(database: string, table: string, valuesList: string[][]): PartitionError[];
  /** `expression` as in GetPartitions; '' and undefined mean all. */
  listPartitions(
    database: string,
    table: string,
    options?: PageOptions & {
      expression?: string;
      segment?: { number: number; total: number };
      withoutColumns?: boolean;
    },
  ): Page<Partition>;
}

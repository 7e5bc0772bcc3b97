// What a query text says, as structures: one kind for everything that Athena accepts.

/** What GetQueryExecution answers as StatementType. */
export type StatementType = 'DDL' | 'DML' | 'UTILITY';

/** A table, view or database as it was written, quotes taken off, case kept. */
export interface ObjectName {
  /** `awsdatacatalog` in `awsdatacatalog.db.t`. */
  catalog?: string;
  database?: string;
  name: string;
}

export interface ColumnDefinition {
  name: string;
  /** In Hive's spelling as the Data Catalog keeps it, `array<struct<a:int>>`. */
  type: string;
  comment?: string;
}

/** `year(ts)`, `bucket(16, id)`: how an Iceberg table is partitioned by what a column says. */
export interface PartitionTransform {
  transform: 'identity' | 'year' | 'month' | 'day' | 'hour' | 'bucket' | 'truncate';
  column: string;
  /** Buckets, or characters that are kept. */
  count?: number;
}

/** Names to values in the order they were written; names are unique. */
export type Properties = Record<string, string>;

export interface RowFormatSerde {
  kind: 'serde';
  library: string;
  properties: Properties;
}

/** Absent members were not written. Values are the characters themselves, escapes undone. */
export interface RowFormatDelimited {
  kind: 'delimited';
  fieldDelimiter?: string;
  escapeCharacter?: string;
  collectionItemDelimiter?: string;
  mapKeyDelimiter?: string;
  lineDelimiter?: string;
  nullFormat?: string;
}

export type StoredAs =
  { kind: 'format'; format: string } | { kind: 'classes'; inputFormat: string; outputFormat: string };

/** One partition as `PARTITION (k='v', ...)` names it: keys lower-cased, values as text. */
export type PartitionSpec = { key: string; value: string }[];

/** `PARTITION (dt < '2020', hr = '1')`: what DROP PARTITION takes. */
export type PartitionCondition = {
  key: string;
  operator: '=' | '!=' | '<' | '<=' | '>' | '>=';
  value: string;
}[];

/** A value in the WITH (...) of CTAS and UNLOAD. */
export type PropertyValue = string | number | boolean | PropertyValue[];

export interface CreateTable {
  kind: 'create-table';
  isExternal: boolean;
  ifNotExists: boolean;
  table: ObjectName;
  columns: ColumnDefinition[];
  comment?: string;
  /** Typed keys, or transforms of columns (Iceberg); never both. */
  partitionKeys: ColumnDefinition[];
  partitionTransforms: PartitionTransform[];
  buckets?: { columns: string[]; sortedBy: { column: string; isDescending: boolean }[]; count: number };
  rowFormat?: RowFormatSerde | RowFormatDelimited;
  storedAs?: StoredAs;
  location: string;
  properties: Properties;
}

/** What ALTER TABLE says beside the table's name. */
export type AlterTableBody = { table: ObjectName } & (
  | {
      kind: 'alter-table-add-partitions';
      ifNotExists: boolean;
      partitions: { spec: PartitionSpec; location?: string }[];
    }
  /** Each item's conditions must all hold for a partition to go. */
  | { kind: 'alter-table-drop-partitions'; ifExists: boolean; conditions: PartitionCondition[] }
  | { kind: 'alter-table-rename-partition'; from: PartitionSpec; to: PartitionSpec }
  | { kind: 'alter-table-add-columns'; partition?: PartitionSpec; columns: ColumnDefinition[] }
  | { kind: 'alter-table-replace-columns'; partition?: PartitionSpec; columns: ColumnDefinition[] }
  | {
      kind: 'alter-table-change-column';
      partition?: PartitionSpec;
      oldName: string;
      column: ColumnDefinition;
      /** Absent leaves it where it is. */
      position?: { kind: 'first' } | { kind: 'after'; column: string };
    }
  | { kind: 'alter-table-drop-column'; column: string }
  | { kind: 'alter-table-rename'; to: ObjectName }
  | { kind: 'alter-table-set-location'; partition?: PartitionSpec; location: string }
  | { kind: 'alter-table-set-properties'; properties: Properties }
  | { kind: 'alter-table-unset-properties'; ifExists: boolean; names: string[] }
);

/** What SHOW and DESCRIBE ask for. */
export type ShowBody =
  | { kind: 'show-databases'; pattern?: string }
  | { kind: 'show-tables'; database?: string; pattern?: string }
  | { kind: 'show-views'; database?: string; pattern?: string }
  | { kind: 'show-columns'; table: ObjectName }
  | { kind: 'show-partitions'; table: ObjectName; partition?: PartitionSpec }
  | { kind: 'show-create-table'; table: ObjectName }
  | { kind: 'show-create-view'; name: ObjectName }
  | { kind: 'show-properties'; table: ObjectName; property?: string }
  | {
      kind: 'describe-table';
      table: ObjectName;
      detail: 'plain' | 'formatted' | 'extended';
      partition?: PartitionSpec;
      /** `a`, or `a.b.$elem$` for what is inside. */
      columnPath?: string[];
    };

export type DatabaseBody =
  | {
      kind: 'create-database';
      ifNotExists: boolean;
      name: string;
      comment?: string;
      location?: string;
      properties: Properties;
    }
  | { kind: 'drop-database'; ifExists: boolean; isCascade: boolean; name: string }
  | { kind: 'alter-database-set-properties'; name: string; properties: Properties };

/** Where a text begins in the statement that it is a part of. */
export interface TextPlace {
  /** From 1. */
  line: number;
  /** From 0. */
  column: number;
}

/** A query inside of a statement. */
export interface HeldQuery {
  query: string;
  place: TextPlace;
}

interface IcebergChange {
  table: ObjectName;
  text: string;
  place: TextPlace;
}

export type ViewBody =
  /** Columns are there when the statement names them: `CREATE VIEW v (a, b) AS ...`. */
  | ({ kind: 'create-view'; orReplace: boolean; name: ObjectName; columns?: string[] } & HeldQuery)
  | { kind: 'drop-view'; ifExists: boolean; name: ObjectName };

/** What runDdl carries out. */
export type DdlBody =
  | CreateTable
  | DatabaseBody
  | AlterTableBody
  | ShowBody
  | ViewBody
  | { kind: 'drop-table'; ifExists: boolean; table: ObjectName }
  | { kind: 'msck-repair-table'; table: ObjectName };

/** What a query engine carries out. Texts of embedded queries are slices of the source, not printed again. */
export type QueryBody =
  | { kind: 'select'; text: string; place: TextPlace }
  | ({
      kind: 'create-table-as';
      table: ObjectName;
      ifNotExists: boolean;
      properties: Record<string, PropertyValue>;
      withData: boolean;
    } & HeldQuery)
  | ({ kind: 'insert'; table: ObjectName; columns?: string[] } & HeldQuery)
  | ({ kind: 'unload'; to: string; properties: Record<string, PropertyValue> } & HeldQuery)
  | {
      kind: 'explain';
      isAnalyze: boolean;
      /** In upper case: TYPE (LOGICAL, DISTRIBUTED, VALIDATE, IO), FORMAT (TEXT, JSON, GRAPHVIZ). */
      options: { type?: string; format?: string };
      /** The explained statement's, as it stands in the source. */
      text: string;
      statement: Statement;
    }
  | { kind: 'prepare'; name: string; text: string; statement: Statement }
  /** The arguments are texts of expressions. */
  | { kind: 'execute'; name: string; arguments: string[] }
  | { kind: 'deallocate'; name: string }
  /** Row-level changes and upkeep of Iceberg tables; `text` is the whole statement. */
  | ({ kind: 'update' | 'delete' | 'merge' } & IcebergChange)
  | ({ kind: 'optimize' | 'vacuum' } & IcebergChange);

export type StatementBody = QueryBody | DdlBody;

export interface StatementFacts {
  type: StatementType;
  /** What GetQueryExecution answers as SubstatementType. */
  substatement: string;
}

/** Everything Athena accepts. */
export type Statement = StatementFacts & StatementBody;

/** The statements of one kind. */
export type StatementOf<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

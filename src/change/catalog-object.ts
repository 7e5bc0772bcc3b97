// What a catalog is made of, as far as it can be put back: objects with a name and a definition in the form the API takes.
import type {
  ColumnStatistics,
  DatabaseInput,
  PartitionIndex,
  PartitionInput,
  TableInput,
} from '@aws-sdk/client-glue';

/** Names which object; `Values` are a partition's, in the order of the table's keys. */
export type CatalogObjectKey =
  | { kind: 'database'; DatabaseName: string }
  | { kind: 'table'; DatabaseName: string; TableName: string }
  | { kind: 'partition'; DatabaseName: string; TableName: string; Values: readonly string[] }
  | { kind: 'partition-index'; DatabaseName: string; TableName: string; IndexName: string }
  | { kind: 'table-statistics'; DatabaseName: string; TableName: string }
  | { kind: 'partition-statistics'; DatabaseName: string; TableName: string; Values: readonly string[] };

export type CatalogObjectKind = CatalogObjectKey['kind'];

export interface DefinitionOfKind {
  database: DatabaseInput;
  table: TableInput;
  partition: PartitionInput;
  'partition-index': PartitionIndex;
  'table-statistics': ColumnStatistics[];
  'partition-statistics': ColumnStatistics[];
}

/** What AWS says of an object beside its definition: evidence of who made it and when. */
export interface Provenance {
  /** Tables only; guards an update. */
  VersionId?: string;
  /** Of a database or table; of a partition its `CreationTime`. */
  CreateTime?: Date;
  /** Tables only; partitions have none on AWS. */
  UpdateTime?: Date;
  /** ARN of the principal that made the table. */
  CreatedBy?: string;
}

export type CatalogObject = {
  [Kind in CatalogObjectKind]: {
    key: Extract<CatalogObjectKey, { kind: Kind }>;
    /** Only members that the API takes back, picked by an allow-list; empty members left out. */
    definition: DefinitionOfKind[Kind];
    provenance: Provenance;
  };
}[CatalogObjectKind];

export type ObjectOf<Kind extends CatalogObjectKind> = Extract<CatalogObject, { key: { kind: Kind } }>;

/** A definition of any kind. */
export type Definition = DefinitionOfKind[CatalogObjectKind];

// AWS's answers as objects of a catalog: key, definition, provenance.
import type { Database, Partition, PartitionIndexDescriptor, Table } from '@aws-sdk/client-glue';
import {
  databaseDefinition,
  partitionDefinition,
  partitionIndexDefinition,
  tableDefinition,
} from './canonical-definition.js';
import type { ObjectOf, Provenance } from './catalog-object.js';

export function databaseObject(database: Database): ObjectOf<'database'> {
  return {
    key: { kind: 'database', DatabaseName: database.Name as string },
    definition: databaseDefinition(database),
    provenance: provenanceOf({ CreateTime: database.CreateTime }),
  };
}

/** @param askedDatabase for an answer that names none */
export function tableObject(askedDatabase: string, table: Table): ObjectOf<'table'> {
  const { DatabaseName = askedDatabase, VersionId, CreateTime, UpdateTime, CreatedBy } = table;
  return {
    key: { kind: 'table', DatabaseName, TableName: table.Name as string },
    definition: tableDefinition(table),
    provenance: provenanceOf({ VersionId, CreateTime, UpdateTime, CreatedBy }),
  };
}

export function partitionObject(
  DatabaseName: string,
  TableName: string,
  partition: Partition,
): ObjectOf<'partition'> {
  return {
    key: { kind: 'partition', DatabaseName, TableName, Values: partition.Values ?? [] },
    definition: partitionDefinition(partition),
    provenance: provenanceOf({ CreateTime: partition.CreationTime }),
  };
}

export function partitionIndexObject(
  DatabaseName: string,
  TableName: string,
  descriptor: PartitionIndexDescriptor,
): ObjectOf<'partition-index'> {
  return {
    key: { kind: 'partition-index', DatabaseName, TableName, IndexName: descriptor.IndexName as string },
    definition: partitionIndexDefinition(descriptor),
    provenance: {},
  };
}

function provenanceOf(members: { [Name in keyof Provenance]: Provenance[Name] | undefined }): Provenance {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

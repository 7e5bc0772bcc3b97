// The first metadata file of an Iceberg table. Source: the Iceberg table specification, "Table Metadata".
import type { IcebergField } from './iceberg-schema.js';

export interface NewIcebergTable {
  formatVersion: 1 | 2;
  uuid: string;
  /** Without a slash at its end. */
  location: string;
  fields: IcebergField[];
  lastColumnId: number;
  properties: Record<string, string>;
  createdAt: Date;
}

/** Partition fields count from 1000, so this is what an unpartitioned table has as its last. */
const NO_PARTITION_ID = 999;

/** Metadata of a table without partitions, sort order and snapshots. */
export function icebergMetadata(table: NewIcebergTable): object {
  const schema = { type: 'struct', 'schema-id': 0, fields: table.fields };
  return {
    'format-version': table.formatVersion,
    'table-uuid': table.uuid,
    location: table.location,
    ...(table.formatVersion === 2 ? { 'last-sequence-number': 0 } : { schema, 'partition-spec': [] }),
    'last-updated-ms': table.createdAt.getTime(),
    'last-column-id': table.lastColumnId,
    'current-schema-id': 0,
    schemas: [schema],
    'default-spec-id': 0,
    'partition-specs': [{ 'spec-id': 0, fields: [] }],
    'last-partition-id': NO_PARTITION_ID,
    'default-sort-order-id': 0,
    'sort-orders': [{ 'order-id': 0, fields: [] }],
    properties: table.properties,
    'current-snapshot-id': -1,
    refs: {},
    snapshots: [],
    statistics: [],
    'snapshot-log': [],
    'metadata-log': [],
  };
}

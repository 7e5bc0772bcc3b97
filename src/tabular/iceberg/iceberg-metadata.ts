// The first metadata file of an Iceberg table. Source: the Iceberg table specification, "Table Metadata".
import type { IcebergField } from './iceberg-schema.js';

export interface NewIcebergTable {
  formatVersion: 1 | 2;
  uuid: string;
  /** Without a slash at its end. */
  location: string;
  fields: IcebergField[];
  lastColumnId: number;
  partitionFields: IcebergPartitionField[];
  properties: Record<string, string>;
  createdAt: Date;
}

/** How a table is partitioned by a column; `count` goes with bucket and truncate. */
export interface IcebergTransform {
  transform: 'identity' | 'year' | 'month' | 'day' | 'hour' | 'bucket' | 'truncate';
  column: string;
  count?: number;
}

export interface IcebergPartitionField {
  'source-id': number;
  'field-id': number;
  name: string;
  /** `day`, `bucket[16]`. */
  transform: string;
}

/** Partition fields count from 1000, so this is what an unpartitioned table has as its last. */
const NO_PARTITION_ID = 999;

/**
 * Fields are named as Iceberg's own libraries name them: `ts_day`, `id_bucket`, `name_trunc`.
 * @throws RangeError that names a column which is not there or a count that is missing
 */
export function icebergPartitionFields(
  transforms: readonly IcebergTransform[],
  fields: readonly IcebergField[],
): IcebergPartitionField[] {
  return transforms.map(({ transform, column, count }, index) => {
    const source = fields.find(({ name }) => name === column);
    if (!source) throw new RangeError(`Partition column ${column} is not a column of the table.`);
    const takesCount = transform === 'bucket' || transform === 'truncate';
    if (takesCount && !(count !== undefined && count >= 1)) {
      throw new RangeError(`${transform} of ${column} needs a count of at least 1.`);
    }
    const suffix = transform === 'truncate' ? 'trunc' : transform;
    return {
      'source-id': source.id,
      'field-id': NO_PARTITION_ID + 1 + index,
      name: transform === 'identity' ? column : `${column}_${suffix}`,
      transform: takesCount ? `${transform}[${count}]` : transform,
    };
  });
}

/** Metadata of a table without sort order and snapshots. */
export function icebergMetadata(table: NewIcebergTable): object {
  const schema = { type: 'struct', 'schema-id': 0, fields: table.fields };
  return {
    'format-version': table.formatVersion,
    'table-uuid': table.uuid,
    location: table.location,
    ...(table.formatVersion === 2
      ? { 'last-sequence-number': 0 }
      : { schema, 'partition-spec': table.partitionFields }),
    'last-updated-ms': table.createdAt.getTime(),
    'last-column-id': table.lastColumnId,
    'current-schema-id': 0,
    schemas: [schema],
    'default-spec-id': 0,
    'partition-specs': [{ 'spec-id': 0, fields: table.partitionFields }],
    'last-partition-id': NO_PARTITION_ID + table.partitionFields.length,
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

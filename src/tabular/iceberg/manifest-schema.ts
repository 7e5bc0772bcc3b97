// Manifests and manifest lists as Avro: what is written into a table of version 2.
// Source: the Iceberg table specification, "Manifests" and "Manifest Lists"; the numbers are its field ids.
import type { IcebergPartitionField } from './iceberg-metadata.js';
import type { IcebergField } from './iceberg-schema.js';

const field = (id: number, name: string, type: unknown) => ({ name, type, 'field-id': id });
const optional = (id: number, name: string, type: unknown) => ({
  name,
  type: ['null', type],
  default: null,
  'field-id': id,
});

/** Iceberg's types that a partition's value may have here, as Avro's. */
const PARTITION_TYPES: Readonly<Record<string, unknown>> = {
  boolean: 'boolean',
  int: 'int',
  long: 'long',
  string: 'string',
  date: { type: 'int', logicalType: 'date' },
};

/**
 * The type of the values of a partition field: of its column, or what its transform makes of that.
 * Undefined for what cannot be written here.
 */
export function partitionType(
  { transform }: IcebergPartitionField,
  source: IcebergField,
): string | undefined {
  if (typeof source.type !== 'string') return undefined;
  if (transform === 'day') return 'date';
  if (transform === 'year' || transform === 'month' || transform === 'hour') return 'int';
  const keeps = transform === 'identity' || transform.startsWith('truncate[');
  return keeps && source.type in PARTITION_TYPES ? source.type : undefined;
}

/** Of a file's partition: the types of its fields in their order. */
export function partitionRecord(
  partition: readonly { field: IcebergPartitionField; type: string }[],
): object {
  return {
    type: 'record',
    name: 'r102',
    fields: partition.map(({ field: { name, 'field-id': id }, type }) =>
      optional(id, avroName(name), PARTITION_TYPES[type]),
    ),
  };
}

/** Of the entries of a manifest. */
export function manifestEntrySchema(partition: object): object {
  const dataFile = {
    type: 'record',
    name: 'r2',
    fields: [
      field(134, 'content', 'int'),
      field(100, 'file_path', 'string'),
      field(101, 'file_format', 'string'),
      field(102, 'partition', partition),
      field(103, 'record_count', 'long'),
      field(104, 'file_size_in_bytes', 'long'),
    ],
  };
  return {
    type: 'record',
    name: 'manifest_entry',
    fields: [
      field(0, 'status', 'int'),
      optional(1, 'snapshot_id', 'long'),
      optional(3, 'sequence_number', 'long'),
      optional(4, 'file_sequence_number', 'long'),
      field(2, 'data_file', dataFile),
    ],
  };
}

/** Names as Iceberg's libraries make them fit for Avro: `a b` is `a_x20b`, `1st` is `_1st`. */
export function avroName(name: string): string {
  const escaped = name.replace(
    /[^A-Za-z0-9_]/g,
    (letter) => `_x${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return /^\d/.test(escaped) ? `_${escaped}` : escaped;
}

export const MANIFEST_LIST_SCHEMA = {
  type: 'record',
  name: 'manifest_file',
  fields: [
    field(500, 'manifest_path', 'string'),
    field(501, 'manifest_length', 'long'),
    field(502, 'partition_spec_id', 'int'),
    field(517, 'content', 'int'),
    field(515, 'sequence_number', 'long'),
    field(516, 'min_sequence_number', 'long'),
    field(503, 'added_snapshot_id', 'long'),
    field(504, 'added_files_count', 'int'),
    field(505, 'existing_files_count', 'int'),
    field(506, 'deleted_files_count', 'int'),
    field(512, 'added_rows_count', 'long'),
    field(513, 'existing_rows_count', 'long'),
    field(514, 'deleted_rows_count', 'long'),
    optional(507, 'partitions', {
      type: 'array',
      'element-id': 508,
      items: {
        type: 'record',
        name: 'r508',
        fields: [
          field(509, 'contains_null', 'boolean'),
          optional(518, 'contains_nan', 'boolean'),
          optional(510, 'lower_bound', 'bytes'),
          optional(511, 'upper_bound', 'bytes'),
        ],
      },
    }),
    optional(519, 'key_metadata', 'bytes'),
  ],
};

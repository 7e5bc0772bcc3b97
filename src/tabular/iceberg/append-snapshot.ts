// A table with more data files than before: one more manifest, a new list of manifests, and the metadata that names them.
// Source: the Iceberg table specification, "Snapshots" and "Sequence Numbers".
import { avroFile } from '../avro/avro-writer.js';
import { currentSnapshot, type ExactMetadata, type IcebergSnapshot } from './exact-metadata.js';
import type { IcebergPartitionField } from './iceberg-metadata.js';
import { avroName, MANIFEST_LIST_SCHEMA, manifestSchema } from './manifest-schema.js';

export interface NewDataFile {
  location: string;
  /** Bytes. */
  size: number;
  rowCount: number;
  /** By the places of the spec's fields: whole numbers below 2^53, texts, or null. */
  partition: (number | string | boolean | null)[];
}

export interface Append {
  files: readonly NewDataFile[];
  /** Of the table's default spec, with the types of their values. */
  partition: readonly { field: IcebergPartitionField; type: string }[];
  /** The entries of the current snapshot's manifest list, their longs as texts. */
  manifests: readonly Record<string, unknown>[];
  /** 63 bits, as text. */
  snapshotId: string;
  /** Makes the names of what is written unlike all others. */
  uuid: string;
  now: Date;
  /** The metadata file that is replaced; undefined for a new table. */
  previous?: string;
}

export interface AppendedSnapshot {
  metadata: ExactMetadata;
  /** To be written before the metadata is: manifest and list. */
  files: { location: string; bytes: Buffer }[];
}

/** AWS and Iceberg's libraries keep the names of so many metadata files when the table says nothing else. */
const PREVIOUS_VERSIONS_MAX = 100;
const ADDED = 1;
const DATA = 0;

export function appendSnapshot(metadata: ExactMetadata, append: Append): AppendedSnapshot {
  const { location } = metadata;
  const sequenceNumber = (metadata['last-sequence-number'] ?? 0) + 1;
  const manifest = {
    location: `${location}/metadata/${append.uuid}-m0.avro`,
    bytes: manifestOf(metadata, append),
  };
  const rowCount = append.files.reduce((sum, file) => sum + file.rowCount, 0);
  const entry = {
    manifest_path: manifest.location,
    manifest_length: String(manifest.bytes.length),
    partition_spec_id: metadata['default-spec-id'],
    content: DATA,
    sequence_number: String(sequenceNumber),
    min_sequence_number: String(sequenceNumber),
    added_snapshot_id: append.snapshotId,
    added_files_count: append.files.length,
    existing_files_count: 0,
    deleted_files_count: 0,
    added_rows_count: String(rowCount),
    existing_rows_count: '0',
    deleted_rows_count: '0',
    partitions: null,
    key_metadata: null,
  };
  const parent = currentSnapshot(metadata);
  const list = {
    location: `${location}/metadata/snap-${append.snapshotId}-1-${append.uuid}.avro`,
    bytes: avroFile(MANIFEST_LIST_SCHEMA, [entry, ...append.manifests.map(listed)], {
      'format-version': '2',
      'snapshot-id': append.snapshotId,
      'parent-snapshot-id': parent?.['snapshot-id'] ?? 'null',
      'sequence-number': String(sequenceNumber),
    }),
  };
  // Times of snapshots never go backwards, whatever the clocks of their writers say.
  const timestampMs = Math.max(append.now.getTime(), metadata['last-updated-ms']);
  const snapshot: IcebergSnapshot = {
    'snapshot-id': append.snapshotId,
    ...(parent && { 'parent-snapshot-id': parent['snapshot-id'] }),
    'sequence-number': sequenceNumber,
    'timestamp-ms': timestampMs,
    'manifest-list': list.location,
    summary: summaryOf(append.files, rowCount, parent),
    'schema-id': metadata['current-schema-id'],
  };
  return { metadata: withSnapshot(metadata, snapshot, append.previous), files: [manifest, list] };
}

function manifestOf(metadata: ExactMetadata, { files, partition, snapshotId }: Append): Buffer {
  const schema = metadata.schemas.find((each) => each['schema-id'] === metadata['current-schema-id']);
  const spec = partition.map(({ field }) => field);
  const entries = files.map((file) => ({
    status: ADDED,
    snapshot_id: snapshotId,
    // Both are those of the snapshot, which a reader has from the list: a commit that is tried again keeps its manifest.
    sequence_number: null,
    file_sequence_number: null,
    data_file: {
      content: DATA,
      file_path: file.location,
      file_format: 'PARQUET',
      partition: Object.fromEntries(
        partition.map(({ field, type }, index) => {
          const value = file.partition[index] ?? null;
          return [avroName(field.name), type === 'long' && value !== null ? String(value) : value];
        }),
      ),
      record_count: String(file.rowCount),
      file_size_in_bytes: String(file.size),
    },
  }));
  return avroFile(manifestSchema(partition), entries, {
    schema: JSON.stringify({ type: 'struct', ...schema }),
    'schema-id': String(metadata['current-schema-id']),
    'partition-spec': JSON.stringify(spec),
    'partition-spec-id': String(metadata['default-spec-id']),
    'format-version': '2',
    content: 'data',
  });
}

/** An entry of a list that was there, whichever names its writer gave to the counts. */
function listed(entry: Record<string, unknown>): object {
  const count = (name: string) => entry[`${name}_files_count`] ?? entry[`${name}_data_files_count`] ?? 0;
  return {
    manifest_path: entry.manifest_path,
    manifest_length: entry.manifest_length,
    partition_spec_id: entry.partition_spec_id,
    content: entry.content ?? DATA,
    sequence_number: entry.sequence_number ?? '0',
    min_sequence_number: entry.min_sequence_number ?? '0',
    added_snapshot_id: entry.added_snapshot_id,
    added_files_count: count('added'),
    existing_files_count: count('existing'),
    deleted_files_count: count('deleted'),
    added_rows_count: entry.added_rows_count ?? '0',
    existing_rows_count: entry.existing_rows_count ?? '0',
    deleted_rows_count: entry.deleted_rows_count ?? '0',
    partitions: entry.partitions ?? null,
    key_metadata: entry.key_metadata ?? null,
  };
}

function summaryOf(
  files: readonly NewDataFile[],
  rowCount: number,
  parent: IcebergSnapshot | undefined,
): Record<string, string> {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const total = (name: string, added: number) =>
    String(Number(parent?.summary[`total-${name}`] ?? 0) + added);
  return {
    operation: 'append',
    'added-data-files': String(files.length),
    'added-records': String(rowCount),
    'added-files-size': String(bytes),
    'changed-partition-count': String(new Set(files.map(({ partition }) => JSON.stringify(partition))).size),
    'total-records': total('records', rowCount),
    'total-files-size': total('files-size', bytes),
    'total-data-files': total('data-files', files.length),
    'total-delete-files': total('delete-files', 0),
    'total-position-deletes': total('position-deletes', 0),
    'total-equality-deletes': total('equality-deletes', 0),
  };
}

function withSnapshot(
  metadata: ExactMetadata,
  snapshot: IcebergSnapshot,
  previous: string | undefined,
): ExactMetadata {
  const { 'snapshot-id': id, 'timestamp-ms': timestampMs } = snapshot;
  const replaced =
    previous === undefined
      ? []
      : [{ 'timestamp-ms': metadata['last-updated-ms'], 'metadata-file': previous }];
  const wanted = Number(
    metadata.properties?.['write.metadata.previous-versions-max'] ?? PREVIOUS_VERSIONS_MAX,
  );
  const kept = Math.max(1, wanted);
  return {
    ...metadata,
    'last-sequence-number': snapshot['sequence-number'],
    'last-updated-ms': timestampMs,
    'current-snapshot-id': id,
    snapshots: [...(metadata.snapshots ?? []), snapshot],
    'snapshot-log': [...(metadata['snapshot-log'] ?? []), { 'timestamp-ms': timestampMs, 'snapshot-id': id }],
    'metadata-log': [...(metadata['metadata-log'] ?? []), ...replaced].slice(-kept),
    refs: { ...metadata.refs, main: { ...metadata.refs?.main, 'snapshot-id': id, type: 'branch' } },
  };
}

// A table with more files than before: manifests of data and of deletes, a new list of manifests, and the metadata that names
// them. Source: the Iceberg table specification, "Snapshots" and "Sequence Numbers".
import { avroFile } from '../avro/avro-writer.js';
import { currentSnapshot, type ExactMetadata, type IcebergSnapshot, metadataLog } from './exact-metadata.js';
import type { IcebergPartitionField } from './iceberg-metadata.js';
import type { FilePartition } from './file-partitions.js';
import { avroName, MANIFEST_LIST_SCHEMA, manifestEntrySchema, partitionRecord } from './manifest-schema.js';

export interface NewDataFile {
  location: string;
  /** Bytes. */
  size: number;
  rowCount: number;
  /** By the places of the spec's fields: whole numbers below 2^53, texts, or null. */
  partition: (number | string | boolean | null)[];
}

/** Places of rows that are gone, all in data files of one partition. */
export interface NewDeleteFile {
  location: string;
  /** Bytes. */
  size: number;
  rowCount: number;
  of: FilePartition;
}

export interface Append {
  files: readonly NewDataFile[];
  deletes?: readonly NewDeleteFile[];
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

const ADDED = 1;
const DATA = 0;
const DELETES = 1;

export function appendSnapshot(metadata: ExactMetadata, append: Append): AppendedSnapshot {
  const { location } = metadata;
  const sequenceNumber = (metadata['last-sequence-number'] ?? 0) + 1;
  const manifests = manifestsOf(metadata, append).map((manifest, index) => ({
    ...manifest,
    location: `${location}/metadata/${append.uuid}-m${index}.avro`,
  }));
  const entries = manifests.map((manifest) => ({
    manifest_path: manifest.location,
    manifest_length: String(manifest.bytes.length),
    partition_spec_id: manifest.specId,
    content: manifest.content,
    sequence_number: String(sequenceNumber),
    min_sequence_number: String(sequenceNumber),
    added_snapshot_id: append.snapshotId,
    added_files_count: manifest.fileCount,
    existing_files_count: 0,
    deleted_files_count: 0,
    added_rows_count: String(manifest.rowCount),
    existing_rows_count: '0',
    deleted_rows_count: '0',
    partitions: null,
    key_metadata: null,
  }));
  const parent = currentSnapshot(metadata);
  const list = {
    location: `${location}/metadata/snap-${append.snapshotId}-1-${append.uuid}.avro`,
    bytes: avroFile(MANIFEST_LIST_SCHEMA, [...entries, ...append.manifests.map(listed)], {
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
    summary: summaryOf(append, parent),
    'schema-id': metadata['current-schema-id'],
  };
  const files = [...manifests.map(({ location, bytes }) => ({ location, bytes })), list];
  return { metadata: withSnapshot(metadata, snapshot, append.previous), files };
}

interface Manifest {
  specId: number;
  content: typeof DATA | typeof DELETES;
  fileCount: number;
  rowCount: number;
  bytes: Buffer;
}

/** One of the data files, and one of the deletes for each way of parting that their data files have. */
function manifestsOf(
  metadata: ExactMetadata,
  { files, deletes = [], partition, snapshotId }: Append,
): Manifest[] {
  const manifest = (
    content: Manifest['content'],
    specId: number,
    recordSchema: object,
    added: readonly { location: string; size: number; rowCount: number; values: object }[],
  ): Manifest => ({
    specId,
    content,
    fileCount: added.length,
    rowCount: sumOf(added, 'rowCount'),
    bytes: avroFile(
      manifestEntrySchema(recordSchema),
      added.map(({ location, size, rowCount, values }) => ({
        status: ADDED,
        snapshot_id: snapshotId,
        // Both are those of the snapshot, which a reader has from the list: a commit that is tried again keeps its manifest.
        sequence_number: null,
        file_sequence_number: null,
        data_file: {
          content,
          file_path: location,
          file_format: 'PARQUET',
          partition: values,
          record_count: String(rowCount),
          file_size_in_bytes: String(size),
        },
      })),
      manifestHeader(metadata, specId, content === DATA ? 'data' : 'deletes'),
    ),
  });
  const data = files.map((file) => ({
    ...file,
    values: Object.fromEntries(
      partition.map(({ field, type }, index) => {
        const value = file.partition[index] ?? null;
        return [avroName(field.name), type === 'long' && value !== null ? String(value) : value];
      }),
    ),
  }));
  const specIds = [...new Set(deletes.map(({ of }) => of.specId))];
  return [
    ...(files.length > 0
      ? [manifest(DATA, metadata['default-spec-id'], partitionRecord(partition), data)]
      : []),
    ...specIds.map((specId) => {
      const ofSpec = deletes.filter(({ of }) => of.specId === specId);
      const { schema } = (ofSpec[0] as NewDeleteFile).of;
      return manifest(
        DELETES,
        specId,
        schema,
        ofSpec.map((file) => ({ ...file, values: file.of.values })),
      );
    }),
  ];
}

function manifestHeader(metadata: ExactMetadata, specId: number, content: string): Record<string, string> {
  const schema = metadata.schemas.find((each) => each['schema-id'] === metadata['current-schema-id']);
  const spec = metadata['partition-specs'].find((each) => each['spec-id'] === specId);
  return {
    schema: JSON.stringify({ type: 'struct', ...schema }),
    'schema-id': String(metadata['current-schema-id']),
    'partition-spec': JSON.stringify(spec?.fields ?? []),
    'partition-spec-id': String(specId),
    'format-version': '2',
    content,
  };
}

const sumOf = <Key extends 'size' | 'rowCount'>(files: readonly Record<Key, number>[], key: Key): number =>
  files.reduce((sum, file) => sum + file[key], 0);

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
  { files, deletes = [] }: Append,
  parent: IcebergSnapshot | undefined,
): Record<string, string> {
  const rowCount = sumOf(files, 'rowCount');
  const goneCount = sumOf(deletes, 'rowCount');
  const bytes = sumOf(files, 'size') + sumOf(deletes, 'size');
  const total = (name: string, added: number) =>
    String(Number(parent?.summary[`total-${name}`] ?? 0) + added);
  const parts = [
    ...files.map(({ partition }) => JSON.stringify(partition)),
    ...deletes.map(({ of }) => JSON.stringify(Object.values(of.values))),
  ];
  return {
    operation: deletes.length === 0 ? 'append' : files.length === 0 ? 'delete' : 'overwrite',
    'added-data-files': String(files.length),
    'added-records': String(rowCount),
    ...(deletes.length > 0 && {
      'added-delete-files': String(deletes.length),
      'added-position-delete-files': String(deletes.length),
      'added-position-deletes': String(goneCount),
    }),
    'added-files-size': String(bytes),
    'changed-partition-count': String(new Set(parts).size),
    'total-records': total('records', rowCount),
    'total-files-size': total('files-size', bytes),
    'total-data-files': total('data-files', files.length),
    'total-delete-files': total('delete-files', deletes.length),
    'total-position-deletes': total('position-deletes', goneCount),
    'total-equality-deletes': total('equality-deletes', 0),
  };
}

function withSnapshot(
  metadata: ExactMetadata,
  snapshot: IcebergSnapshot,
  previous: string | undefined,
): ExactMetadata {
  const { 'snapshot-id': id, 'timestamp-ms': timestampMs } = snapshot;
  return {
    ...metadata,
    'last-sequence-number': snapshot['sequence-number'],
    'last-updated-ms': timestampMs,
    'current-snapshot-id': id,
    snapshots: [...(metadata.snapshots ?? []), snapshot],
    'snapshot-log': [...(metadata['snapshot-log'] ?? []), { 'timestamp-ms': timestampMs, 'snapshot-id': id }],
    'metadata-log': metadataLog(metadata, previous),
    refs: { ...metadata.refs, main: { ...metadata.refs?.main, 'snapshot-id': id, type: 'branch' } },
  };
}

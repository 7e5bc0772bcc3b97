// The files that the current snapshot of an Iceberg table consists of. Source: the Iceberg table specification, "Manifests".
import { readFileSync } from 'node:fs';
import { readAvroRecords } from '../avro/avro-json.js';
import { IcebergError } from './iceberg-error.js';
import { partitionSql } from './iceberg-literal.js';
import type { IcebergPartitionField } from './iceberg-metadata.js';
import type { IcebergField } from './iceberg-schema.js';
import {
  currentFields,
  currentSnapshotOf,
  idsByNameOf,
  metadataText,
  parseTableMetadata,
  partitionFieldsOf,
} from './table-metadata.js';

/** Where the deleted places of one data file are, inside of a Puffin file. */
export interface DeletionVector {
  /** Location of the data file. */
  of: string;
  /** Bytes. */
  offset: number;
  length: number;
}

export interface IcebergFile {
  /** As the writer gave it, e.g. `s3://bucket/table/data/a.parquet`. */
  location: string;
  /** `PARQUET`, `ORC`, `AVRO`, or `PUFFIN` of a deletion vector. */
  format: string;
  /** Bytes. */
  size: number;
  rowCount: number;
  /** Of a file of deletes: those of places in files, or of values. */
  deletes?: 'positions' | 'values';
  /** Of a file of values: the ids of its columns. */
  equalityIds?: number[];
  /** Of deletes of version 3: not a file, but a part of one. */
  vector?: DeletionVector;
  /** Of the commit that added it: deletes hold for what was there before them. */
  sequenceNumber: number;
  /** Files of the same partition have the same text; absent in a table, or of a time, without partitions. */
  partition?: string;
  /** SQL of values that all its rows have, by the ids of columns: those that it is parted by as they are. */
  constants: ReadonlyMap<number, string>;
  /** By the ids of columns, as far as the writer knew. Bounds are as the specification's "Binary single-value serialization". */
  upperBounds: ReadonlyMap<number, Buffer>;
  nullCounts: ReadonlyMap<number, number>;
}

export interface IcebergFiles {
  /** Columns of the current schema. */
  fields: IcebergField[];
  /** What columns are called in files that have no ids, in lower case; empty when the table does not say. */
  idsByName: ReadonlyMap<string, number>;
  data: IcebergFile[];
  /** Files that say which rows of the data are gone. */
  deletes: IcebergFile[];
}

const VERSIONS = [1, 2, 3];
/** A manifest's entries: those that a snapshot before had removed are kept for a while. */
const DELETED = 2;
/** What a file holds. */
const POSITION_DELETES = 1;

/**
 * @param metadataLocation what `metadata_location` of the catalog's table says
 * @param pathsOf the files behind locations, in their order
 * @throws IcebergError also for files of other formats than Parquet; AvroError, and what `pathsOf` throws
 */
export async function readIcebergFiles(
  metadataLocation: string,
  pathsOf: (locations: readonly string[]) => Promise<readonly string[]>,
): Promise<IcebergFiles> {
  const pathOf = async (location: string) => (await pathsOf([location]))[0] as string;
  const text = metadataText(readFileSync(await pathOf(metadataLocation)));
  const metadata = parseTableMetadata(text, metadataLocation);
  const version = metadata['format-version'];
  if (!VERSIONS.includes(version))
    throw new IcebergError(`its format-version is ${version}; ${VERSIONS.join(', ')} are read`);
  const fields = currentFields(metadata);
  const files: IcebergFiles = { fields, idsByName: idsByNameOf(metadata), data: [], deletes: [] };
  const snapshot = currentSnapshotOf(text, metadata);
  if (!snapshot) return files;
  const list = snapshot['manifest-list'];
  if (list === undefined) throw new IcebergError('its snapshot has no manifest list, as old writers did it');
  const manifests: Record<string, unknown>[] = [];
  for await (const manifest of readAvroRecords(await pathOf(list))) manifests.push(manifest);
  const paths = await pathsOf(manifests.map((manifest) => manifest.manifest_path as string));
  for (const [index, manifest] of manifests.entries()) {
    const parting = partitionFieldsOf(metadata, Number(manifest.partition_spec_id ?? 0));
    for await (const entry of readAvroRecords(paths[index] as string)) {
      if (entry.status === DELETED) continue;
      const found = fileOf(entry, manifest, parting, fields);
      requireReadable(found);
      (found.deletes === undefined ? files.data : files.deletes).push(found);
    }
  }
  return files;
}

function requireReadable({ location, format, vector }: IcebergFile): void {
  if (format === (vector === undefined ? 'PARQUET' : 'PUFFIN')) return;
  throw new IcebergError(
    `${location} is of the format ${format}. Iceberg tables of Parquet can be read; rewrite its files`,
    { isUnsupported: true },
  );
}

/** Maps of the specification are lists of keys and values in Avro, whose own maps have texts for keys. */
function byColumn<T>(entries: unknown, valueOf: (value: unknown) => T): ReadonlyMap<number, T> {
  const list = (entries ?? []) as { key: number; value: unknown }[];
  return new Map(list.map(({ key, value }) => [key, valueOf(value)]));
}

function fileOf(
  entry: Record<string, unknown>,
  manifest: Record<string, unknown>,
  parting: readonly IcebergPartitionField[],
  fields: readonly IcebergField[],
): IcebergFile {
  const file = entry.data_file as Record<string, unknown>;
  const location = file.file_path as string;
  if (file.key_metadata !== null && file.key_metadata !== undefined)
    throw new IcebergError(`${location} is encrypted`, { isUnsupported: true });
  const values = Object.values((file.partition ?? {}) as Record<string, unknown>);
  // Version 1 has data alone and does not say so.
  const content = (file.content as number | null | undefined) ?? 0;
  const isParted = values.some((_, index) => parting[index]?.transform !== 'void');
  return {
    location,
    format: String(file.file_format).toUpperCase(),
    size: Number(file.file_size_in_bytes),
    rowCount: Number(file.record_count),
    ...(content === 0 ? {} : { deletes: content === POSITION_DELETES ? 'positions' : 'values' }),
    ...(content > POSITION_DELETES && { equalityIds: (file.equality_ids ?? []) as number[] }),
    ...(content === POSITION_DELETES && vectorOf(file)),
    constants: constantsOf(values, parting, fields),
    upperBounds: byColumn(file.upper_bounds, (value) => value as Buffer),
    nullCounts: byColumn(file.null_value_counts, Number),
    // An entry of a new file has none of its own: it is the commit's, which the list knows.
    sequenceNumber: Number(entry.sequence_number ?? manifest.sequence_number ?? 0),
    ...(isParted && { partition: JSON.stringify([manifest.partition_spec_id, values]) }),
  };
}

function vectorOf(file: Record<string, unknown>): { vector: DeletionVector } | undefined {
  const { content_offset: offset, content_size_in_bytes: length, referenced_data_file: of } = file;
  if (offset === null || offset === undefined) return undefined;
  return { vector: { of: of as string, offset: Number(offset), length: Number(length) } };
}

/** Source: the specification, "Column Projection": what a file has no column of may stand in its partition. */
function constantsOf(
  values: readonly unknown[],
  parting: readonly IcebergPartitionField[],
  fields: readonly IcebergField[],
): ReadonlyMap<number, string> {
  const constants = new Map<number, string>();
  for (const [index, { 'source-id': id, transform }] of parting.entries()) {
    const type = transform === 'identity' ? fields.find((field) => field.id === id)?.type : undefined;
    if (type !== undefined)
      constants.set(id, partitionSql(values[index] as Parameters<typeof partitionSql>[0], type));
  }
  return constants;
}

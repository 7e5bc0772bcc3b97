// The files that the current snapshot of an Iceberg table consists of. Source: the Iceberg table specification, "Manifests".
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readAvroRecords } from '../avro/avro-json.js';
import type { IcebergField } from './iceberg-schema.js';

/** A table that cannot be read here, or whose metadata is not what it should be. */
export class IcebergError extends Error {
  override readonly name = 'IcebergError';
}

export interface IcebergFile {
  /** As the writer gave it, e.g. `s3://bucket/table/data/a.parquet`. */
  location: string;
  /** `PARQUET`, `ORC` or `AVRO`. */
  format: string;
  /** Bytes. */
  size: number;
  rowCount: number;
  /** Of a file of deletes: those of places in files, or of values. */
  deletes?: 'positions' | 'values';
  /** Of a file of values: the ids of its columns. */
  equalityIds?: number[];
  /** Of the commit that added it: deletes hold for what was there before them. */
  sequenceNumber: number;
  /** Files of the same partition have the same text; absent in a table, or of a time, without partitions. */
  partition?: string;
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

interface Metadata {
  'format-version': number;
  'current-snapshot-id'?: number | null;
  'current-schema-id'?: number;
  schema?: { fields: IcebergField[] };
  schemas?: { 'schema-id': number; fields: IcebergField[] }[];
  properties?: Readonly<Record<string, string>>;
}

const VERSIONS = [1, 2];
/** A manifest's entries: those that a snapshot before had removed are kept for a while. */
const DELETED = 2;
/** What a file holds. */
const POSITION_DELETES = 1;

/**
 * @param metadataLocation what `metadata_location` of the catalog's table says
 * @param pathOf the file behind a location
 * @throws IcebergError, AvroError, and what `pathOf` throws
 */
export async function readIcebergFiles(
  metadataLocation: string,
  pathOf: (location: string) => string | Promise<string>,
): Promise<IcebergFiles> {
  const text = metadataText(await pathOf(metadataLocation));
  const metadata = parsed(text, metadataLocation);
  const version = metadata['format-version'];
  if (!VERSIONS.includes(version))
    throw new IcebergError(`its format-version is ${version}; ${VERSIONS.join(' and ')} are read`);
  const files: IcebergFiles = {
    fields: currentFields(metadata),
    idsByName: namesOf(metadata),
    data: [],
    deletes: [],
  };
  const manifestList = currentManifestList(text, metadata);
  if (manifestList === undefined) return files;
  for await (const manifest of readAvroRecords(await pathOf(manifestList))) {
    const manifestPath = await pathOf(manifest.manifest_path as string);
    for await (const entry of readAvroRecords(manifestPath)) {
      if (entry.status === DELETED) continue;
      const file = entry.data_file as Record<string, unknown>;
      const found = fileOf(file, entry, manifest);
      (found.deletes === undefined ? files.data : files.deletes).push(found);
    }
  }
  return files;
}

/** Maps of the specification are lists of keys and values in Avro, whose own maps have texts for keys. */
function byColumn<T>(entries: unknown, valueOf: (value: unknown) => T): ReadonlyMap<number, T> {
  const list = (entries ?? []) as { key: number; value: unknown }[];
  return new Map(list.map(({ key, value }) => [key, valueOf(value)]));
}

/** What the current snapshot says of itself; undefined for what it does not say, or when there is none. */
export interface IcebergTotals {
  rowCount: number | undefined;
  /** Of the data. */
  fileCount: number | undefined;
  /** Of data and deletes. */
  bytes: number | undefined;
}

/** Rows that deletes name are taken off. @param stored the metadata file as it is stored. @throws IcebergError */
export function readIcebergTotals(stored: Uint8Array, metadataLocation: string): IcebergTotals {
  const text = unpackedText(Buffer.from(stored));
  const snapshot = currentSnapshot(text, parsed(text, metadataLocation));
  const total = (name: string): number | undefined => {
    const said = snapshot ? snapshot.summary?.[`total-${name}`] : '0';
    return said !== undefined && /^\d+$/.test(said) ? Number(said) : undefined;
  };
  const records = total('records');
  const rowCount =
    records === undefined ? undefined : Math.max(0, records - (total('position-deletes') ?? 0));
  return { rowCount, fileCount: total('data-files'), bytes: total('files-size') };
}

function fileOf(
  file: Record<string, unknown>,
  entry: Record<string, unknown>,
  manifest: Record<string, unknown>,
): IcebergFile {
  const partition = file.partition as object | undefined;
  // Version 1 has data alone and does not say so.
  const content = (file.content as number | null | undefined) ?? 0;
  const isParted = partition !== undefined && Object.keys(partition).length > 0;
  return {
    location: file.file_path as string,
    format: String(file.file_format).toUpperCase(),
    size: Number(file.file_size_in_bytes),
    rowCount: Number(file.record_count),
    ...(content === 0 ? {} : { deletes: content === POSITION_DELETES ? 'positions' : 'values' }),
    ...(content > POSITION_DELETES && { equalityIds: (file.equality_ids ?? []) as number[] }),
    upperBounds: byColumn(file.upper_bounds, (value) => value as Buffer),
    nullCounts: byColumn(file.null_value_counts, Number),
    // An entry of a new file has none of its own: it is the commit's, which the list knows.
    sequenceNumber: Number(entry.sequence_number ?? manifest.sequence_number ?? 0),
    ...(isParted && { partition: JSON.stringify([manifest.partition_spec_id, partition]) }),
  };
}

function metadataText(path: string): string {
  return unpackedText(readFileSync(path));
}

function unpackedText(stored: Buffer): string {
  const isGzip = stored[0] === 0x1f && stored[1] === 0x8b;
  return (isGzip ? gunzipSync(stored) : stored).toString('utf8');
}

function parsed(text: string, location: string): Metadata {
  try {
    return JSON.parse(text) as Metadata;
  } catch (error) {
    throw new IcebergError(`${location} is not JSON`, { cause: error });
  }
}

function currentFields({ schema, schemas, 'current-schema-id': id }: Metadata): IcebergField[] {
  const current = schemas?.find((each) => each['schema-id'] === id) ?? schema;
  if (!current) throw new IcebergError('its metadata has no current schema');
  return current.fields;
}

/** Source: the Iceberg table specification, "Name Mapping Serialization". */
function namesOf({ properties = {} }: Metadata): ReadonlyMap<string, number> {
  const mapping = properties['schema.name-mapping.default'];
  if (mapping === undefined) return new Map();
  const fields = JSON.parse(mapping) as { 'field-id'?: number; names: string[] }[];
  return new Map(
    fields.flatMap(({ 'field-id': id, names }) =>
      id === undefined ? [] : names.map((name): [string, number] => [name.toLowerCase(), id]),
    ),
  );
}

interface Snapshot {
  'snapshot-id': string;
  'manifest-list'?: string;
  summary?: Readonly<Record<string, string>>;
}

/** Undefined when there is none. Snapshots' ids have 63 bits, which JSON.parse would round: they are compared as the text has them. */
function currentSnapshot(text: string, metadata: Metadata): Snapshot | undefined {
  const current = metadata['current-snapshot-id'];
  if (current === undefined || current === null || current === -1) return undefined;
  const exact = JSON.parse(text.replace(/("(?:current-)?snapshot-id"\s*:\s*)(-?\d+)/g, '$1"$2"')) as {
    'current-snapshot-id': string;
    snapshots?: Snapshot[];
  };
  const snapshot = exact.snapshots?.find((each) => each['snapshot-id'] === exact['current-snapshot-id']);
  if (!snapshot) throw new IcebergError(`its metadata has no snapshot ${exact['current-snapshot-id']}`);
  return snapshot;
}

/** The location of the current snapshot's list; undefined when there is no snapshot. */
function currentManifestList(text: string, metadata: Metadata): string | undefined {
  const snapshot = currentSnapshot(text, metadata);
  if (!snapshot) return undefined;
  const list = snapshot['manifest-list'];
  if (list === undefined) throw new IcebergError('its snapshot has no manifest list, as old writers did it');
  return list;
}

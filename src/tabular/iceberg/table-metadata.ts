// What readers need of a table's metadata: its columns, and where the list of the current snapshot is.
// Source: the Iceberg table specification, "Table Metadata".
import { gunzipSync } from 'node:zlib';
import { IcebergError } from './iceberg-error.js';
import type { IcebergPartitionField } from './iceberg-metadata.js';
import type { IcebergField } from './iceberg-schema.js';

export interface TableMetadata {
  'format-version': number;
  'current-snapshot-id'?: number | null;
  'current-schema-id'?: number;
  schema?: { fields: IcebergField[] };
  schemas?: { 'schema-id': number; fields: IcebergField[] }[];
  'partition-spec'?: IcebergPartitionField[];
  'partition-specs'?: { 'spec-id': number; fields: IcebergPartitionField[] }[];
  properties?: Readonly<Record<string, string>>;
}

/** A metadata file as it is stored, which may be compressed. */
export function metadataText(stored: Buffer): string {
  const isGzip = stored[0] === 0x1f && stored[1] === 0x8b;
  return (isGzip ? gunzipSync(stored) : stored).toString('utf8');
}

/** @throws IcebergError */
export function parseTableMetadata(text: string, location: string): TableMetadata {
  try {
    return JSON.parse(text) as TableMetadata;
  } catch (error) {
    throw new IcebergError(`${location} is not JSON`, { cause: error });
  }
}

/** @throws IcebergError when there is none */
export function currentFields({ schema, schemas, 'current-schema-id': id }: TableMetadata): IcebergField[] {
  const current = schemas?.find((each) => each['schema-id'] === id) ?? schema;
  if (!current) throw new IcebergError('its metadata has no current schema');
  return current.fields;
}

/** How files of a partition spec are parted; version 1 may tell of its only one alone. */
export function partitionFieldsOf(
  { 'partition-specs': specs, 'partition-spec': only = [] }: TableMetadata,
  specId: number,
): readonly IcebergPartitionField[] {
  return specs?.find((each) => each['spec-id'] === specId)?.fields ?? only;
}

/** What columns are called in files without ids, in lower case. Source: "Name Mapping Serialization". */
export function idsByNameOf({ properties = {} }: TableMetadata): ReadonlyMap<string, number> {
  const mapping = properties['schema.name-mapping.default'];
  if (mapping === undefined) return new Map();
  const fields = JSON.parse(mapping) as { 'field-id'?: number; names: string[] }[];
  return new Map(
    fields.flatMap(({ 'field-id': id, names }) =>
      id === undefined ? [] : names.map((name): [string, number] => [name.toLowerCase(), id]),
    ),
  );
}

export interface TableSnapshot {
  'snapshot-id': string;
  'manifest-list'?: string;
  summary?: Readonly<Record<string, string>>;
}

/** Undefined when there is none. Snapshots' ids have 63 bits, which JSON.parse would round: they are compared as the text has them. */
export function currentSnapshotOf(text: string, metadata: TableMetadata): TableSnapshot | undefined {
  const current = metadata['current-snapshot-id'];
  if (current === undefined || current === null || current === -1) return undefined;
  const exact = JSON.parse(text.replace(/("(?:current-)?snapshot-id"\s*:\s*)(-?\d+)/g, '$1"$2"')) as {
    'current-snapshot-id': string;
    snapshots?: TableSnapshot[];
  };
  const snapshot = exact.snapshots?.find((each) => each['snapshot-id'] === exact['current-snapshot-id']);
  if (!snapshot) throw new IcebergError(`its metadata has no snapshot ${exact['current-snapshot-id']}`);
  return snapshot;
}

/** What the current snapshot says of itself; undefined for what it does not say, or when there is none. */
export interface IcebergTotals {
  /** At most: rows that deletes name by their values are counted. */
  rowCount: number | undefined;
  /** Of the data. */
  fileCount: number | undefined;
  /** Of data and deletes. */
  bytes: number | undefined;
}

/** Rows that deletes name by their places are taken off. @param stored the metadata file. @throws IcebergError */
export function readIcebergTotals(stored: Uint8Array, metadataLocation: string): IcebergTotals {
  const text = metadataText(Buffer.from(stored));
  const snapshot = currentSnapshotOf(text, parseTableMetadata(text, metadataLocation));
  const total = (name: string): number | undefined => {
    const said = snapshot ? snapshot.summary?.[`total-${name}`] : '0';
    return said !== undefined && /^\d+$/.test(said) ? Number(said) : undefined;
  };
  const records = total('records');
  const rowCount =
    records === undefined ? undefined : Math.max(0, records - (total('position-deletes') ?? 0));
  return { rowCount, fileCount: total('data-files'), bytes: total('files-size') };
}

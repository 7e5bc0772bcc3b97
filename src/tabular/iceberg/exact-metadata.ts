// A table's metadata as a whole, to be changed and written again: nothing that is not understood gets lost.
// Source: the Iceberg table specification, "Table Metadata".
import type { IcebergField } from './iceberg-schema.js';
import type { IcebergPartitionField } from './iceberg-metadata.js';

export interface IcebergSnapshot {
  'snapshot-id': string;
  'parent-snapshot-id'?: string;
  'sequence-number': number;
  'timestamp-ms': number;
  'manifest-list': string;
  summary: Record<string, string>;
  'schema-id'?: number;
}

/** Snapshots' ids have 63 bits, which JavaScript's numbers have no room for: here they are texts. */
export interface ExactMetadata extends Record<string, unknown> {
  'format-version': number;
  location: string;
  'last-sequence-number'?: number;
  'last-updated-ms': number;
  'current-schema-id': number;
  schemas: { 'schema-id': number; fields: IcebergField[] }[];
  'default-spec-id': number;
  'partition-specs': { 'spec-id': number; fields: IcebergPartitionField[] }[];
  'current-snapshot-id'?: string | null;
  snapshots?: IcebergSnapshot[];
  'snapshot-log'?: { 'timestamp-ms': number; 'snapshot-id': string }[];
  'metadata-log'?: { 'timestamp-ms': number; 'metadata-file': string }[];
  refs?: Record<string, { 'snapshot-id': string; type: string }>;
  properties?: Record<string, string>;
}

// Inside of a JSON text a quote has a backslash before it, so that these are never parts of one.
const ID_IN_TEXT = /("(?:current-|parent-)?snapshot-id"\s*:\s*)(-?\d+)/g;
const ID_AS_TEXT = /("(?:current-|parent-)?snapshot-id":)"(-?\d+)"/g;

/** @throws SyntaxError for what is no JSON */
export function parseExactMetadata(text: string): ExactMetadata {
  return JSON.parse(text.replace(ID_IN_TEXT, '$1"$2"')) as ExactMetadata;
}

export function exactMetadataText(metadata: ExactMetadata): string {
  return JSON.stringify(metadata).replace(ID_AS_TEXT, '$1$2');
}

/** Undefined for a table without snapshots. */
export function currentSnapshot(metadata: ExactMetadata): IcebergSnapshot | undefined {
  const id = metadata['current-snapshot-id'];
  return metadata.snapshots?.find((snapshot) => snapshot['snapshot-id'] === id);
}

/** AWS and Iceberg's libraries keep the names of so many metadata files when the table says nothing else. */
const PREVIOUS_VERSIONS_MAX = 100;

/** What the next metadata says of those before it. @param previous the file that it replaces; undefined for a new table */
export function metadataLog(
  metadata: ExactMetadata,
  previous: string | undefined,
): NonNullable<ExactMetadata['metadata-log']> {
  const replaced =
    previous === undefined
      ? []
      : [{ 'timestamp-ms': metadata['last-updated-ms'], 'metadata-file': previous }];
  const wanted = Number(
    metadata.properties?.['write.metadata.previous-versions-max'] ?? PREVIOUS_VERSIONS_MAX,
  );
  return [...(metadata['metadata-log'] ?? []), ...replaced].slice(-Math.max(1, wanted));
}

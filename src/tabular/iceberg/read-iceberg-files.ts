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
}

export interface IcebergFiles {
  /** Columns of the current schema. */
  fields: IcebergField[];
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
}

const VERSIONS = [1, 2];
/** A manifest's entries: those that a snapshot before had removed are kept for a while. */
const DELETED = 2;

/**
 * @param metadataLocation what `metadata_location` of the catalog's table says
 * @param pathOf the file behind a location
 * @throws IcebergError, AvroError, and what `pathOf` throws
 */
export async function readIcebergFiles(
  metadataLocation: string,
  pathOf: (location: string) => string,
): Promise<IcebergFiles> {
  const text = metadataText(pathOf(metadataLocation));
  const metadata = parsed(text, metadataLocation);
  const version = metadata['format-version'];
  if (!VERSIONS.includes(version))
    throw new IcebergError(`its format-version is ${version}; ${VERSIONS.join(' and ')} are read`);
  const files: IcebergFiles = { fields: currentFields(metadata), data: [], deletes: [] };
  const manifestList = currentManifestList(text, metadata);
  if (manifestList === undefined) return files;
  for await (const manifest of readAvroRecords(pathOf(manifestList))) {
    const manifestPath = pathOf(manifest.manifest_path as string);
    for await (const entry of readAvroRecords(manifestPath)) {
      if (entry.status === DELETED) continue;
      const file = entry.data_file as Record<string, unknown>;
      // Version 1 has data alone and does not say so.
      const isData = ((file.content as number | null | undefined) ?? 0) === 0;
      (isData ? files.data : files.deletes).push({
        location: file.file_path as string,
        format: String(file.file_format).toUpperCase(),
        size: Number(file.file_size_in_bytes),
        rowCount: Number(file.record_count),
      });
    }
  }
  return files;
}

function metadataText(path: string): string {
  const stored = readFileSync(path);
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

/**
 * The location of the current snapshot's list; undefined when there is no snapshot. Snapshots' ids have 63 bits, which
 * JSON.parse would round: they are compared as the text has them.
 */
function currentManifestList(text: string, metadata: Metadata): string | undefined {
  const current = metadata['current-snapshot-id'];
  if (current === undefined || current === null || current === -1) return undefined;
  const exact = JSON.parse(text.replace(/("(?:current-)?snapshot-id"\s*:\s*)(-?\d+)/g, '$1"$2"')) as {
    'current-snapshot-id': string;
    snapshots?: { 'snapshot-id': string; 'manifest-list'?: string }[];
  };
  const snapshot = exact.snapshots?.find((each) => each['snapshot-id'] === exact['current-snapshot-id']);
  if (!snapshot) throw new IcebergError(`its metadata has no snapshot ${exact['current-snapshot-id']}`);
  const list = snapshot['manifest-list'];
  if (list === undefined) throw new IcebergError('its snapshot has no manifest list, as old writers did it');
  return list;
}

// The metadata file of an Iceberg table as a crawler reads it. Source: the Iceberg table specification, "Table Metadata".
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { messageOf } from '../../base/errors.js';
import type { HiveType } from '../hive-type.js';
import { hiveTypeOfIceberg } from './iceberg-columns.js';
import type { IcebergField } from './iceberg-schema.js';

export interface IcebergTable {
  /** Without a slash at its end. */
  location: string;
  lastUpdatedMs: number;
  columns: { id: number; name: string; isOptional: boolean; type: HiveType; comment: string | undefined }[];
}

/** Metadata is small; more is taken for damage. Bytes. */
export const METADATA_BYTES_MAX = 256 * 1024 * 1024;

const NAME = /^(?:v?(\d+)(?:-[^/]*)?)(?:\.gz)?\.metadata\.json(?:\.gz)?$/;

/** Which version of its table a file in `metadata/` is: `00003-<uuid>.metadata.json`, `v3.metadata.json`; undefined for others. */
export function metadataVersion(name: string): number | undefined {
  const match = NAME.exec(name);
  return match ? Number(match[1]) : undefined;
}

/** @throws Error that tells what is wrong with the file */
export function readIcebergMetadata(path: string): IcebergTable {
  const stored = readFileSync(path);
  const isGzip = stored[0] === 0x1f && stored[1] === 0x8b;
  const bytes = isGzip ? gunzipSync(stored, { maxOutputLength: METADATA_BYTES_MAX }) : stored;
  return parseIcebergMetadata(bytes.toString('utf8'));
}

/** @throws Error that tells what is wrong with the text */
export function parseIcebergMetadata(text: string): IcebergTable {
  let metadata: Record<string, unknown> | null;
  try {
    metadata = JSON.parse(text) as Record<string, unknown> | null;
  } catch (error) {
    throw new Error(`it is not JSON: ${messageOf(error)}`, { cause: error });
  }
  const version = metadata?.['format-version'];
  if (version !== 1 && version !== 2 && version !== 3) {
    throw new Error(`its format-version is ${JSON.stringify(version)}; 1, 2 and 3 are known`);
  }
  const { location, schema, schemas, 'last-updated-ms': lastUpdatedMs } = metadata as Record<string, unknown>;
  if (typeof location !== 'string' || location === '') throw new Error('it has no location');
  const currentId = metadata?.['current-schema-id'];
  const current = Array.isArray(schemas)
    ? (schemas as ({ 'schema-id'?: unknown } | null)[]).find((one) => one?.['schema-id'] === currentId)
    : schema;
  const fields = (current as { fields?: unknown } | null | undefined)?.fields;
  if (!Array.isArray(fields)) throw new Error(`it has no schema ${JSON.stringify(currentId ?? '')}`);
  return {
    location: location.replace(/\/+$/, ''),
    lastUpdatedMs: typeof lastUpdatedMs === 'number' ? lastUpdatedMs : 0,
    columns: (fields as IcebergField[]).map((field) => ({
      id: field.id,
      name: field.name,
      isOptional: !field.required,
      type: hiveTypeOfIceberg(field),
      comment: field.doc,
    })),
  };
}

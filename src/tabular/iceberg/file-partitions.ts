// Which partitions data files are in, as their manifests say it: deletes of rows must be in the same.
// Source: the Iceberg table specification, "Manifests" and "Position Delete Files".
import { openAvroContainer } from '../avro/avro-container.js';
import { readAvroRecords } from '../avro/avro-json.js';
import { IcebergError } from './iceberg-error.js';

/** Values and their Avro type are kept as they were found, so that they can be written again whatever their types are. */
export interface FilePartition {
  specId: number;
  values: Record<string, unknown>;
  schema: object;
}

export interface PlacedInPartition extends FilePartition {
  /** As the manifest has it. */
  location: string;
}

const DATA = 0;
const DELETED = 2;

/**
 * @param manifests entries of the current snapshot's list of manifests
 * @param wanted addresses of data files, as `uriOf` makes them of locations
 * @param places what a location stands for: an address, a file on this disk
 * @returns by address. @throws AvroError, IcebergError for a file that no manifest names
 */
export async function partitionsOfFiles(
  manifests: readonly Record<string, unknown>[],
  wanted: readonly string[],
  { uriOf, pathOf }: { uriOf(location: string): string; pathOf(location: string): string },
): Promise<Map<string, PlacedInPartition>> {
  const missing = new Set(wanted);
  const found = new Map<string, PlacedInPartition>();
  for (const manifest of manifests) {
    if (missing.size === 0) break;
    if ((manifest.content ?? DATA) !== DATA) continue;
    const path = pathOf(manifest.manifest_path as string);
    const schema = await partitionSchemaOf(path);
    const specId = Number(manifest.partition_spec_id ?? 0);
    for await (const { status, data_file } of readAvroRecords(path)) {
      const file = data_file as { file_path: string; partition: Record<string, unknown> };
      const uri = uriOf(file.file_path);
      if (status === DELETED || !missing.delete(uri)) continue;
      found.set(uri, { location: file.file_path, specId, values: file.partition, schema });
    }
  }
  for (const location of missing) throw new IcebergError(`no manifest names the data file ${location}`);
  return found;
}

interface RecordSchema {
  fields: { name: string; type: unknown }[];
}

async function partitionSchemaOf(path: string): Promise<object> {
  const container = await openAvroContainer(path);
  try {
    const memberOf = ({ fields }: RecordSchema, name: string) =>
      fields.find((field) => field.name === name)?.type;
    const file = memberOf(container.schema as RecordSchema, 'data_file') as RecordSchema;
    return memberOf(file, 'partition') as object;
  } finally {
    await container.close();
  }
}

// Turns staged files into objects, all of them or none, and tells of them in a manifest.
import type { Clock } from '../../base/clock.js';
import type { Ids } from '../../base/ids.js';
import { parseS3Uri, type ObjectStorage } from '../../storage/object-storage.js';
import { placeOf } from '../results/result-files.js';
import { QueryFailure } from '../statement/query-failure.js';
import type { OutputFormat } from './output-format.js';
import type { StagedFile } from './stage-files.js';

export interface Publishing {
  storage: ObjectStorage;
  clock: Clock;
  ids: Ids;
  record: { id: string; outputLocation: string };
}

/** A file that has become an object. */
export interface PublishedFile extends StagedFile {
  location: string;
  /** Bytes. */
  size: number;
}

/**
 * @param folderOf `s3://.../` of a file by its partition's values
 * @param recordInCatalog done when all objects are there; when it throws, none stays
 */
export async function publishFiles(
  files: readonly StagedFile[],
  format: OutputFormat,
  folderOf: (values: readonly (string | null)[]) => string,
  { storage, clock, ids, record }: Publishing,
  recordInCatalog: (files: readonly PublishedFile[]) => Promise<void> | void,
): Promise<{ manifestLocation: string; outputBytes: number }> {
  const published: { bucket: string; key: string }[] = [];
  const objects: PublishedFile[] = [];
  let outputBytes = 0;
  const manifestLocation = `${record.outputLocation}-manifest.csv`;
  try {
    for (const [index, file] of files.entries()) {
      const { bucket, key: folder } = placeOf(folderOf(file.values));
      const key = folder + fileName(clock.now(), index, ids, format);
      const object = await storage.adopt(bucket, key, file.path);
      published.push({ bucket, key });
      objects.push({ ...file, location: `s3://${bucket}/${key}`, size: object.size });
      outputBytes += object.size;
    }
    const manifest = placeOf(manifestLocation);
    await storage.put(
      manifest.bucket,
      manifest.key,
      Buffer.from(objects.map(({ location }) => `${location}\n`).join('')),
    );
    published.push(manifest);
    await recordInCatalog(objects);
  } catch (error) {
    for (const { bucket, key } of published) storage.delete(bucket, key);
    throw error;
  }
  return { manifestLocation, outputBytes };
}

/** Names as Athena gives them: instant, number, something random; compressed texts say so (seen in its output). */
function fileName(now: Date, index: number, ids: Ids, { kind, compression }: OutputFormat): string {
  const instant = now.toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15);
  const ending =
    kind === 'parquet' || compression === 'uncompressed' ? '' : compression === 'gzip' ? '.gz' : '.zst';
  return `${instant}_${String(index).padStart(5, '0')}_${ids.hex(3).slice(0, 5)}_${ids.uuid()}${ending}`;
}

/** A place for new files. @throws QueryFailure when it is no S3 path, its bucket is missing or something is there */
export function requireEmptyFolder(location: string, what: string, storage: ObjectStorage): string {
  const place = parseS3Uri(location);
  if (!place || !location.startsWith('s3://'))
    throw new QueryFailure(
      `INVALID_TABLE_PROPERTY: '${location}' is not an S3 path: write it as s3://bucket/folder/`,
    );
  if (!storage.hasBucket(place.bucket)) {
    throw new QueryFailure(
      `HIVE_FILESYSTEM_ERROR: The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket; Bucket: ${place.bucket})`,
    );
  }
  const folder = location.endsWith('/') ? location : `${location}/`;
  const { key: prefix } = placeOf(folder);
  if (storage.list(place.bucket, { prefix, count: 1 }).entries.length > 0) {
    throw new QueryFailure(
      `HIVE_PATH_ALREADY_EXISTS: Target directory for ${what} already exists: ${folder}. You may need to manually clean the data at location '${folder}' before retrying. Athena will not delete data in your account.`,
    );
  }
  return folder;
}

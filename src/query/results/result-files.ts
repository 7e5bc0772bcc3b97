// Results as objects: the file that OutputLocation names, and the metadata beside it.
import type { ColumnInfo } from '@aws-sdk/client-athena';
import { parseS3Uri, type ObjectStorage } from '../../storage/object-storage.js';
import { metadataFile } from './metadata-file.js';

export interface ResultWriting {
  record: { id: string; outputLocation: string };
  storage: ObjectStorage;
}

/** The place of an object. @throws Error for a location that is no S3 path */
export function placeOf(location: string): { bucket: string; key: string } {
  const place = parseS3Uri(location);
  if (!place) throw new Error(`${location} is not an S3 path.`);
  return place;
}

/** The names of the columns, every one quoted, and a line end. */
export function csvHeader(columns: readonly ColumnInfo[]): string {
  return `${columns.map(({ Label = '' }) => `"${Label.replaceAll('"', '""')}"`).join(',')}\n`;
}

/** The finished file becomes the result. Answers its bytes. */
export async function adoptResult(path: string, { record, storage }: ResultWriting): Promise<number> {
  const { bucket, key } = placeOf(record.outputLocation);
  const object = await storage.adopt(bucket, key, path, { contentType: 'application/octet-stream' });
  return object.size;
}

export async function writeMetadata(
  columns: readonly ColumnInfo[],
  { record, storage }: ResultWriting,
): Promise<void> {
  const { bucket, key } = placeOf(`${record.outputLocation}.metadata`);
  await storage.put(bucket, key, metadataFile(record.id, columns), {
    contentType: 'application/octet-stream',
  });
}

/** A result of texts, one a row. Answers its bytes. */
export async function writeLines(
  lines: readonly string[],
  { record, storage }: ResultWriting,
): Promise<number> {
  const { bucket, key } = placeOf(record.outputLocation);
  const text = lines.map((line) => `${line}\n`).join('');
  const object = await storage.put(bucket, key, Buffer.from(text), {
    contentType: 'text/plain; charset=utf-8',
  });
  return object.size;
}

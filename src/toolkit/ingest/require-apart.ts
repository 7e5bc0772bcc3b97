// That an ingest does not read what it writes: output and trackers lie apart from the files of a source table.
import type { Table } from '@aws-sdk/client-glue';
import { GluepotError } from '../../base/errors.js';
import { isHidden } from './s3-place.js';
import { findSource } from './source/find-source.js';
import { fileSource } from './source/file-source.js';
import type { IngestSpec } from './spec.js';

/**
 * Of a table without partitions every object below its location is read; of others those of the partitions that the catalog names.
 * @throws GluepotError `usage`
 */
export function requireApart(table: Table, spec: Pick<IngestSpec, 'outputPath' | 'trackerPath'>): void {
  if (findSource(table) !== fileSource || (table.PartitionKeys ?? []).length > 0) return;
  const location = folderOf(table.StorageDescriptor?.Location ?? '');
  for (const [setting, place] of Object.entries({
    outputPath: spec.outputPath,
    trackerPath: spec.trackerPath,
  })) {
    const folder = folderOf(place);
    if (!folder.startsWith(location) || isHidden(folder.slice(location.length))) continue;
    throw new GluepotError(
      'usage',
      `${setting} is ${place}, below the location of ${table.Name}, ${location}: the next run would read what this one writes. ` +
        `Choose a ${setting} beside the source's, or exclude ${table.Name}.`,
    );
  }
}

/** In the words of S3, with a slash at its end. */
function folderOf(place: string): string {
  return `${place.replace(/^s3[an]:/, 's3:').replace(/\/+$/, '')}/`;
}

// Which objects a source reads.
import { listPages } from '../../storage/list-pages.js';
import { parseS3Uri, type ObjectEntry, type ObjectStorage } from '../../storage/object-storage.js';
import type { SourceLimits } from '../bookmarks/run-bookmark.js';
import type { ScanFile } from '../plan/plan.js';
import type { NodeContext } from './node-kind.js';

/** AWS docs: the size of a group is computed when it is not given. Ours is the size of one block on S3A. */
const GROUP_BYTES_DEFAULT = 128 * 1024 * 1024;

export interface FoundFiles {
  files: ScanFile[];
  /** Objects below the path that are no data: folder markers, hidden ones, those in sub-folders that were not asked for. */
  passedOverCount: number;
}

/**
 * Data files at `uri`, an object or everything below a folder, in order of their keys. As Hadoop lists them: without
 * names that start with `_` or `.`, folder markers and empty files.
 * @throws Error when `uri` is no S3 path or its bucket does not exist
 */
export function findFiles(storage: ObjectStorage, uri: string, isRecursive: boolean): FoundFiles {
  const place = parseS3Uri(uri);
  if (!place) throw new Error(`"${uri}" is not an S3 path; write it as s3://bucket/folder/.`);
  if (!storage.hasBucket(place.bucket)) {
    throw new Error(`the bucket of ${uri} does not exist: "${place.bucket}".`);
  }
  if (place.key !== '' && !place.key.endsWith('/')) {
    const object = storage.head(place.bucket, place.key);
    if (object) return { files: [scanFile(place.bucket, object)], passedOverCount: 0 };
  }
  const prefix = place.key === '' || place.key.endsWith('/') ? place.key : `${place.key}/`;
  const found: FoundFiles = { files: [], passedOverCount: 0 };
  for (const { entries } of listPages(storage, place.bucket, { prefix })) {
    for (const entry of entries) {
      const path = entry.key.slice(prefix.length);
      const isWanted = isData(path) && entry.size > 0 && (isRecursive || !path.includes('/'));
      if (isWanted) found.files.push(scanFile(place.bucket, entry));
      else found.passedOverCount += 1;
    }
  }
  return found;
}

function isData(path: string): boolean {
  if (path === '' || path.endsWith('/') || path.endsWith('_$folder$')) return false;
  return !path.split('/').some((name) => /^[_.]/.test(name) && !name.includes('='));
}

function scanFile(bucket: string, entry: ObjectEntry): ScanFile {
  const { key, size, lastModified, etag } = entry;
  return { bucket, key, size, lastModifiedMs: lastModified.getTime(), etag, partitionValues: [] };
}

/** AWS docs, BoundedFiles and BoundedSize: files in order until one of the bounds is reached. */
function boundFiles(
  files: ScanFile[],
  bounds: { BoundedFiles?: number | undefined; BoundedSize?: number | undefined } | undefined,
): ScanFile[] {
  let byteCount = 0;
  return files.filter((file, index) => {
    const isWithin =
      index < (bounds?.BoundedFiles ?? Infinity) && byteCount < (bounds?.BoundedSize ?? Infinity);
    byteCount += file.size;
    return isWithin;
  });
}

/** What a source reads of the files it finds: those that are new where the run goes by a bookmark, within its bounds. */
export function takeFiles(
  files: ScanFile[],
  context: Pick<NodeContext, 'id' | 'name' | 'bookmark' | 'log'>,
  options: { bounds: Parameters<typeof boundFiles>[1] } & SourceLimits,
): ScanFile[] {
  const bound = (found: ScanFile[]) => boundFiles(found, options.bounds);
  if (!context.bookmark) return bound(files);
  const taken = context.bookmark.takeFiles(context.id, files, options, bound);
  context.log(
    `Node "${context.name}": ${taken.length} of ${files.length} files are read, by the job's bookmark.`,
  );
  return taken;
}

/** AWS docs, groupFiles: files of one folder are read together until their group has `groupSize` bytes. */
export function groupFiles(
  files: ScanFile[],
  groupFilesOption: string | undefined,
  groupSize: string | undefined,
): ScanFile[][] {
  if (groupFilesOption !== 'inPartition') return files.map((file) => [file]);
  const groupBytes = Number(groupSize ?? GROUP_BYTES_DEFAULT);
  const groups: ScanFile[][] = [];
  let byteCount = 0;
  for (const file of files) {
    const previous = groups.at(-1)?.[0];
    if (!previous || byteCount + file.size > groupBytes || folderOf(previous) !== folderOf(file)) {
      groups.push([]);
      byteCount = 0;
    }
    groups.at(-1)?.push(file);
    byteCount += file.size;
  }
  return groups;
}

function folderOf(file: ScanFile): string {
  return `${file.bucket}/${file.key.slice(0, file.key.lastIndexOf('/') + 1)}`;
}

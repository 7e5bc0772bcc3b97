// Observe: everything a crawl learns about one target.
import type { ObjectStorage } from '../../storage/object-storage.js';
import type { Classifier } from '../../tabular/classifier.js';
import type { CrawlProgress } from '../crawl-progress.js';
import type { CrawlTarget } from '../targets/s3-target.js';
import type { Folder } from './folder.js';
import { listTarget, type ListingCounts } from './list-objects.js';
import { separateNewFolders, type CataloguedTable } from './new-folders.js';
import { readFiles, type DamagedFile, type ObservedFile } from './read-files.js';

export interface ObservedTarget {
  target: CrawlTarget;
  listing: ListingCounts;
  /** The folders that may hold tables, or one without anything when `file` is there. */
  root: Folder<ObservedFile>;
  /** The object that the include path names. */
  file: ObservedFile | undefined;
  /** Folders that appeared below catalogued tables, when only new folders are crawled. */
  added: ObservedAddition[];
  damaged: DamagedFile[];
}

export interface ObservedAddition {
  table: string;
  segments: string[];
  location: string;
  files: ObservedFile[];
}

/**
 * Lists and reads a target. With `catalogued`, folders of those tables that are catalogued already are not read.
 * @throws AwsError NoSuchBucket; the signal's reason when it aborts
 */
export async function observeTarget(
  storage: ObjectStorage,
  target: CrawlTarget,
  options: {
    signal: AbortSignal;
    progress: CrawlProgress;
    catalogued: readonly CataloguedTable[] | undefined;
    classifiers: readonly Classifier[];
  },
): Promise<ObservedTarget> {
  const { signal, progress } = options;
  progress.phase = 'listing';
  const listedBefore = progress.objectCount;
  // Of what is listed only the counts are kept once it is read: both trees of a million objects would be too much.
  const {
    root: listed,
    file: listedFile,
    ...listing
  } = await listTarget(storage, target, {
    signal,
    onListed: (count) => (progress.objectCount = listedBefore + count),
  });
  progress.phase = 'reading';
  const damaged: DamagedFile[] = [];
  const read = async (folder: Folder): Promise<Folder<ObservedFile>> => {
    const readBefore = progress.fileCount;
    const result = await readFiles(storage, target.bucket, folder, {
      sampleSize: target.sampleSize,
      classifiers: options.classifiers,
      signal,
      onRead: (count) => (progress.fileCount = readBefore + count),
    });
    damaged.push(...result.damaged);
    return result.root;
  };
  if (listedFile) {
    const single = await read({ ...listed, files: [listedFile] });
    return {
      target,
      listing,
      root: { ...single, files: [] },
      file: single.files[0],
      added: [],
      damaged,
    };
  }
  const separated = options.catalogued
    ? separateNewFolders(target.bucket, listed, options.catalogued)
    : { root: listed, added: [] };
  const root = await read(separated.root);
  const added: ObservedAddition[] = [];
  for (const { table, segments, folder } of separated.added) {
    const { files } = await read(folder);
    added.push({ table, segments, location: `s3://${target.bucket}/${folder.prefix}`, files });
  }
  return { target, listing, root, file: undefined, added, damaged };
}

// Observe: what lies at a target, before any of it is read.
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { listPages } from '../../storage/list-pages.js';
import type { ObjectStorage } from '../../storage/object-storage.js';
import type { CrawlTarget } from '../targets/s3-target.js';
import { folderBuilder, type Folder, type ListedFile } from './folder.js';

/** The objects of a target: a tree of folders, or the one object that the include path names. */
export interface TargetListing extends ListingCounts {
  root: Folder;
  /** The object, when the include path is that object's key. */
  file: ListedFile | undefined;
}

export interface ListingCounts {
  objectCount: number;
  /** Objects that were left aside, by reason. */
  excludedCount: number;
  hiddenCount: number;
  emptyCount: number;
}

const PAGE_SIZE = 1000;

/**
 * Lists the target. Left aside are excluded objects, hidden ones (last segment begins with _ or .) and those without
 * bytes, folder markers among them. That AWS leaves those two aside is a guess.
 * @throws AwsError NoSuchBucket; the signal's reason when it aborts
 */
export async function listTarget(
  storage: ObjectStorage,
  target: CrawlTarget,
  options: { signal: AbortSignal; onListed?: (objectCount: number) => void },
): Promise<TargetListing> {
  const isFolderPath = target.key === '' || target.key.endsWith('/');
  const object = isFolderPath ? undefined : storage.head(target.bucket, target.key);
  const prefix = isFolderPath ? target.key : `${target.key}/`;
  const builder = folderBuilder(prefix);
  const listing: TargetListing = {
    root: builder.root,
    file: undefined,
    objectCount: 0,
    excludedCount: 0,
    hiddenCount: 0,
    emptyCount: 0,
  };
  if (object) {
    listing.objectCount = 1;
    const name = target.key.slice(target.key.lastIndexOf('/') + 1);
    if (object.size === 0) listing.emptyCount = 1;
    else listing.file = { key: target.key, name, size: object.size };
    options.onListed?.(1);
    return listing;
  }
  for (const { entries } of listPages(storage, target.bucket, { prefix, count: PAGE_SIZE })) {
    for (const { key, size } of entries) {
      listing.objectCount++;
      if (target.isExcluded(key.slice(prefix.length))) listing.excludedCount++;
      else if (size === 0) listing.emptyCount++;
      else if (isHidden(key)) listing.hiddenCount++;
      else builder.add(key, size);
    }
    options.onListed?.(listing.objectCount);
    await yieldToOthers();
    options.signal.throwIfAborted();
  }
  return listing;
}

function isHidden(key: string): boolean {
  const first = key[key.lastIndexOf('/') + 1];
  return first === '_' || first === '.';
}

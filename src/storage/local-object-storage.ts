// Object storage over a folder: opens its parts and offers them as one.
import { mkdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Clock } from '../base/clock.js';
import type { Ids } from '../base/ids.js';
import { tellNobody, type EmitEvent } from '../events/event.js';
import type { State } from '../state/state.js';
import { openAttributeRecords } from './attributes.js';
import { openBuckets, type Buckets } from './bucket.js';
import { openDirectoryNames } from './directory-names.js';
import { openFolderSync } from './disk-sync.js';
import { keyPaths } from './key-path.js';
import { openMultipartUploads, type MultipartUploads } from './multipart.js';
import { openObjectFiles } from './object-files.js';
import type { Objects } from './object.js';
import { openObjects } from './open-objects.js';
import { tellOfObjects, type SendToQueue } from './object-telling.js';
import { openTemporaryFiles } from './temporary-files.js';
import { openUploadRecords } from './upload-records.js';

/** ObjectStorage with all that S3 adds to it. */
export interface LocalObjectStorage extends Objects {
  readonly root: string;
  hasBucket(bucket: string): boolean;
  readonly buckets: Buckets;
  readonly uploads: MultipartUploads;
}

/**
 * Opens the folder `root`, which is made when missing. Every folder in it that has a legal bucket name is a bucket and
 * every regular file in a bucket's folder an object, whoever made them; symbolic links are neither. `state` needs
 * documentsSchema and storageSchema. `region` is that of buckets which were not made through S3.
 *
 * Beside the buckets, in `root`, are `.escaped` (objects whose keys no file can be named after), `.unfinished` (writes
 * under way; emptied here) and `.uploads` (parts of multipart uploads).
 */
export function openObjectStorage(
  state: State,
  options: {
    root: string;
    clock: Clock;
    ids: Ids;
    region: string;
    accountId?: string;
    emit?: EmitEvent;
    /** Where buckets tell queues; nobody hears when it is left out. */
    sendToQueue?: SendToQueue;
  },
): LocalObjectStorage {
  const { clock, ids, region, emit = tellNobody, sendToQueue = () => {}, accountId = '' } = options;
  mkdirSync(options.root, { recursive: true });
  const root = realpathSync.native(options.root);
  const paths = keyPaths(root);
  const files = openObjectFiles(state, paths);
  files.mendEscaped();
  const records = openAttributeRecords(state);
  const directories = openDirectoryNames();
  const temporary = openTemporaryFiles(join(root, '.unfinished'), ids);
  const syncFolder = openFolderSync(dirname(root));
  const buckets = openBuckets(state, { root, paths, files, records, directories, clock, region });
  const objects = openObjects(state, {
    paths,
    files,
    records,
    directories,
    temporary,
    buckets,
    clock,
    syncFolder,
    tell: tellOfObjects(buckets, { emit, sendToQueue, ids, accountId, region, now: () => clock.now() }),
  });
  const uploads = openMultipartUploads({
    records: openUploadRecords(state, paths, buckets),
    objects,
    temporary,
    buckets,
    clock,
    ids,
    syncFolder,
  });
  return { root, hasBucket: buckets.has, buckets, uploads, ...objects };
}

// Observe: one look at each file, or at a sample of each folder's files.
import { messageOf } from '../../base/errors.js';
import type { ObjectStorage } from '../../storage/object-storage.js';
import type { Classifier } from '../../tabular/classifier.js';
import { classifyFile } from '../../tabular/classify-file.js';
import type { FileSchema } from '../../tabular/file-schema.js';
import { mergeFileSchemas } from '../../tabular/merge-schemas.js';
import { AwsError } from '../../wire/aws-error.js';
import { takeTurns } from '../in-turns.js';
import type { Folder, ListedFile } from './folder.js';

/** A file and what one look at it told. */
export interface ObservedFile extends ListedFile {
  schema: FileSchema;
}

/** A file that could not be read as what it seems to be. */
export interface DamagedFile {
  key: string;
  reason: string;
  /** False when enough of it could be read to tell its schema. */
  isLeftOut: boolean;
}

/**
 * Reads the files of the tree; with `sampleSize` only the first so many of each folder, and the others are taken to be
 * like them (which files AWS takes and how it counts the others is unknown). Yields to the event loop every few
 * milliseconds. Damaged files are left out of the tree. What was listed is used up: its files become the ones that were
 * read, for a million objects are too many to be held twice.
 * @throws the signal's reason when it aborts
 */
export async function readFiles(
  storage: ObjectStorage,
  bucket: string,
  root: Folder,
  options: {
    sampleSize: number | undefined;
    classifiers: readonly Classifier[];
    signal: AbortSignal;
    onRead?: (fileCount: number) => void;
  },
): Promise<{ root: Folder<ObservedFile>; damaged: DamagedFile[] }> {
  const damaged: DamagedFile[] = [];
  const intern = schemaInterner();
  const pause = takeTurns(options.signal);
  let fileCount = 0;

  const look = (file: ListedFile): ObservedFile | undefined => {
    try {
      const path = storage.path(bucket, file.key);
      const schema = classifyFile({ path, key: file.key, size: file.size }, options);
      if (schema.damage !== undefined) {
        const isLeftOut = schema.classification === 'UNKNOWN';
        damaged.push({ key: file.key, reason: schema.damage, isLeftOut });
        if (isLeftOut) return undefined;
      }
      return Object.assign(file, { schema: intern(schema) });
    } catch (error) {
      if (error instanceof AwsError && error.name === 'AccessDenied') throw error;
      // One object that cannot be read, or was deleted since it was listed, must not end the crawl.
      damaged.push({ key: file.key, reason: messageOf(error), isLeftOut: true });
      return undefined;
    }
  };

  const readFolder = async (folder: Folder): Promise<Folder<ObservedFile>> => {
    const files: ObservedFile[] = [];
    const listed = folder.files;
    folder.files = [];
    let at = 0;
    for (; at < listed.length && files.length < (options.sampleSize ?? Infinity); at++) {
      const file = look(listed[at] as ListedFile);
      if (file) files.push(file);
      fileCount++;
      const turnEnd = pause();
      if (turnEnd) {
        options.onRead?.(fileCount);
        await turnEnd;
      }
    }
    const unread = listed.slice(at);
    if (unread.length > 0) files.push(...likeSample(files, unread));
    const folders: Folder<ObservedFile>[] = [];
    for (const child of folder.folders) folders.push(await readFolder(child));
    return { ...folder, files, folders };
  };

  const observed = await readFolder(root);
  options.signal.throwIfAborted();
  options.onRead?.(fileCount);
  return { root: observed, damaged };
}

function likeSample(sample: readonly ObservedFile[], unread: readonly ListedFile[]): ObservedFile[] {
  if (sample.length === 0) return [];
  const schema = mergeFileSchemas(sample.map((file) => file.schema));
  return unread.map((file) => ({
    ...file,
    schema: {
      ...schema,
      sizeKey: file.size,
      recordCount: schema.averageRecordSize === 0 ? 0 : Math.floor(file.size / schema.averageRecordSize),
    },
  }));
}

// Most files of a crawl have the same columns: sharing them keeps memory flat in the number of files.
function schemaInterner(): (schema: FileSchema) => FileSchema {
  const known = new Map<string, FileSchema>();
  return (schema) => {
    const { recordCount, averageRecordSize, sizeKey } = schema;
    const key = JSON.stringify({ ...schema, recordCount: 0, averageRecordSize: 0, sizeKey: 0, reasons: [] });
    const shared = known.get(key);
    if (!shared) {
      known.set(key, schema);
      return schema;
    }
    const isLikeBefore =
      shared.recordCount === recordCount &&
      shared.averageRecordSize === averageRecordSize &&
      shared.sizeKey === sizeKey;
    return isLikeBefore ? shared : { ...shared, recordCount, averageRecordSize, sizeKey };
  };
}

// Observe: the Iceberg tables below a path, each by the newest of its metadata files.
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { messageOf } from '../../base/errors.js';
import { listPages } from '../../storage/list-pages.js';
import type { ObjectEntry } from '../../storage/object-storage.js';
import {
  METADATA_BYTES_MAX,
  metadataVersion,
  readIcebergMetadata,
  type IcebergTable,
} from '../../tabular/iceberg/read-iceberg-metadata.js';
import { AwsError } from '../../wire/aws-error.js';
import type { PlanContext } from '../plan-context.js';
import type { IcebergTarget } from '../targets/iceberg-target.js';

export interface FoundIcebergTable {
  /** `s3://bucket/folder/` that holds the `metadata` folder. */
  url: string;
  metadataUrl: string;
  version: number;
  table: IcebergTable;
}

export interface DamagedIcebergTable {
  url: string;
  metadataUrl: string;
  reason: string;
}

type Looking = Pick<PlanContext, 'storage' | 'progress' | 'signal'>;

/**
 * In key order. What lies in a table's folder is its own and not looked at.
 * @param registered metadata files that the catalog names
 * @throws AwsError NoSuchBucket; the signal's reason when it aborts
 */
export async function findIcebergTables(
  target: IcebergTarget,
  registered: ReadonlySet<string>,
  context: Looking,
): Promise<{ found: FoundIcebergTable[]; damaged: DamagedIcebergTable[] }> {
  const found: FoundIcebergTable[] = [];
  const damaged: DamagedIcebergTable[] = [];
  const walk = async (prefix: string, depth: number): Promise<void> => {
    const { folders } = await listFolder(target.bucket, prefix, context);
    const below = (folder: string) => folder.slice(target.key.length);
    if (folders.includes(`${prefix}metadata/`) && !target.isExcluded(below(`${prefix}metadata/`))) {
      const table = await readNewest(target, prefix, registered, context);
      if (table && 'reason' in table) damaged.push(table);
      else if (table) found.push(table);
      if (table) return;
    }
    if (depth >= target.depthMax) return;
    for (const folder of folders) if (!target.isExcluded(below(folder))) await walk(folder, depth + 1);
  };
  await walk(target.key, 1);
  return { found, damaged };
}

/**
 * The file of the highest version. Two writers may have left two files of it, of which one was never committed: then it is
 * the one that the catalog names, else the later. Which one AWS's crawlers take is a guess. undefined when the folder holds
 * no metadata.
 */
async function readNewest(
  { bucket, key, isExcluded }: IcebergTarget,
  prefix: string,
  registered: ReadonlySet<string>,
  context: Looking,
): Promise<FoundIcebergTable | DamagedIcebergTable | undefined> {
  const { objects } = await listFolder(bucket, `${prefix}metadata/`, context);
  const files = objects.flatMap((entry) => {
    const version = metadataVersion(entry.key.slice(entry.key.lastIndexOf('/') + 1));
    return version === undefined || isExcluded(entry.key.slice(key.length)) ? [] : [{ ...entry, version }];
  });
  if (files.length === 0) return undefined;
  const version = Math.max(...files.map((file) => file.version));
  const ofVersion = files.filter((file) => file.version === version);
  const committed = ofVersion.filter((file) => registered.has(`s3://${bucket}/${file.key}`));
  const url = `s3://${bucket}/${prefix}`;
  let newest: FoundIcebergTable | undefined;
  for (const file of committed.length > 0 ? committed : ofVersion) {
    const metadataUrl = `s3://${bucket}/${file.key}`;
    try {
      if (file.size > METADATA_BYTES_MAX) throw new Error(`it has ${file.size} bytes`);
      const table = readIcebergMetadata(context.storage.path(bucket, file.key));
      context.progress.fileCount++;
      if (!newest || table.lastUpdatedMs > newest.table.lastUpdatedMs)
        newest = { url, metadataUrl, version, table };
    } catch (error) {
      if (error instanceof AwsError && error.name === 'AccessDenied') throw error;
      return { url, metadataUrl, reason: messageOf(error) };
    }
  }
  return newest;
}

async function listFolder(
  bucket: string,
  prefix: string,
  { storage, progress, signal }: Looking,
): Promise<{ folders: string[]; objects: ObjectEntry[] }> {
  const folders: string[] = [];
  const objects: ObjectEntry[] = [];
  for (const page of listPages(storage, bucket, { prefix, delimiter: '/', count: 1000 })) {
    folders.push(...page.commonPrefixes);
    objects.push(...page.entries);
    progress.objectCount += page.entries.length;
    await yieldToOthers();
    signal.throwIfAborted();
  }
  return { folders, objects };
}

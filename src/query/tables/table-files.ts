// The files that a query has to read: those of the partitions that its conditions leave.
import type { Partition, StorageDescriptor, Table } from '@aws-sdk/client-glue';
import type { Catalog } from '../../catalog/catalog.js';
import { listPages } from '../../storage/list-pages.js';
import { parseS3Uri, type ObjectStorage } from '../../storage/object-storage.js';
import { isProjected } from '../../tabular/partition-projection.js';
import type { TableScan } from '../select/analysis.js';
import { glueExpression } from '../select/partition-predicate.js';
import type { TrinoType } from '../select/trino-type.js';
import { QueryFailure } from '../statement/query-failure.js';
import { projectedPartitions } from './partition-projection.js';

export interface TableFile {
  bucket: string;
  key: string;
  /** Absolute path of the bytes. */
  path: string;
  /** Bytes. */
  size: number;
  lastModified: Date;
}

/** Files that lie together and are read alike. */
export interface FileGroup {
  descriptor: StorageDescriptor;
  /** Values of the partition keys, null for Hive's default partition. */
  values: (string | null)[];
  files: TableFile[];
}

/** Partitions that are asked for at once; between two pages other work gets its turn. */
const PAGE_PARTITIONS = 1000;
const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__';

/** @throws QueryFailure for places that are not in S3, and for what partition projection needs and is not given */
export async function filesOf(
  table: Table,
  scan: TableScan,
  { catalog, storage }: { catalog: Catalog; storage: ObjectStorage },
  signal: AbortSignal,
): Promise<FileGroup[]> {
  const descriptor = table.StorageDescriptor ?? {};
  if (scan.keyCount === 0)
    return [{ descriptor, values: [], files: filesAt(storage, descriptor.Location ?? '') }];
  if (isProjected(table)) {
    return projectedPartitions(table, scan, new Date()).map(({ values, location }) => ({
      descriptor,
      values,
      files: filesAt(storage, location),
    }));
  }
  const groups: FileGroup[] = [];
  for await (const partition of partitionsOf(scan, catalog)) {
    signal.throwIfAborted();
    const own = partition.StorageDescriptor ?? descriptor;
    groups.push({
      descriptor: {
        ...own,
        SerdeInfo: own.SerdeInfo ?? descriptor.SerdeInfo,
        Columns: own.Columns ?? descriptor.Columns,
      },
      values: (partition.Values ?? []).map((value) => (value === DEFAULT_PARTITION ? null : value)),
      files: filesAt(storage, own.Location ?? ''),
    });
  }
  return groups;
}

async function* partitionsOf(scan: TableScan, catalog: Catalog): AsyncGenerator<Partition> {
  const typeOf = (key: string) => scan.columns.find(({ name }) => name === key)?.type as TrinoType;
  const expression = scan.predicates.map((predicate) => glueExpression(predicate, typeOf)).join(' AND ');
  for (let after: string | undefined; ;) {
    const page = catalog.listPartitions(scan.database, scan.table, {
      count: PAGE_PARTITIONS,
      ...(expression !== '' && { expression }),
      ...(after !== undefined && { after }),
    });
    yield* page.items;
    if (page.next === undefined) return;
    after = page.next;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Data files below a place, or the object at it; none when its bucket or folder is empty. */
function filesAt(storage: ObjectStorage, location: string): TableFile[] {
  const place = parseS3Uri(location);
  if (!place) throw new QueryFailure(`HIVE_INVALID_METADATA: the location '${location}' is not an S3 path`);
  const { bucket, key } = place;
  if (!storage.hasBucket(bucket)) {
    throw new QueryFailure(
      `HIVE_FILESYSTEM_ERROR: The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket; Bucket: ${bucket})`,
    );
  }
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`;
  const files: TableFile[] = [];
  for (const { entries } of listPages(storage, bucket, { prefix })) {
    for (const entry of entries) {
      if (entry.size === 0 || !isData(entry.key.slice(prefix.length))) continue;
      files.push({
        bucket,
        key: entry.key,
        path: storage.path(bucket, entry.key),
        size: entry.size,
        lastModified: entry.lastModified,
      });
    }
  }
  return files;
}

/** Hidden files begin with `_` or `.`, as in Hadoop. */
function isData(path: string): boolean {
  return (
    path !== '' &&
    !path.endsWith('/') &&
    !path.split('/').some((name) => /^[_.]/.test(name) && !name.includes('='))
  );
}

// MSCK REPAIR TABLE: folders called key=value become partitions.
import { setImmediate } from 'node:timers/promises';
import type { Table } from '@aws-sdk/client-glue';
import { everyItem } from '../../catalog/page.js';
import { listPages } from '../../storage/list-pages.js';
import { parseS3Uri } from '../../storage/object-storage.js';
import type { ObjectName } from '../statement/statement.js';
import { createPartitions, databaseOf, newPartition } from './alter-partitions.js';
import type { DdlResult, DdlScope } from './ddl-scope.js';
import { taskFailure, unsupportedFailure } from './ddl-failure.js';
import { findTable, isIceberg, isView, keysOf } from './named-object.js';
import { folderValue, partitionName } from './partition-path.js';
import { requireTableType } from './show-create-table.js';

/** Partitions that are looked up or made at once, before others get their turn. */
const BATCH_SIZE = 100;

/**
 * Adds a partition for each folder below the table's location that is called as Hive calls a partition's: every key, in
 * the keys' order and in lower case (AWS docs: `userId=1` may not be found). Takes none away. A partition whose
 * folder is not there any more is told of. The rows are Hive's, also for a table that is not there, or has no files.
 */
export async function repairTable(scope: DdlScope, name: ObjectName): Promise<DdlResult> {
  const table = findTable(scope, name);
  if (!table) return rowsOf([`Tables not in metastore:\t${name.name.toLowerCase()}`]);
  requireTableType(table);
  if (isIceberg(table)) throw unsupportedFailure('Query type not supported by Athena Iceberg at this time');
  if (isView(table)) throw taskFailure('Can not create a Path from an empty string');
  const keys = keysOf(table);
  const location = parseS3Uri(table.StorageDescriptor?.Location ?? '');
  if (keys.length === 0 || !location) {
    // Hive checks the folder of a table without partitions, and has nothing to repair in it.
    return rowsOf([]);
  }
  if (!scope.storage.hasBucket(location.bucket)) {
    throw taskFailure(`MetaException(message:The specified bucket does not exist: ${location.bucket})`);
  }
  const prefix = location.key === '' ? '' : `${location.key.replace(/\/+$/, '')}/`;
  if (scope.storage.list(location.bucket, { prefix, count: 1 }).entries.length === 0) {
    return rowsOf([`Tables missing on filesystem:\t${table.Name}`]);
  }
  const found: string[][] = [];
  const [database, tableName] = [databaseOf(table), table.Name as string];
  for await (const values of partitionFolders(scope, location.bucket, prefix, keys)) {
    if (!scope.catalog.findPartition(database, tableName, values)) found.push(values);
  }
  const missing = await missingPartitions(scope, table);
  for (let at = 0; at < found.length; at += BATCH_SIZE) {
    const batch = found.slice(at, at + BATCH_SIZE);
    // Somebody else may have added one while folders were listed.
    const added = batch.filter((values) => !scope.catalog.findPartition(database, tableName, values));
    createPartitions(
      scope,
      table,
      added.map((values) => newPartition(table, values)),
    );
    await takeTurns(scope);
  }
  const named = (values: readonly string[]) => `${tableName}:${partitionName(keys, values)}`;
  return rowsOf([
    ...(found.length > 0 ? [['Partitions not in metastore:', ...found.map(named)].join('\t')] : []),
    ...(missing.length > 0
      ? [['Partitions missing from filesystem:', ...missing.map(named)].join('\t')]
      : []),
    ...found.map((values) => `Repair: Added partition to metastore ${named(values)}`),
  ]);
}

// Hive declares no columns for what MSCK answers, and Athena answers rows without any (seen in its answers).
const rowsOf = (texts: readonly string[]): DdlResult => ({
  columns: [],
  rows: texts.map((text) => [text]),
});

async function takeTurns({ signal }: DdlScope): Promise<void> {
  await setImmediate();
  signal?.throwIfAborted();
}

/** Values of the folders, in the order of their keys in the bucket. */
async function* partitionFolders(
  scope: DdlScope,
  bucket: string,
  prefix: string,
  keys: readonly { Name: string }[],
): AsyncGenerator<string[]> {
  const [first, ...rest] = keys;
  if (!first) {
    yield [];
    return;
  }
  for (const { commonPrefixes } of listPages(scope.storage, bucket, {
    prefix,
    delimiter: '/',
    count: 1000,
  })) {
    for (const folder of commonPrefixes) {
      const value = folderValue(folder.slice(prefix.length, -1), first.Name.toLowerCase());
      if (value === undefined) continue;
      for await (const values of partitionFolders(scope, bucket, folder, rest)) yield [value, ...values];
    }
    await takeTurns(scope);
  }
}

async function missingPartitions(scope: DdlScope, table: Table): Promise<string[][]> {
  const { catalog, storage } = scope;
  const [database, name] = [databaseOf(table), table.Name as string];
  const missing: string[][] = [];
  let count = 0;
  for (const partition of everyItem((page) => catalog.listPartitions(database, name, page))) {
    const uri = parseS3Uri(partition.StorageDescriptor?.Location ?? '');
    const prefix = uri && uri.key !== '' ? `${uri.key.replace(/\/+$/, '')}/` : '';
    const isThere =
      uri !== undefined &&
      storage.hasBucket(uri.bucket) &&
      storage.list(uri.bucket, { prefix, count: 1 }).entries.length > 0;
    if (!isThere) missing.push(partition.Values ?? []);
    if (++count % BATCH_SIZE === 0) await takeTurns(scope);
  }
  return missing;
}

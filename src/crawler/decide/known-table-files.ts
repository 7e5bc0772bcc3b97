// Decide: which of the files below a table's location are the table's, when it was there before its crawler.
import type { Partition, Table } from '@aws-sdk/client-glue';
import { foldersWithFiles, type Folder } from '../observe/folder.js';
import type { ObservedFile } from '../observe/read-files.js';
import type { TableGroup } from './group-tables.js';
import { normalLocation } from './merge-table.js';
import { partitionValue } from './partition-keys.js';

export interface KnownTableFiles {
  /** Undefined when there are none. */
  group: TableGroup | undefined;
  /** Partition values of each leaf. */
  values: string[][];
  /** What was left out, and why. */
  warnings: string[];
}

/**
 * The table says how deep its partitions are: files above them are left out, deeper ones belong to the partition around them.
 * Files of another kind than the table's classification, or than most of them where it has none, are left out too. A guess,
 * by what AWS says that catalog targets are for: files of another format that lie there by mistake make no tables.
 */
export function knownTableFiles(
  stored: Table,
  partitions: readonly Partition[],
  bucket: string,
  root: Folder<ObservedFile>,
): KnownTableFiles {
  const location = stored.StorageDescriptor?.Location ?? '';
  const keys = stored.PartitionKeys ?? [];
  const warnings: string[] = [];
  const byPrefix = new Map<string, { segments: string[]; files: ObservedFile[] }>();
  for (const folder of foldersWithFiles(root)) {
    const below = folder.prefix.slice(root.prefix.length).split('/').slice(0, -1);
    if (below.length < keys.length) {
      warnings.push(
        `${folder.files.length} objects directly in s3://${bucket}/${folder.prefix} were left out: table ${stored.Name} has ${keys.length} partition keys, this folder is ${below.length} deep.`,
      );
      continue;
    }
    const segments = below.slice(0, keys.length);
    const prefix = root.prefix + segments.map((segment) => `${segment}/`).join('');
    const leaf = byPrefix.get(prefix) ?? { segments, files: [] };
    leaf.files.push(...folder.files);
    byPrefix.set(prefix, leaf);
  }

  const kind = tableKind(
    stored,
    [...byPrefix.values()].flatMap(({ files }) => files),
  );
  const valuesAt = new Map(
    partitions.map(({ StorageDescriptor, Values = [] }) => [
      normalLocation(StorageDescriptor?.Location),
      Values,
    ]),
  );
  const leaves: TableGroup['leaves'] = [];
  const values: string[][] = [];
  const others: string[] = [];
  for (const [prefix, { segments, files }] of byPrefix) {
    const fitting = files.filter(({ schema }) => schema.compatibilityKey === kind);
    others.push(...files.filter(({ schema }) => schema.compatibilityKey !== kind).map(({ key }) => key));
    if (fitting.length === 0) continue;
    const url = keys.length === 0 ? location : `s3://${bucket}/${prefix}`;
    leaves.push({ segments, location: url, files: fitting });
    values.push(
      valuesAt.get(normalLocation(url)) ??
        segments.map((segment, level) => partitionValue(keys[level]?.Name ?? '', segment)),
    );
  }
  if (others.length > 0) {
    warnings.push(
      `${others.length} objects, s3://${bucket}/${others[0]} among them, were left out: they are not of the kind of table ${stored.Name}.`,
    );
  }
  const group = {
    location,
    isFile: false,
    leaves,
    reasons: [`Table ${stored.Name} is a target of the crawler.`],
  };
  return { group: leaves.length > 0 ? group : undefined, values, warnings };
}

function tableKind(stored: Table, files: readonly ObservedFile[]): string | undefined {
  const ofTable = files.find(({ schema }) => schema.classification === stored.Parameters?.classification);
  if (ofTable) return ofTable.schema.compatibilityKey;
  const counts = new Map<string, number>();
  for (const { schema } of files)
    counts.set(schema.compatibilityKey, (counts.get(schema.compatibilityKey) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}

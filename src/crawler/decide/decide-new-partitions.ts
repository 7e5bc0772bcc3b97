// Decide: whether a folder that appeared below a catalogued table becomes one of its partitions.
import type { Table } from '@aws-sdk/client-glue';
import { primitive } from '../../tabular/hive-type.js';
import { mergeFileSchemas } from '../../tabular/merge-schemas.js';
import type { ObservedFile } from '../observe/read-files.js';
import type { TableDecision } from './catalog-change.js';
import { createPartition } from './decide-partitions.js';
import { partitionValue } from './partition-keys.js';
import { areAlike } from './schema-clusters.js';
import { inheritFromTable, partitionInput } from './table-input.js';

export interface ObservedFolder {
  segments: string[];
  location: string;
  files: ObservedFile[];
}

/**
 * A partition for each folder that has the table's depth and looks like its data; the others are ignored with a line in
 * the log. Source: AWS docs, "Incremental crawls".
 */
export function decideNewPartitions(
  stored: Table,
  folders: readonly ObservedFolder[],
  rules: { arePartitionsInherited: boolean },
): TableDecision {
  const table = stored.Name as string;
  const keys = stored.PartitionKeys ?? [];
  const decision: TableDecision = {
    table,
    changes: [],
    lines: [],
    reasons: ['Only folders that are not catalogued yet are crawled.'],
  };
  for (const folder of folders) {
    const why = whyNotPartition(stored, folder);
    if (why !== undefined) {
      decision.lines.push({
        level: 'WARN',
        text: `New folder ${folder.location} is ignored for table ${table}: ${why}.`,
      });
      continue;
    }
    const partition = partitionInput(
      folder,
      folder.segments.map((segment, level) => partitionValue(keys[level]?.Name ?? '', segment)),
    );
    decision.changes.push(
      createPartition(
        table,
        rules.arePartitionsInherited && stored.StorageDescriptor
          ? inheritFromTable(partition, stored.StorageDescriptor)
          : partition,
      ),
    );
  }
  return decision;
}

/** Why a folder is no partition of the table, or undefined. */
export function whyNotPartition(stored: Table, folder: ObservedFolder): string | undefined {
  const keyCount = stored.PartitionKeys?.length ?? 0;
  if (folder.segments.length !== keyCount) {
    return `it is ${folder.segments.length} folders deep and the table has ${keyCount} partition keys`;
  }
  if (folder.files.length === 0) return 'none of its objects could be read';
  const found = mergeFileSchemas(folder.files.map((file) => file.schema));
  const classification = stored.Parameters?.classification;
  if (classification !== found.classification) {
    return `it is ${found.classification} and the table ${classification ?? 'of no known classification'}`;
  }
  const columns = (stored.StorageDescriptor?.Columns ?? []).map(({ Name, Type }) => ({
    name: Name ?? '',
    type: primitive(Type ?? 'string'),
  }));
  return areAlike({ ...found, columns }, found) ? undefined : "its columns differ too much from the table's";
}

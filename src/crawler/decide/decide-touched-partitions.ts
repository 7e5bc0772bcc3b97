// Decide: what becomes of a table some of whose partitions were looked at again.
import type { Column, Partition, PartitionInput, Table, TableInput } from '@aws-sdk/client-glue';
import { formatHiveType, parseHiveType } from '../../tabular/hive-type.js';
import { mergeCounts } from '../../tabular/merge-schemas.js';
import { mergeHiveTypes } from '../../tabular/merge-hive-types.js';
import type { Pause } from '../in-turns.js';
import type { TableDecision } from './catalog-change.js';
import type { ChangeRules } from './change-rules.js';
import { damageTest } from './damage-test.js';
import { asWanted, decidePartitions } from './decide-partitions.js';
import type { ObservedFolder } from './decide-new-partitions.js';
import { addNewColumns } from './merge-columns.js';
import { isSameTable, normalLocation } from './merge-table.js';
import { partitionValue } from './partition-keys.js';
import { tableInputOf } from '../../catalog/stored-definition.js';
import { partitionInput, type CrawlIdentity } from './table-input.js';

/** A table and those of its folders that were looked at; one without files is empty now. */
export interface TouchedTable {
  stored: Table;
  partitions: readonly Partition[];
  folders: readonly ObservedFolder[];
  /** URLs of objects that could not be read. */
  unreadable: readonly string[];
}

/**
 * Partitions are made, changed and deleted by the same rules as when everything is looked at. The table gains columns and
 * wider types, and its counts are those of its partitions together: which of this AWS's crawlers do in event mode is a guess.
 */
export async function decideTouchedPartitions(
  { stored, partitions, folders, unreadable }: TouchedTable,
  identity: CrawlIdentity,
  rules: ChangeRules,
  pause: Pause,
): Promise<TableDecision> {
  const name = stored.Name as string;
  const isUpdating = rules.isMergingNewColumns || rules.updateBehavior === 'UPDATE_IN_DATABASE';
  const keys = stored.PartitionKeys ?? [];
  const at = new Map(partitions.map((one) => [normalLocation(one.StorageDescriptor?.Location), one]));
  const found = folders
    .filter(({ files }) => files.length > 0)
    .map((folder) =>
      partitionInput(
        folder,
        at.get(normalLocation(folder.location))?.Values ??
          folder.segments.map((segment, level) => partitionValue(keys[level]?.Name ?? '', segment)),
      ),
    );
  const touched = folders.flatMap(({ location }) => at.get(normalLocation(location)) ?? []);
  const decision: TableDecision = {
    table: name,
    changes: [],
    lines: [],
    reasons: ['Only folders in which objects came or went are crawled.'],
  };
  const untouched = partitions.filter((one) => !touched.includes(one));
  const isDamaged = damageTest(unreadable);
  const left = emptied(touched, found).filter(
    (one) => rules.deleteBehavior !== 'DELETE_FROM_DATABASE' || isDamaged(one.StorageDescriptor?.Location),
  );
  const merged = mergedTable(stored, found, [...untouched, ...left, ...found], identity, rules);
  const isChanged = isUpdating && !isSameTable(stored, merged);
  if (isChanged) {
    decision.changes.push({
      kind: 'table',
      action: 'update',
      table: name,
      before: stored,
      after: merged,
      reason: 'What was found in its partitions differs from what is catalogued.',
    });
    decision.lines.push({ level: 'INFO', text: `Updated table ${name} in database ${stored.DatabaseName}` });
  }
  const descriptor = (isChanged ? merged : stored).StorageDescriptor;
  const wanted = found.map((partition) => asWanted(partition, descriptor, rules));
  const decided = await decidePartitions(
    name,
    { wanted, stored: touched, keyCount: keys.length },
    { ...rules, isUpdating: isUpdating || rules.arePartitionsInherited },
    isDamaged,
    pause,
  );
  decision.changes.push(...decided.changes);
  decision.lines.push(...decided.lines);
  return decision;
}

/** Those that were looked at and have no files any more. */
function emptied(touched: readonly Partition[], found: readonly PartitionInput[]): Partition[] {
  const places = new Set(found.map((one) => normalLocation(one.StorageDescriptor?.Location)));
  return touched.filter((one) => !places.has(normalLocation(one.StorageDescriptor?.Location)));
}

function mergedTable(
  stored: Table,
  found: readonly PartitionInput[],
  all: readonly (Partition | PartitionInput)[],
  { crawlerName, crawlId }: CrawlIdentity,
  rules: ChangeRules,
): TableInput {
  const input = tableInputOf(stored);
  let columns = input.StorageDescriptor?.Columns ?? [];
  for (const partition of found) {
    const own = partition.StorageDescriptor?.Columns ?? [];
    columns = rules.isMergingNewColumns ? addNewColumns(columns, own) : widenColumns(columns, own);
  }
  const parameters = { UPDATED_BY_CRAWLER: crawlerName, CRAWL_RUN_ID: crawlId, ...countParameters(all) };
  return {
    ...input,
    StorageDescriptor: {
      ...input.StorageDescriptor,
      Columns: columns,
      Parameters: { ...input.StorageDescriptor?.Parameters, ...parameters },
    },
    Parameters: { ...input.Parameters, ...parameters },
  };
}

function widenColumns(known: readonly Column[], found: readonly Column[]): Column[] {
  const types = new Map(found.map(({ Name, Type }) => [Name, Type]));
  const widened = known.map((column) => {
    const type = types.get(column.Name);
    if (type === undefined || column.Type === undefined || type === column.Type) return column;
    return {
      ...column,
      Type: formatHiveType(mergeHiveTypes(parseHiveType(column.Type), parseHiveType(type))),
    };
  });
  const names = new Set(known.map(({ Name }) => Name));
  return [...widened, ...found.filter(({ Name }) => !names.has(Name))];
}

function countParameters(partitions: readonly (Partition | PartitionInput)[]): Record<string, string> {
  const inOrder = [...partitions].sort((one, other) =>
    (one.StorageDescriptor?.Location ?? '') < (other.StorageDescriptor?.Location ?? '') ? -1 : 1,
  );
  const number = ({ StorageDescriptor }: Partition | PartitionInput, key: string) =>
    Number(StorageDescriptor?.Parameters?.[key] ?? 0);
  const { recordCount, averageRecordSize, sizeKey } = mergeCounts(
    inOrder.map((one) => ({
      recordCount: number(one, 'recordCount'),
      averageRecordSize: number(one, 'averageRecordSize'),
      sizeKey: number(one, 'sizeKey'),
    })),
  );
  const objectCount = inOrder.reduce((sum, one) => sum + number(one, 'objectCount'), 0);
  return {
    averageRecordSize: String(averageRecordSize),
    recordCount: String(recordCount),
    sizeKey: String(sizeKey),
    objectCount: String(objectCount),
  };
}

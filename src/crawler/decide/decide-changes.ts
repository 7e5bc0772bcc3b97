// Decide: from the tables that a crawl found and the catalog as it is, every change with its reason.
import type { Partition, PartitionInput, StorageDescriptor, Table } from '@aws-sdk/client-glue';
import type { CrawlerConfiguration } from '../configuration.js';
import type { CrawlerDefinition } from '../crawler.js';
import type { CatalogView, LogLine, PartitionChange, TableChange, TableDecision } from './catalog-change.js';
import {
  incompatibility,
  isSamePartition,
  isSameTable,
  mergePartition,
  mergeTable,
  normalLocation,
} from './merge-table.js';
import { tableInputOf } from '../../catalog/stored-definition.js';
import { inheritFromTable, type CrawledTable } from './table-input.js';

export interface ChangeRules {
  updateBehavior: 'UPDATE_IN_DATABASE' | 'LOG';
  deleteBehavior: 'DEPRECATE_IN_DATABASE' | 'DELETE_FROM_DATABASE' | 'LOG';
  isMergingNewColumns: boolean;
  arePartitionsInherited: boolean;
}

/** What a crawler's definition says of changes. */
export function changeRules(
  { SchemaChangePolicy }: Pick<CrawlerDefinition, 'SchemaChangePolicy'>,
  configuration: CrawlerConfiguration,
): ChangeRules {
  return {
    updateBehavior: SchemaChangePolicy.UpdateBehavior,
    deleteBehavior: SchemaChangePolicy.DeleteBehavior,
    isMergingNewColumns: configuration.isMergingNewColumns,
    arePartitionsInherited: configuration.arePartitionsInherited,
  };
}

export interface CrawlFindings {
  /** Found tables in key order, named by assignTableNames. */
  crawled: readonly CrawledTable[];
  crawlerName: string;
  database: string;
  /** True for a location that this crawl looked at, found or not. */
  isWithinTargets(location: string): boolean;
  /** URLs of objects that could not be read: their tables and partitions are not called vanished. */
  damagedUrls: readonly string[];
  /** Instant of the crawl in milliseconds since the epoch; goes into DEPRECATED_BY_CRAWLER. */
  nowMs: number;
}

/** One decision a table, made when it is asked for: tables as they were found, then the crawler's own that were not. */
export function* decideChanges(
  findings: CrawlFindings,
  catalog: CatalogView,
  rules: ChangeRules,
): Generator<TableDecision> {
  const isDamaged = damageTest(findings.damagedUrls);
  const foundNames = new Set<string>();
  for (const crawled of findings.crawled) {
    foundNames.add(crawled.name);
    const stored = catalog.tables.get(crawled.name);
    yield stored
      ? decideKnownTable(crawled, stored, catalog.partitionsOf(crawled.name), findings, rules, isDamaged)
      : decideNewTable(crawled, findings.database, rules);
  }
  for (const [name, table] of catalog.tables) {
    const isVanished =
      !foundNames.has(name) &&
      table.Parameters?.UPDATED_BY_CRAWLER === findings.crawlerName &&
      findings.isWithinTargets(table.StorageDescriptor?.Location ?? '');
    if (isVanished) yield decideVanishedTable(table, catalog, findings, rules, isDamaged);
  }
}

/** True for a location at or below which something could not be read. */
export function damageTest(damagedUrls: readonly string[]): (location: string | undefined) => boolean {
  return (location) => {
    const folder = normalLocation(location);
    return damagedUrls.some((url) => url === folder || url.startsWith(`${folder}/`));
  };
}

function decideNewTable(crawled: CrawledTable, database: string, rules: ChangeRules): TableDecision {
  const { name, input, reasons } = crawled;
  const reason = `Nothing is catalogued at ${input.StorageDescriptor?.Location}.`;
  return {
    table: name,
    reasons,
    changes: [
      {
        kind: 'table',
        action: 'create',
        table: name,
        after: input,
        isPartitionIndexed: crawled.isPartitionIndexed,
        reason,
      },
      ...crawled.partitions.map((partition) =>
        createPartition(name, asWanted(partition, input.StorageDescriptor, rules)),
      ),
    ],
    lines: [{ level: 'INFO', text: `Created table ${name} in database ${database}` }],
  };
}

function decideKnownTable(
  crawled: CrawledTable,
  stored: Table,
  storedPartitions: readonly Partition[],
  findings: CrawlFindings,
  rules: ChangeRules,
  isDamaged: (location: string | undefined) => boolean,
): TableDecision {
  const { name, input, reasons } = crawled;
  const decision: TableDecision = { table: name, reasons, changes: [], lines: [] };
  if (rules.isMergingNewColumns) {
    const why = incompatibility(stored, input);
    if (why !== undefined) {
      decision.lines.push({
        level: 'WARN',
        text: `Table ${name} cannot take the data found at its location: ${why}.`,
      });
      return isDeprecated(stored)
        ? decision
        : deprecate(decision, stored, findings.nowMs, `New columns cannot be merged: ${why}.`);
    }
  }
  const isUpdating = rules.isMergingNewColumns || rules.updateBehavior === 'UPDATE_IN_DATABASE';
  const merged = mergeTable(stored, input, rules);
  const isChanged = !isSameTable(stored, merged);
  if (isChanged && isUpdating) {
    decision.changes.push({
      kind: 'table',
      action: 'update',
      table: name,
      before: stored,
      after: merged,
      reason: 'What was found differs from what is catalogued.',
    });
    decision.lines.push({ level: 'INFO', text: `Updated table ${name} in database ${findings.database}` });
  } else if (isChanged) {
    decision.lines.push({
      level: 'INFO',
      text: `Table ${name} differs from what was found and is left as it is, because UpdateBehavior is LOG.`,
    });
  }

  const keyCount = (isUpdating ? merged : stored).PartitionKeys?.length ?? 0;
  if (keyCount !== (crawled.input.PartitionKeys?.length ?? 0)) {
    decision.lines.push({
      level: 'WARN',
      text: `Table ${name} has ${keyCount} partition keys and its folders ${crawled.input.PartitionKeys?.length ?? 0}: its partitions are left as they are, because UpdateBehavior is LOG.`,
    });
    return decision;
  }
  const descriptor = (isChanged && isUpdating ? merged : stored).StorageDescriptor;
  const partitions = decidePartitions(
    name,
    crawled.partitions.map((partition) => asWanted(partition, descriptor, rules)),
    storedPartitions,
    keyCount,
    { ...rules, isUpdating: isUpdating || rules.arePartitionsInherited },
    isDamaged,
  );
  // Partitions with another number of values have to go before the keys of their table change.
  decision.changes.unshift(...partitions.unfit);
  decision.changes.push(...partitions.changes);
  decision.lines.push(...partitions.lines);
  return decision;
}

/** What becomes of `stored`, given that these are `wanted`. */
export function decidePartitions(
  table: string,
  wanted: readonly PartitionInput[],
  stored: readonly Partition[],
  keyCount: number,
  rules: Pick<ChangeRules, 'deleteBehavior'> & { isUpdating: boolean },
  isDamaged: (location: string | undefined) => boolean,
): { unfit: PartitionChange[]; changes: PartitionChange[]; lines: LogLine[] } {
  const remaining = new Map(stored.map((partition) => [JSON.stringify(partition.Values), partition]));
  const result = { unfit: [] as PartitionChange[], changes: [] as PartitionChange[], lines: [] as LogLine[] };
  for (const partition of wanted) {
    const key = JSON.stringify(partition.Values);
    const before = remaining.get(key);
    remaining.delete(key);
    if (!before) {
      result.changes.push(createPartition(table, partition));
      continue;
    }
    const after = mergePartition(before, partition);
    if (!rules.isUpdating || isSamePartition(before, after)) continue;
    result.changes.push({
      kind: 'partition',
      action: 'update',
      table,
      values: before.Values ?? [],
      before,
      after,
      reason: "What was found in the partition's folder differs from what is catalogued.",
    });
  }
  for (const before of remaining.values()) {
    const values = before.Values ?? [];
    const change = { kind: 'partition', action: 'delete', table, values, before } as const;
    if (values.length !== keyCount) {
      result.unfit.push({ ...change, reason: `The table now has ${keyCount} partition keys.` });
      continue;
    }
    if (isDamaged(before.StorageDescriptor?.Location)) continue;
    result.lines.push({
      level: 'INFO',
      text: `Found partition of table ${table} with partition values [${values.join(', ')}] with no matching schema at the partition's S3 location`,
    });
    if (rules.deleteBehavior === 'DELETE_FROM_DATABASE') {
      result.changes.push({ ...change, reason: "Nothing was found in the partition's folder." });
    }
  }
  return result;
}

function decideVanishedTable(
  stored: Table,
  catalog: CatalogView,
  findings: CrawlFindings,
  rules: ChangeRules,
  isDamaged: (location: string | undefined) => boolean,
): TableDecision {
  const name = stored.Name as string;
  const location = stored.StorageDescriptor?.Location;
  const reason = `No matching schema was found at ${location}.`;
  const decision: TableDecision = { table: name, reasons: [reason], changes: [], lines: [] };
  if (isDamaged(location)) {
    decision.lines.push({
      level: 'WARN',
      text: `Table ${name} is left as it is: the objects at its location could not be read.`,
    });
    return decision;
  }
  // A table that was deprecated once is left alone, whatever the policy says now: AWS is reported to do so.
  if (isDeprecated(stored)) return decision;
  switch (rules.deleteBehavior) {
    case 'LOG':
      decision.lines.push({
        level: 'INFO',
        text: `No matching schema was found at the location of table ${name}; it is left as it is, because DeleteBehavior is LOG.`,
      });
      return decision;
    case 'DEPRECATE_IN_DATABASE':
      return deprecate(decision, stored, findings.nowMs, reason);
    case 'DELETE_FROM_DATABASE':
      decision.changes.push(
        ...catalog.partitionsOf(name).map((before): PartitionChange => ({
          kind: 'partition',
          action: 'delete',
          table: name,
          values: before.Values ?? [],
          before,
          reason: 'Its table is deleted.',
        })),
        { kind: 'table', action: 'delete', table: name, before: stored, reason },
      );
      decision.lines.push({
        level: 'INFO',
        text: `Table ${name} is deleted because a matching schema was not found at the table's location.`,
      });
      return decision;
  }
}

function isDeprecated(table: Table): boolean {
  return table.Parameters?.DEPRECATED_BY_CRAWLER !== undefined;
}

function deprecate(decision: TableDecision, stored: Table, nowMs: number, reason: string): TableDecision {
  const input = tableInputOf(stored);
  const flag = { DEPRECATED_BY_CRAWLER: String(nowMs) };
  const change: TableChange = {
    kind: 'table',
    action: 'update',
    table: decision.table,
    before: stored,
    after: {
      ...input,
      StorageDescriptor: {
        ...input.StorageDescriptor,
        Parameters: { ...input.StorageDescriptor?.Parameters, ...flag },
      },
      Parameters: { ...input.Parameters, ...flag },
    },
    reason,
  };
  decision.changes.push(change);
  decision.lines.push({
    level: 'INFO',
    text: `Table ${decision.table} is marked deprecated because a matching schema was not found at the table's location.`,
  });
  return decision;
}

function asWanted(
  partition: PartitionInput,
  table: StorageDescriptor | undefined,
  rules: ChangeRules,
): PartitionInput {
  return rules.arePartitionsInherited && table ? inheritFromTable(partition, table) : partition;
}

/** A partition that no folder had until now. */
export function createPartition(table: string, after: PartitionInput): PartitionChange {
  return {
    kind: 'partition',
    action: 'create',
    table,
    values: after.Values ?? [],
    after,
    reason: 'Its folder is not catalogued yet.',
  };
}

// Decide: from the tables that a crawl found and the catalog as it is, every change with its reason.
import type { Partition, Table } from '@aws-sdk/client-glue';
import type { Pause } from '../in-turns.js';
import type { CatalogView, TableDecision } from './catalog-change.js';
import type { ChangeRules } from './change-rules.js';
import { damageTest } from './damage-test.js';
import { asWanted, createPartition, decidePartitions } from './decide-partitions.js';
import { decideVanishedTable } from './decide-vanished-table.js';
import { deprecate, isDeprecated } from './deprecate-table.js';
import { incompatibility, isSameTable, mergeTable } from './merge-table.js';
import type { CrawledTable } from './table-input.js';

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

/** What every decision of a crawl is made by. */
interface Grounds {
  findings: CrawlFindings;
  rules: ChangeRules;
  isDamaged: (location: string | undefined) => boolean;
  pause: Pause;
}

/** One decision a table: tables as they were found, then the crawler's own that were not. */
export async function decideChanges(
  findings: CrawlFindings,
  catalog: CatalogView,
  rules: ChangeRules,
  pause: Pause,
): Promise<TableDecision[]> {
  const isDamaged = damageTest(findings.damagedUrls);
  const decisions: TableDecision[] = [];
  const foundNames = new Set<string>();
  for (const crawled of findings.crawled) {
    foundNames.add(crawled.name);
    const stored = catalog.tables.get(crawled.name);
    await pause();
    decisions.push(
      stored
        ? await decideKnownTable(crawled, stored, catalog.partitionsOf(crawled.name), {
            findings,
            rules,
            isDamaged,
            pause,
          })
        : decideNewTable(crawled, findings.database, rules),
    );
  }
  for (const [name, table] of catalog.tables) {
    const isVanished =
      !foundNames.has(name) &&
      table.Parameters?.UPDATED_BY_CRAWLER === findings.crawlerName &&
      findings.isWithinTargets(table.StorageDescriptor?.Location ?? '');
    if (isVanished) decisions.push(decideVanishedTable(table, catalog, findings.nowMs, rules, isDamaged));
  }
  return decisions;
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

async function decideKnownTable(
  crawled: CrawledTable,
  stored: Table,
  storedPartitions: readonly Partition[],
  { findings, rules, isDamaged, pause }: Grounds,
): Promise<TableDecision> {
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
  const wanted = crawled.partitions.map((partition) => asWanted(partition, descriptor, rules));
  const partitions = await decidePartitions(
    name,
    { wanted, stored: storedPartitions, keyCount },
    { ...rules, isUpdating: isUpdating || rules.arePartitionsInherited },
    isDamaged,
    pause,
  );
  // Partitions with another number of values have to go before the keys of their table change.
  decision.changes.unshift(...partitions.unfit);
  decision.changes.push(...partitions.changes);
  decision.lines.push(...partitions.lines);
  return decision;
}

// Decide: what was found at the places that a crawl looked at, whatever the kind of its target.
import type { CrawlerConfiguration } from '../configuration.js';
import type { ScannedTable } from '../observe/scan-table.js';
import type { CrawlTarget } from '../target.js';
import { crawledDynamodbTable } from './dynamodb-table-input.js';
import type { TableGroup } from './group-tables.js';
import { crawledTable, type CrawledTable, type CrawlIdentity } from './table-input.js';

/** What was found at a location, described once it has a name. */
export interface Discovery {
  location: string;
  describe(name: string): CrawledTable;
}

export function discoveredFiles(
  { group, target }: { group: TableGroup; target: CrawlTarget },
  identity: CrawlIdentity,
  configuration: CrawlerConfiguration,
): Discovery {
  return {
    location: group.location,
    describe: (name) =>
      crawledTable(group, name, identity, {
        exclusions: target.exclusions,
        isPartitionIndexed: configuration.isCreatingPartitionIndex,
      }),
  };
}

/** A table that two targets name is found once. */
export function discoveredTables(scanned: readonly ScannedTable[], identity: CrawlIdentity): Discovery[] {
  const found = new Map<string, Discovery>();
  for (const table of scanned) {
    const { location } = table;
    if (found.has(location)) continue;
    found.set(location, {
      location,
      describe: (name) => crawledDynamodbTable(table, name, identity),
    });
  }
  return [...found.values()];
}

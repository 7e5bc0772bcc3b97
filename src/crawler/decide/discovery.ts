// Decide: what was found at the places that a crawl looked at, whatever the kind of its target.
import type { CrawlerConfiguration } from '../configuration.js';
import type { Pause } from '../in-turns.js';
import type { ScannedTable } from '../observe/scan-table.js';
import type { CrawlTarget } from '../targets/s3-target.js';
import { crawledDynamodbTable } from './dynamodb-table-input.js';
import type { TableGroup } from './group-tables.js';
import { crawledTable, type CrawledTable, type CrawlIdentity } from './table-input.js';

/** What was found at a location, described once it has a name. */
export interface Discovery {
  location: string;
  /** What the table is named after, where that is not the location. */
  namedAfter?: string;
  /** The files, for a table of files. */
  group?: TableGroup;
  describe(name: string, pause: Pause): CrawledTable | Promise<CrawledTable>;
}

export function discoveredFiles(
  { group, target }: { group: TableGroup; target: CrawlTarget },
  identity: CrawlIdentity,
  configuration: CrawlerConfiguration,
): Discovery {
  return {
    location: group.location,
    group,
    describe: (name, pause) =>
      crawledTable(
        group,
        name,
        identity,
        { exclusions: target.exclusions, isPartitionIndexed: configuration.isCreatingPartitionIndex },
        pause,
      ),
  };
}

export function discoveredTables(scanned: readonly ScannedTable[], identity: CrawlIdentity): Discovery[] {
  return scanned.map((table) => ({
    location: table.location,
    describe: (name) => crawledDynamodbTable(table, name, identity),
  }));
}

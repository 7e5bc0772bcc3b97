// What a crawl would do to the catalog, and why: observe and decide, without changing anything.
import type { Partition, Table } from '@aws-sdk/client-glue';
import type { Catalog } from '../catalog/catalog.js';
import { parseConfiguration, type CrawlerConfiguration } from './configuration.js';
import type { CrawlerDefinition } from './crawler.js';
import { assignTableNames } from './decide/assign-names.js';
import type { CatalogView, TableDecision } from './decide/catalog-change.js';
import { changeRules } from './decide/change-rules.js';
import { decideChanges } from './decide/decide-changes.js';
import { decideNewPartitions } from './decide/decide-new-partitions.js';
import { decideTouchedPartitions } from './decide/decide-touched-partitions.js';
import type { Discovery } from './decide/discovery.js';
import type { FileWrite } from './decide/file-write.js';
import type { TableGroup } from './decide/group-tables.js';
import { normalLocation } from './decide/merge-table.js';
import type { CrawledTable } from './decide/table-input.js';
import { takeTurns } from './in-turns.js';
import { readPartitions, readTables } from './observe/read-catalog.js';
import { planCatalogCrawl } from './plan-catalog-crawl.js';
import type { PlanContext } from './plan-context.js';
import { hasCatalogTargets } from './targets/catalog-target.js';
import { requireNetworkConnections } from './targets/network-connections.js';
import { TARGET_KINDS } from './targets/target-kinds.js';
import type { Sight } from './targets/target-kind.js';

export interface CrawlPlan {
  /** By database: one decision a table that the crawl found or missed; those without changes too. */
  writes: { database: string; decisions: TableDecision[] }[];
  tableCount: number;
  /** To be written before the catalog tells of them. */
  files: FileWrite[];
  /** What was found, in key order; `group` for tables of files. */
  found: { crawled: CrawledTable; group: TableGroup | undefined }[];
}

/**
 * @throws AwsError NoSuchBucket, ResourceNotFoundException for a DynamoDB table; Error when there are more tables than
 *   TableThreshold; the signal's reason when it aborts
 */
export async function planCrawl(definition: CrawlerDefinition, context: PlanContext): Promise<CrawlPlan> {
  const configuration = parseConfiguration(definition.Configuration);
  requireNetworkConnections(definition.Targets, context);
  if (hasCatalogTargets(definition)) return planCatalogCrawl(definition, configuration, context);
  const sights: Sight[] = [];
  for (const kind of TARGET_KINDS) sights.push(await kind.look(definition, configuration, context));
  context.progress.phase = 'deciding';
  return decide(definition, configuration, sights, context);
}

async function decide(
  definition: CrawlerDefinition,
  configuration: CrawlerConfiguration,
  sights: readonly Sight[],
  { catalog, clock, crawlId, signal }: PlanContext,
): Promise<CrawlPlan> {
  const database = definition.DatabaseName;
  const discoveries = distinctPlaces(sights.flatMap((sight) => sight.discoveries));
  const { tableCountMax } = configuration;
  if (tableCountMax !== undefined && discoveries.length > tableCountMax) {
    throw new Error(
      `The number of tables detected by crawler: ${discoveries.length} is greater than the table threshold value provided: ${tableCountMax}. Failing crawler without writing to Data Catalog.`,
    );
  }
  const tables = await readTables(catalog, database, signal);
  const names = assignTableNames(discoveries, definition.TablePrefix ?? '', (name) => {
    const table = tables.get(name);
    return table && (table.StorageDescriptor?.Location ?? '');
  });
  const pause = takeTurns(signal);
  const crawled: CrawledTable[] = [];
  for (const [index, discovery] of discoveries.entries()) {
    await pause();
    crawled.push(await discovery.describe(names[index] as string, pause));
  }
  const rules = changeRules(definition, configuration);
  const isWithinTargets = (location: string) => sights.some((sight) => sight.hasLookedAt(location));
  const view = await catalogView(
    catalog,
    database,
    tables,
    names,
    signal,
    (table) =>
      rules.deleteBehavior === 'DELETE_FROM_DATABASE' &&
      table.Parameters?.UPDATED_BY_CRAWLER === definition.Name &&
      isWithinTargets(table.StorageDescriptor?.Location ?? ''),
  );
  const decisions = await decideChanges(
    {
      crawled,
      crawlerName: definition.Name,
      database,
      isWithinTargets,
      damagedUrls: sights.flatMap((sight) => sight.unreadable),
      nowMs: clock.now().getTime(),
    },
    view,
    rules,
    pause,
  );
  const identity = { crawlerName: definition.Name, crawlId };
  for (const table of sights.flatMap((sight) => sight.touched ?? [])) {
    decisions.push(await decideTouchedPartitions(table, identity, rules, pause));
  }
  const added = sights.flatMap((sight) => sight.added ?? []);
  for (const name of new Set(added.map((addition) => addition.table))) {
    const stored = tables.get(name);
    const folders = added.filter((addition) => addition.table === name);
    if (stored) decisions.push(decideNewPartitions(stored, folders, configuration));
  }
  const found = crawled.map((table, index) => ({ crawled: table, group: discoveries[index]?.group }));
  const files = sights.flatMap((sight) => sight.files ?? []);
  return { writes: [{ database, decisions }], tableCount: discoveries.length, files, found };
}

/** A place that two targets share counts for the first. */
function distinctPlaces(discoveries: readonly Discovery[]): Discovery[] {
  const places = new Map<string, Discovery>();
  for (const discovery of discoveries) {
    const place = normalLocation(discovery.location);
    if (!places.has(place)) places.set(place, discovery);
  }
  return [...places.values()];
}

async function catalogView(
  catalog: Catalog,
  database: string,
  tables: ReadonlyMap<string, Table>,
  foundNames: readonly string[],
  signal: AbortSignal,
  mayVanish: (table: Table) => boolean,
): Promise<CatalogView> {
  const names = new Set(foundNames.filter((name) => tables.has(name)));
  for (const [name, table] of tables) if (mayVanish(table)) names.add(name);
  const partitioned = [...names].filter((name) => (tables.get(name)?.PartitionKeys?.length ?? 0) > 0);
  const partitions: ReadonlyMap<string, Partition[]> = await readPartitions(
    catalog,
    database,
    partitioned,
    signal,
  );
  return { tables, partitionsOf: (name) => partitions.get(name) ?? [] };
}

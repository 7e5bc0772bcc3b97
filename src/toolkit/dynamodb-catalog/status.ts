// How a catalog stands, table by table: what is there, what its last crawl did, what is left of tables that are gone.
import type { Crawler } from '@aws-sdk/client-glue';
import type { CatalogScope } from './catalog-scope.js';
import { findOrphans, readCatalogTables, type Orphan, type OrphanSearch } from './find-orphans.js';
import { observeCrawlers } from './observe-crawlers.js';
import { planCatalog, type CatalogPlan } from './plan.js';
import type { CatalogSettings } from './settings.js';

export interface TableStatus {
  TableName: string;
  /** `in-sync`: what is there is as the table asks; `drifted`, `missing` and `conflict`: apply tells more. */
  state: 'in-sync' | 'drifted' | 'missing' | 'conflict';
  crawlerName: string | undefined;
  crawlerState: string | undefined;
  /** Of the last crawl: SUCCEEDED, FAILED, CANCELLED; undefined when there was none. */
  lastCrawl: string | undefined;
  lastCrawlAt: Date | undefined;
  lastCrawlMessage: string | undefined;
  /** Name in the catalog, when it is there. */
  catalogTable: string | undefined;
  columns: number | undefined;
}

export interface CatalogStatus {
  DatabaseName: string;
  tables: TableStatus[];
  orphans: Orphan[];
  /** Tables that are there and are not asked for. */
  excluded: string[];
}

export async function catalogStatus(scope: CatalogScope, settings: CatalogSettings): Promise<CatalogStatus> {
  const plan = await planCatalog(scope, settings, { isSampling: false });
  const { DatabaseName } = settings;
  const catalogTables = await readCatalogTables(scope, DatabaseName);
  const byName = new Map(catalogTables.map((table) => [table.key.TableName, table.definition]));
  const names = plan.tables.flatMap(({ objectName }) => objectName ?? []);
  const crawlers = await observeCrawlers(scope, names, plan.ownCrawlers);
  const tables = plan.tables.map(({ table, catalogName, objectName, changes }): TableStatus => {
    const observed = objectName === undefined ? undefined : crawlers.get(objectName);
    const crawler: Crawler | undefined =
      observed?.ownership.kind === 'foreign' ? undefined : observed?.crawler;
    const definition = byName.get(catalogName.name);
    return {
      TableName: table.TableName,
      state:
        objectName === undefined && changes.length === 0
          ? definition
            ? 'in-sync'
            : 'missing'
          : stateOf(changes.map(({ change }) => change.action)),
      crawlerName: crawler?.Name,
      crawlerState: crawler?.State,
      lastCrawl: crawler?.LastCrawl?.Status,
      lastCrawlAt: crawler?.LastCrawl?.StartTime,
      lastCrawlMessage: crawler?.LastCrawl?.ErrorMessage,
      catalogTable: definition && catalogName.name,
      columns: definition?.StorageDescriptor?.Columns?.length,
    };
  });
  const orphans = await findOrphans(scope, orphanSearch(plan, catalogTables));
  return { DatabaseName, tables, orphans, excluded: plan.excluded };
}

/** What a plan knows that finding orphans needs. */
export function orphanSearch(
  { tables, excluded, ownCrawlers }: CatalogPlan,
  catalogTables: Awaited<ReturnType<typeof readCatalogTables>>,
  { includeAdopted = false }: { includeAdopted?: boolean } = {},
): OrphanSearch {
  return {
    ownCrawlers,
    inUse: new Set(tables.flatMap(({ objectName }) => objectName ?? [])),
    existing: new Set([...tables.map(({ table }) => table.TableName), ...excluded]),
    includeAdopted,
    catalogTables,
  };
}

function stateOf(actions: readonly string[]): TableStatus['state'] {
  if (actions.includes('conflict')) return 'conflict';
  if (actions.includes('create')) return 'missing';
  return actions.includes('update') ? 'drifted' : 'in-sync';
}

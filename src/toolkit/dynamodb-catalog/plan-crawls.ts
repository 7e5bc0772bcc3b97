// Which crawlers are to run: those that the catalog's tags claim, for tables that are there and asked for.
import type { CatalogScope } from './catalog-scope.js';
import type { CrawlTarget } from './crawl-tables.js';
import { nameCandidates } from './object-names.js';
import { observeCrawlers, ownCrawlerNames } from './observe-crawlers.js';
import { observeTables } from './observe-tables.js';
import type { CatalogSettings } from './settings.js';

export interface CrawlPlan {
  /** Those whose last crawl is longest ago first, and those that never crawled before all others. */
  targets: CrawlTarget[];
  /** Names of tables that have no crawler of ours yet. */
  missing: string[];
}

export async function planCrawls(scope: CatalogScope, settings: CatalogSettings): Promise<CrawlPlan> {
  const { tables } = await observeTables(scope, settings);
  const own = new Set(await ownCrawlerNames(scope));
  const targets: CrawlTarget[] = [];
  const missing: string[] = [];
  for (const table of tables) {
    const crawlerName = nameCandidates(table, settings.DatabaseName).find((name) => own.has(name));
    if (crawlerName === undefined) missing.push(table.TableName);
    else targets.push({ TableName: table.TableName, crawlerName });
  }
  const names = targets.map(({ crawlerName }) => crawlerName);
  const crawlers = await observeCrawlers(scope, names, own);
  const lastMs = ({ crawlerName }: CrawlTarget) =>
    crawlers.get(crawlerName)?.crawler.LastCrawl?.StartTime?.getTime() ?? 0;
  return { targets: targets.sort((a, b) => lastMs(a) - lastMs(b)), missing };
}

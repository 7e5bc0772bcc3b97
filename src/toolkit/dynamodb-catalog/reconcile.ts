// All of it for some tables: plan, apply, start their crawlers, keep their schemas. For those who come back again and again.
import { applyCatalog, type TableResult } from './apply.js';
import type { CatalogScope } from './catalog-scope.js';
import { crawlTables } from './crawl-tables.js';
import { findOrphans, readCatalogTables } from './find-orphans.js';
import { listTableNames } from './observe-tables.js';
import { planCatalog } from './plan.js';
import { pruneOrphans, type PruneResult } from './prune.js';
import { syncCatalogSchemas } from './schemas/sync-schemas.js';
import { tableMatcher, type CatalogSettings } from './settings.js';
import { orphanSearch } from './status.js';

export interface ReconciledTable extends TableResult {
  /** What came of starting its crawler; undefined when it was not started. */
  crawl?: 'started' | 'succeeded';
}

export type ReconcileSettings = CatalogSettings & { crawl: boolean };

/** All are started at once, so that none is waited for longer than the others take to start. */
const START_TIMEOUT_MS = 60_000;

/** Names of the tables that are asked for by their names, in order. */
export async function tableNames(scope: CatalogScope, settings: CatalogSettings): Promise<string[]> {
  return (await listTableNames(scope)).filter(tableMatcher(settings));
}

/**
 * Of `names`, those tables that are there and asked for. Crawls are started and not waited for; their schemas follow when
 * the tables are looked at again.
 */
export async function reconcileTables(
  scope: CatalogScope,
  settings: ReconcileSettings,
  names: readonly string[],
): Promise<ReconciledTable[]> {
  const plan = await planCatalog(scope, settings, { only: new Set(names) });
  const { results } = await applyCatalog(scope, plan);
  const tables = new Map(
    results.map((result): [string, ReconciledTable] => [result.TableName, { ...result }]),
  );
  if (settings.crawl) {
    const targets = plan.tables.flatMap(({ table, objectName }) => {
      const outcome = tables.get(table.TableName)?.outcome;
      const isWell = outcome === 'changed' || outcome === 'unchanged';
      // A table that is still being made has nothing to be read.
      const isReady = isWell && table.TableStatus === 'ACTIVE' && objectName !== undefined;
      return isReady ? [{ TableName: table.TableName, crawlerName: objectName }] : [];
    });
    const options = { wait: false, concurrency: targets.length, timeoutMs: START_TIMEOUT_MS };
    for (const { TableName, outcome, message } of await crawlTables(scope, targets, options)) {
      const table = tables.get(TableName) as ReconciledTable;
      if (outcome === 'started' || outcome === 'succeeded') table.crawl = outcome;
      else Object.assign(table, { outcome: 'failed', message: `crawl: ${message}` });
    }
  }
  if (settings.schemas) {
    for (const { TableName, outcome, message } of await syncCatalogSchemas(scope, plan)) {
      const table = tables.get(TableName);
      if (table && outcome === 'failed') Object.assign(table, { outcome, message: `schema: ${message}` });
      else if (table && message !== undefined) table.message = `schema: ${message}`;
    }
  }
  return [...tables.values()];
}

/** Takes away what was made for tables that are gone. */
export async function pruneCatalog(scope: CatalogScope, settings: CatalogSettings): Promise<PruneResult[]> {
  const plan = await planCatalog(scope, settings, { isSampling: false });
  const catalogTables = await readCatalogTables(scope, settings.DatabaseName);
  const orphans = await findOrphans(scope, orphanSearch(plan, catalogTables));
  return pruneOrphans(scope, settings.DatabaseName, orphans, settings.concurrency);
}

// Every DynamoDB table in the Data Catalog: each with a crawler and a role of its own, or read by Scan itself.
export { applyCatalog, type CatalogApplyReport, type TableOutcome, type TableResult } from './apply.js';
export { openCatalogScope, type CatalogClients, type CatalogScope } from './catalog-scope.js';
export { crawlTables, type CrawlResult, type CrawlTarget } from './crawl-tables.js';
export type { DirectDecision } from './direct/plan-direct.js';
export type { SampledAttribute, SampledTable } from './direct/sample-table.js';
export {
  estimateScan,
  pricesOf,
  totalOf,
  type GivenPrices,
  type Prices,
  type ScanEstimate,
} from './estimate.js';
export { findOrphans, readCatalogTables, type Orphan } from './find-orphans.js';
export { crawlerPolicy, trustPolicy } from './least-privilege.js';
export { assignCatalogNames, nameCandidates } from './object-names.js';
export { describeTable, observeTables } from './observe-tables.js';
export { countCatalogPlan, planCatalog, type CatalogPlan, type TablePlan } from './plan.js';
export { planCrawls, type CrawlPlan } from './plan-crawls.js';
export { planPolicy, type TablePolicy } from './plan-policy.js';
export { checkPruneLimit, pruneOrphans, type PruneResult } from './prune.js';
export { pruneCatalog, reconcileTables, tableNames, type ReconciledTable } from './reconcile.js';
export { checkSettings, DEFAULT_SETTINGS, type CatalogSettings, type Engine } from './settings.js';
export { catalogStatus, orphanSearch, type CatalogStatus, type TableStatus } from './status.js';
export {
  planCatalogSchemas,
  syncCatalogSchemas,
  type SchemaPlan,
  type SchemaResult,
} from './schemas/sync-schemas.js';

// Undo of a crawl: find the crawl and what is known around it, plan object by object.
export type { Crawl, CrawlSummary } from './crawl.js';
export {
  findCrawls,
  findHistory,
  requireQuiet,
  type CrawlScope,
  type CrawlsAsked,
  type FoundCrawls,
  type IfRunning,
} from './find-crawls.js';
export { applyUndo, type ApplyUndoOptions, type UndoReport } from './apply-undo.js';
export { parametersOfOwners } from './parameters-of-owners.js';
export { findUndo, planInverse } from './plan-inverse.js';
export type { SnapshotsAround } from './object-knowledge.js';
export {
  objectsLookedAt,
  planUndo,
  type PlanUndoOptions,
  type UndoAsked,
  type UndoPlan,
} from './plan-undo.js';
export { besideCrawls, findSnapshotsAround } from './snapshots-around.js';
export { readSampleBackup, type BackupTable, type SampleBackup } from './sample-backup/read-backup.js';
export { planFromBackup, type BackupScope } from './sample-backup/plan-from-backup.js';

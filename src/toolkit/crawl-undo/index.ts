// Undo of a crawl: find the crawl and what is known around it, plan object by object.
export type { Crawl, CrawlSummary } from './crawl.js';
export {
  findCrawls,
  findHistory,
  type CrawlScope,
  type CrawlsAsked,
  type FoundCrawls,
} from './find-crawls.js';
export { objectsLookedAt } from '../../change/index.js';
export { requireQuiet, type IfRunning } from './require-quiet.js';
export { namingCrawls } from './crawls-meanwhile.js';
export { applyUndo, type ApplyUndoOptions, type UndoReport } from './apply-undo.js';
export { parametersOfOwners } from './parameters-of-owners.js';
export { findBegun } from './find-begun.js';
export type { TablesAsked } from '../catalog-snapshot/table-selection.js';
export { findLastUndo, findUndo, UNDO_OPERATIONS, type UndoScope } from './find-undo.js';
export { planInverse, type RedoAsked } from './plan-inverse.js';
export type { SnapshotsAround } from './table-view.js';
export { planUndo, type PlanUndoOptions, type UndoAsked, type UndoPlan } from './plan-undo.js';
export { besideCrawls, findSnapshotsAround } from './snapshots-around.js';
export { readSampleBackup, type BackupTable, type SampleBackup } from './sample-backup/read-backup.js';
export { planFromBackup, type BackupScope } from './sample-backup/plan-from-backup.js';

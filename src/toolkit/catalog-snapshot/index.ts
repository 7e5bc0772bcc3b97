// Snapshots of a catalog for people and programs: take, compare, restore.
export {
  applyRestore,
  snapshotAfterRestore,
  type ApplyRestoreOptions,
  type RestoreReport,
} from './apply-restore.js';
export { compareSnapshots, NOW, type ComparedSnapshots } from './compare-snapshots.js';
export { planRestore, type PlanRestoreOptions, type RestoreAsked, type RestorePlan } from './plan-restore.js';
export type { RestoreScope } from './restore-selection.js';
export type { TablesAsked } from './table-selection.js';
export { snapshotCatalog, type SnapshotCatalogOptions } from './snapshot-catalog.js';
export { openDocumentStore, type DocumentStore } from '../../change/document-store.js';
export {
  diffSnapshots,
  findCatalogHome,
  listSnapshots,
  planPrune,
  pruneSnapshots,
  readSnapshot,
  resolveSnapshotId,
  summaryOf,
  verifySnapshots,
  type CatalogHome,
  type LeftOut,
  type ListedSnapshot,
  type ObjectDifference,
  type PrunePlan,
  type PruneReport,
  type RetentionPolicy,
  type Snapshot,
  type SnapshotManifest,
  type SnapshotPartition,
  type SnapshotProgress,
  type SnapshotReason,
  type SnapshotScope,
  type SnapshotSummary,
  type SnapshotTable,
  type SnapshotTaken,
  type SnapshotVerification,
} from '../../change/snapshot/index.js';

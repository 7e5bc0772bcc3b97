// Snapshots of a catalog: taken, listed, read, compared, checked, pruned.
export { findCatalogHome, isSameCatalog, type CatalogHome } from '../catalog-home.js';
export type {
  SnapshotCounts,
  SnapshotManifest,
  SnapshotReason,
  SnapshotScope,
  TableEntry,
} from './manifest.js';
export { isInChunk, isSameEntry, partitionCountOf, tableEntryOf } from './manifest.js';
export { diffSnapshots, type ObjectDifference } from './diff-snapshots.js';
export { leftOutOf, type LeftOut } from './left-out.js';
export {
  openSnapshot,
  readSnapshot,
  type Snapshot,
  type SnapshotPartition,
  type SnapshotPartitions,
  type SnapshotTable,
} from './read-snapshot.js';
export {
  takeSnapshot,
  type SnapshotAsked,
  type SnapshotProgress,
  type SnapshotTaken,
  type TakeSnapshotOptions,
} from './take-snapshot.js';
export { coversName } from './scope.js';
export { DamagedSnapshotError } from './damaged-snapshot-error.js';
export {
  listSnapshots,
  resolveSnapshotId,
  summaryOf,
  type ListedSnapshot,
  type SnapshotSummary,
} from './list-snapshots.js';
export { nearestSnapshots, type SnapshotDamage } from './nearest-snapshots.js';
export { timeOfId } from './snapshot-id.js';
export { snapshotIds } from './snapshot-store.js';
export { planPrune, pruneSnapshots, type PrunePlan, type PruneReport } from './prune-snapshots.js';
export type { RetentionPolicy } from './retention.js';
export { verifySnapshots, type SnapshotProblem, type SnapshotVerification } from './verify-snapshot.js';
export { snapshotNow, type SnapshotOfNow } from './snapshot-now.js';

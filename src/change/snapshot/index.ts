// Snapshots of a catalog: taken, listed, read, compared, checked, pruned.
export type {
  CatalogHome,
  SnapshotCounts,
  SnapshotManifest,
  SnapshotReason,
  SnapshotScope,
} from './manifest.js';
export { diffSnapshots, type ObjectDifference } from './diff-snapshots.js';
export {
  openSnapshot,
  readSnapshot,
  type Snapshot,
  type SnapshotPartition,
  type SnapshotTable,
} from './read-snapshot.js';
export {
  takeSnapshot,
  type SnapshotAsked,
  type SnapshotProgress,
  type SnapshotTaken,
  type TakeSnapshotOptions,
} from './take-snapshot.js';

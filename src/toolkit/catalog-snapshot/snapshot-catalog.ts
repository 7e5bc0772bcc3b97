// Takes a snapshot of a catalog: the clients say whose, the location says where it is kept.
import type { AwsClients } from '../../aws/aws-clients.js';
import type { Clock } from '../../base/clock.js';
import { openDocumentStore } from '../../change/document-store.js';
import {
  findCatalogHome,
  takeSnapshot,
  type SnapshotProgress,
  type SnapshotReason,
  type SnapshotScope,
  type SnapshotTaken,
} from '../../change/snapshot/index.js';

export interface SnapshotCatalogOptions {
  /** A folder, or `s3://bucket/prefix`. */
  store: string;
  /** Everything but statistics when not given. */
  scope?: SnapshotScope;
  /** `manual` when not given. */
  reason?: SnapshotReason;
  labels?: Readonly<Record<string, string>>;
  /** Of the program that takes it, kept in the manifest. */
  version: string;
  /** Another account's catalog; the caller's own when not given. */
  CatalogId?: string;
  signal?: AbortSignal;
  clock?: Clock;
  onProgress?: (progress: SnapshotProgress) => void;
}

/** @throws GluepotError `usage` for a bad location or glob, `conflict` while the store is pruned, `not-permitted` */
export async function snapshotCatalog(
  clients: Pick<AwsClients, 'glue' | 's3' | 'sts'>,
  options: SnapshotCatalogOptions,
): Promise<SnapshotTaken> {
  const {
    scope = {},
    reason = 'manual',
    labels = {},
    version,
    CatalogId,
    signal,
    clock,
    onProgress,
  } = options;
  const store = openDocumentStore(options.store, clients, { signal });
  const home = await findCatalogHome(clients, { signal, CatalogId });
  return takeSnapshot(
    { glue: clients.glue, CatalogId, signal },
    home,
    store,
    { scope, reason, labels, tool: { name: 'gluepot', version } },
    { ...(clock ? { clock } : {}), ...(onProgress ? { onProgress } : {}) },
  );
}

// Carries out the plan of a restore, between two snapshots: the one before is the way back, the one after knows what was done.
import type { AwsClients } from '../../aws/aws-clients.js';
import type { DocumentStore } from '../../change/document-store.js';
import { applyPlan, requireHome, type ApplyEvent, type ApplyReport, type Plan } from '../../change/index.js';
import { findCatalogHome, readSnapshot } from '../../change/snapshot/index.js';
import { snapshotCatalog } from './snapshot-catalog.js';

export interface ApplyRestoreOptions {
  /** Of the program, kept in the snapshots' manifests. */
  version: string;
  signal?: AbortSignal;
  onEvent?: (event: ApplyEvent) => void;
}

export interface RestoreReport extends ApplyReport {
  /** The snapshot of the catalog as it was: restoring it undoes the restore. */
  beforeId: string;
  afterId: string;
}

/**
 * The snapshot before is always taken, and the journal is kept beside it.
 * @throws GluepotError `conflict` when the catalog moved since it was planned, `partial-apply` when some was done
 */
export async function applyRestore(
  clients: Pick<AwsClients, 'glue' | 's3' | 'sts'>,
  store: DocumentStore,
  plan: Plan,
  { version, signal, onEvent }: ApplyRestoreOptions,
): Promise<RestoreReport> {
  requireHome(plan, await findCatalogHome(clients, { signal }));
  const { snapshot: restored = '' } = plan.subject.resolved;
  const { scope, CatalogId } = (await readSnapshot(store, restored)).manifest;
  const taken = {
    store: store.location,
    scope,
    labels: { restored, plan: plan.planId },
    version,
    ...(CatalogId === undefined ? {} : { CatalogId }),
    ...(signal ? { signal } : {}),
  };
  const before = await snapshotCatalog(clients, { ...taken, reason: 'pre-apply' });
  const access = { glue: clients.glue, CatalogId, signal };
  const snapshotId = () => before.manifest.id;
  const report = await applyPlan(access, plan, { journal: store, signal, onEvent, snapshotId });
  const after = await snapshotCatalog(clients, { ...taken, reason: 'post-apply' });
  return { ...report, beforeId: before.manifest.id, afterId: after.manifest.id };
}

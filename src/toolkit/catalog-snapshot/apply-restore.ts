// Carries out the plan of a restore, between two snapshots: the one before is the way back, the one after knows what was done.
import type { AwsClients } from '../../aws/aws-clients.js';
import type { DocumentStore } from '../../change/document-store.js';
import {
  applyPlan,
  PartialApplyError,
  requireHome,
  requirePlan,
  type ApplyPlanOptions,
  type ApplyReport,
  type Plan,
} from '../../change/index.js';
import { messageOf } from '../../base/errors.js';
import { findCatalogHome, readSnapshot } from '../../change/snapshot/index.js';
import { namingCrawls } from '../crawl-undo/crawls-meanwhile.js';
import { snapshotCatalog } from './snapshot-catalog.js';

export interface ApplyRestoreOptions extends Pick<
  ApplyPlanOptions,
  'onEvent' | 'onJournal' | 'clock' | 'waitMs' | 'onWait'
> {
  /** Of the program, kept in the snapshots' manifests. */
  version: string;
  signal?: AbortSignal;
}

export interface RestoreReport extends ApplyReport {
  /** The snapshot of the catalog as it was: restoring it undoes the restore. */
  beforeId: string;
  afterId: string;
}

/**
 * The snapshot before is always taken, and the journal is kept beside it.
 * @throws GluepotError `conflict` when the catalog moved since it was planned, `guard-refused` while another apply is at work on one
 *   of its databases, PartialApplyError when some was done, or all but the
 *   snapshot after it
 */
export async function applyRestore(
  clients: Pick<AwsClients, 'glue' | 's3' | 'sts'>,
  store: DocumentStore,
  plan: Plan,
  { version, signal, clock, ...watching }: ApplyRestoreOptions,
): Promise<RestoreReport> {
  requirePlan(plan);
  requireHome(plan, await findCatalogHome(clients, { signal, CatalogId: plan.CatalogId }));
  const taken = await snapshotOptions(store, plan, { version, signal, clock });
  const before = await snapshotCatalog(clients, { ...taken, reason: 'pre-apply' });
  const access = { glue: clients.glue, CatalogId: taken.CatalogId, signal };
  const snapshotId = () => before.manifest.id;
  const report = await namingCrawls({ ...access, clock }, plan, () =>
    applyPlan(access, plan, {
      ...{ journal: store, signal, clock, snapshotId },
      ...watching,
    }),
  );
  const { afterId } = await snapshotAfterRestore(clients, store, plan, report, { version, signal, clock });
  return { ...report, beforeId: before.manifest.id, afterId };
}

type SnapshotAsked = Pick<ApplyRestoreOptions, 'version' | 'signal' | 'clock'>;

/**
 * Of what a restore made of the catalog, its resume or its rollback: a later restore takes none of that for somebody else's.
 * @throws PartialApplyError when it could not be taken
 */
export async function snapshotAfterRestore(
  clients: Pick<AwsClients, 'glue' | 's3' | 'sts'>,
  store: DocumentStore,
  plan: Plan,
  report: ApplyReport,
  asked: SnapshotAsked,
): Promise<{ afterId: string }> {
  try {
    const taken = await snapshotOptions(store, plan, asked);
    const { manifest } = await snapshotCatalog(clients, { ...taken, reason: 'post-apply' });
    return { afterId: manifest.id };
  } catch (cause) {
    throw new PartialApplyError(
      `All ${report.applied} changes of journal ${report.journalId} were made, read back and verified, but the snapshot after ` +
        `them was not taken: ${messageOf(cause)} Until there is one, a restore takes them for somebody else's: take it with ` +
        'gluepot catalog snapshot create.',
      report,
      { cause },
    );
  }
}

async function snapshotOptions(
  store: DocumentStore,
  { subject: { resolved }, planId }: Plan,
  { version, signal, clock }: SnapshotAsked,
) {
  const { snapshot: restored = '' } = resolved;
  const { scope, CatalogId } = (await readSnapshot(store, restored)).manifest;
  return {
    store: store.location,
    scope,
    labels: { restored, plan: planId },
    version,
    ...(CatalogId === undefined ? {} : { CatalogId }),
    ...(signal ? { signal } : {}),
    ...(clock ? { clock } : {}),
  };
}

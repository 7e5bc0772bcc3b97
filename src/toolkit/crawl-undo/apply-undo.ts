// Carries out an undo or a redo: a snapshot first, always, then the plan with a journal beside it.
import type { AwsClients } from '../../aws/aws-clients.js';
import type { Clock } from '../../base/clock.js';
import {
  applyPlan,
  type ApplyOptions,
  type ApplyReport,
  type DocumentStore,
  type Plan,
} from '../../change/index.js';
import { snapshotCatalog } from '../catalog-snapshot/index.js';

export interface ApplyUndoOptions extends Pick<ApplyOptions, 'onEvent' | 'concurrency' | 'onConflict'> {
  /** Of the program, kept in the snapshot. */
  version: string;
  /** Column statistics in the snapshot: a call a table; `tables` when not given. */
  statistics?: 'none' | 'tables' | undefined;
  signal: AbortSignal;
  clock?: Clock;
}

export interface UndoReport extends ApplyReport {
  /** The catalog right before. */
  snapshotId: string;
}

/** @throws GluepotError `conflict` when the catalog has moved since the plan was made; PartialApplyError */
export async function applyUndo(
  clients: Pick<AwsClients, 'glue' | 's3' | 'sts'>,
  store: DocumentStore,
  plan: Plan,
  { version, statistics = 'tables', signal, clock, ...options }: ApplyUndoOptions,
): Promise<UndoReport> {
  const databases = [...new Set(plan.changes.map(({ key }) => key.DatabaseName))];
  const { manifest } = await snapshotCatalog(clients, {
    store: store.location,
    scope: { databases, statistics },
    reason: 'pre-apply',
    labels: { planId: plan.planId },
    version,
    signal,
    ...(clock ? { clock } : {}),
  });
  const report = await applyPlan({ glue: clients.glue }, plan, {
    ...options,
    signal,
    journal: store,
    ...(clock ? { clock } : {}),
  });
  return { ...report, snapshotId: manifest.id };
}
